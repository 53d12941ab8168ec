//! Cloudflare's implementation of the C2SP formats (crates `tlog_tiles` and `signed_note`, ports of Go's
//! sumdb) against the running service: it verifies the checkpoint, inclusion and consistency, from tiles
//! that it fetches itself.

#![allow(clippy::unwrap_used, reason = "a test")]

use outsider::Town;
use serde_json::Value;
use signed_note::{Note, StandardVerifier, VerifierList};
use std::sync::Mutex;
use tlog_tiles::{
    Checkpoint, Error, Hash, HashReader, Tile, TileHashReader, TileReader, check_record, check_tree,
    prove_record, prove_tree, record_hash, stored_hash_index,
};
use tokio::runtime::Handle;

/// Fetches tiles over HTTP; may change a byte of one on the way.
struct Fetch<'a> {
    town: &'a Town,
    fetched: Mutex<Vec<String>>,
    spoilt: Option<usize>,
}

impl<'a> Fetch<'a> {
    fn new(town: &'a Town) -> Self {
        Self { town, fetched: Mutex::default(), spoilt: None }
    }

    fn get(&self, path: &str) -> Vec<u8> {
        tokio::task::block_in_place(|| Handle::current().block_on(self.town.session.bytes(path)).unwrap())
    }
}

impl TileReader for Fetch<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let one = |tile: &Tile| {
            // tlog-tiles leaves the height out, which is always 8.
            let path = tile.path().replace("tile/8/", "/log/tile/");
            let mut bytes = self.get(&path);
            let mut fetched = self.fetched.lock().unwrap();
            if self.spoilt == Some(fetched.len()) {
                bytes[5] ^= 1;
            }
            fetched.push(path);
            bytes
        };
        Ok(tiles.iter().map(one).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

/// The checkpoint, if the key signed it.
fn opened(note: &str, key: &str) -> Result<(u64, Hash), String> {
    let known = VerifierList::new(vec![Box::new(StandardVerifier::new(key).unwrap())]);
    let note = Note::from_bytes(note.as_bytes()).map_err(|error| error.to_string())?;
    note.verify(&known).map_err(|error| error.to_string())?;
    let checkpoint = Checkpoint::from_bytes(note.text()).map_err(|error| error.to_string())?;
    Ok((checkpoint.size(), *checkpoint.hash()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anothers_library_verifies_checkpoint_inclusion_and_consistency() {
    let mut town = Town::start().await.unwrap();
    town.work(40).await.unwrap();
    town.freeze().await.unwrap();
    let (early, old) = town.checkpoint_after(40).await.unwrap();
    town.command(serde_json::json!({ "type": "thaw", "reason": "Stedet er ændret" })).await.unwrap();
    town.work(500).await.unwrap();
    town.freeze().await.unwrap();
    let (late, new) = town.checkpoint_after(old + 500).await.unwrap();
    town.publish().await.unwrap();
    let key = town.key().await.unwrap();

    let (old_size, old_root) = opened(&early, &key).unwrap();
    let (size, root) = opened(&late, &key).unwrap();
    assert_eq!((old_size, size), (old, new));
    assert!(opened(&late.replace(&format!("\n{size}\n"), &format!("\n{}\n", size - 1)), &key).is_err());

    let fetch = Fetch::new(&town);
    let tiles = TileHashReader::new(size, root, &fetch);
    // Consistency: the log of the late checkpoint begins with that of the early one.
    let proof = prove_tree(size, old_size, &tiles).unwrap();
    check_tree(&proof, size, root, old_size, old_root).unwrap();
    assert!(check_tree(&proof, size, root, old_size, root).is_err());
    // Inclusion: every entry is in it, at its place.
    for n in [0, 1, 255, 256, size / 2, size - 1] {
        let bundle = if n / 256 < size / 256 { String::new() } else { format!(".p/{}", size % 256) };
        let entries = fetch.get(&format!("/log/tile/entries/{:03}{bundle}", n / 256));
        let entry = &entries[34 * (n as usize % 256)..][..34];
        assert_eq!(entry[..2], [0, 32]);
        let leaf = record_hash(&entry[2..]);
        assert_eq!(tiles.read_hashes(&[stored_hash_index(0, n)]).unwrap(), [leaf]);
        let proof = prove_record(size, n, &tiles).unwrap();
        check_record(&proof, size, root, n, leaf).unwrap();
        assert!(check_record(&proof, size, root, (n + 1) % size, leaf).is_err());
    }
    assert!(fetch.fetched.lock().unwrap().iter().any(|path| path.starts_with("/log/tile/1/")));

    // A receipt's own proofs, by the same library.
    let receipt: Value = serde_json::from_slice(&town.receipt().await.unwrap()).unwrap();
    let (size, root) = opened(receipt["checkpoint"].as_str().unwrap(), &key).unwrap();
    let hash = |value: &Value| {
        let hex = value.as_str().unwrap().as_bytes();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        Hash(hex.chunks(2).map(byte).collect::<Vec<_>>().try_into().unwrap())
    };
    for commit in receipt["commits"].as_array().unwrap() {
        let proof: Vec<Hash> = commit["inclusion"].as_array().unwrap().iter().map(hash).collect();
        let leaf = record_hash(&hash(&commit["hash"]).0);
        check_record(&proof, size, root, commit["position"].as_u64().unwrap() - 1, leaf).unwrap();
    }

    // And it would have noticed: one bit of any tile that it fetched.
    let (size, root) = opened(&late, &key).unwrap();
    let leaf = record_hash(&fetch.get("/log/tile/entries/000")[34 * 255 + 2..34 * 256]);
    let checked = |fetch: &Fetch<'_>| {
        let tiles = TileHashReader::new(size, root, fetch);
        let proof = prove_tree(size, old_size, &tiles)?;
        check_tree(&proof, size, root, old_size, old_root)?;
        check_record(&prove_record(size, 255, &tiles)?, size, root, 255, leaf)
    };
    let sound = Fetch::new(&town);
    checked(&sound).unwrap();
    for spoilt in 0..sound.fetched.lock().unwrap().len() {
        assert!(checked(&Fetch { spoilt: Some(spoilt), ..Fetch::new(&town) }).is_err(), "tile {spoilt}");
    }
}
