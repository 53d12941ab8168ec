//! The test vectors of `docs/verification.md`: a small log, its checkpoint and a receipt, made here byte for
//! byte from the definitions, and what the verifier says of them and of their altered copies.

#![allow(clippy::unwrap_used, reason = "a test")]

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use minicbor::Encoder;
use proof::{
    chain,
    checkpoint::{Checkpoint, origin},
    cosignature::{Cosigner, WitnessKey},
    envelope::{Envelope, StoredEvent},
    hash::Hash,
    log::{self, Writer},
    note::Signer,
    receipt::{ProvenCommit, Receipt},
    tree::Tree,
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use verifier::{Case, Standing, Words, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/vectors")
}

const CONTENT: [u8; 32] = [0xc0; 32];

fn signer() -> Signer {
    Signer::new("eksempel", &[7; 32]).unwrap()
}

/// A witness, which saw the later checkpoint at this time, in seconds since 1970.
fn witness() -> (Cosigner, u64) {
    (Cosigner::new(Signer::new("vidne", &[8; 32]).unwrap()), 1_750_000_600)
}

/// A CBOR map of texts, numbers and bytes.
fn body(fields: &[(&str, Field<'_>)]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    out.map(fields.len() as u64).unwrap();
    for (name, value) in fields {
        out.str(name).unwrap();
        match value {
            Field::Text(text) => out.str(text).unwrap(),
            Field::Number(number) => out.u64(*number).unwrap(),
            Field::Bytes(bytes) => out.bytes(bytes).unwrap(),
        };
    }
    out.into_writer()
}

enum Field<'a> {
    Text(&'a str),
    Number(u64),
    Bytes(&'a [u8]),
}

/// The log as it grows.
#[derive(Default)]
struct Growing {
    tree: Tree,
    commits: Vec<Vec<u8>>,
    last: std::collections::HashMap<[u8; 17], (u64, Hash)>,
}

impl Growing {
    fn add(&mut self, kind: u8, event: &str, body: &[u8]) {
        self.add_sealed(kind, event, body, None);
    }

    fn add_sealed(&mut self, kind: u8, event: &str, body: &[u8], sealed: Option<&[u8]>) {
        let stream = if kind == b'S' {
            let mut stream = [0; 17];
            stream[0] = kind;
            stream
        } else {
            [kind; 17]
        };
        let (sequence, previous) = self.last.get(&stream).copied().unwrap_or((0, chain::ORIGIN));
        let envelope = Envelope {
            previous,
            stream,
            sequence: sequence + 1,
            at: 1_750_143_600_000 + self.commits.len() as i64 * 1_000,
            by: if kind == b'S' { "dagsorden" } else { "søren" },
            session: [1; 16],
            command: [self.commits.len() as u8; 16],
            events: vec![StoredEvent { kind: event, version: 1, body, sealed }],
        };
        let bytes = envelope.encode().unwrap();
        let leaf = chain::leaf(&bytes);
        self.last.insert(stream, (sequence + 1, leaf));
        self.tree.push(leaf);
        self.commits.push(bytes);
    }

    fn checkpoint(&self) -> String {
        let (first, size) = (self.tree.commit(1).unwrap(), self.tree.size());
        Checkpoint { origin: origin(first), size, root: self.tree.root(size).unwrap() }.sign(&signer())
    }
}

/// Name and content of every file.
fn vectors() -> Vec<(&'static str, String)> {
    let key = signer().verifier().to_string();
    let mut grown = Growing::default();
    grown.add(b'M', "ItemWithdrawn", &body(&[("reason", Field::Text("Sagen er ikke oplyst"))]));
    let frozen = [
        ("round", Field::Number(1)),
        ("content_hash", Field::Bytes(&CONTENT)),
        ("reason", Field::Text("Dagsordenen udsendes")),
    ];
    grown.add(b'M', "AgendaFrozen", &body(&frozen));
    let published = [
        ("edition", Field::Number(1)),
        ("round", Field::Number(1)),
        ("content_hash", Field::Bytes(&CONTENT)),
    ];
    grown.add(b'M', "AgendaPublished", &body(&published));
    let file = "Fyret på molen tændes den 1. oktober.\n";
    let manifest = format!(
        "{{\"content_hash\":\"{}\",\"date\":\"2026-06-17\",\"edition\":1,\"files\":[{{\"path\":\"dagsorden.md\",\
         \"sha256\":\"{}\"}}],\"forum\":\"Chefforum\",\"meeting\":\"4d4d4d4d-4d4d-4d4d-4d4d-4d4d4d4d4d4d\"}}",
        Hash(CONTENT),
        sha256(file.as_bytes())
    );
    let signature = signer().sign(&format!("{manifest}\n"));
    let sealed = [
        ("meeting", Field::Bytes(&[b'M'; 16])),
        ("edition", Field::Number(1)),
        ("manifest", Field::Text(&manifest)),
        ("signature", Field::Text(&signature)),
        ("key", Field::Text(&key)),
    ];
    grown.add(b'S', "EditionSealed", &body(&sealed));
    let note = grown.checkpoint();
    let receipt = |tree: &Tree| {
        let commit = |at: u64| ProvenCommit::new(tree, 4, at, Some(&grown.commits[at as usize - 1])).unwrap();
        let hidden = ProvenCommit::new(tree, 4, 2, None).unwrap();
        Receipt::new(vec![hidden, commit(3), commit(4)], note.clone(), key.clone())
    };
    let receipt = serde_json::to_string_pretty(&receipt(&grown.tree)).unwrap() + "\n";
    grown.add(b'S', "CheckpointSigned", &body(&[("note", Field::Text(&note)), ("key", Field::Text(&key))]));
    grown.add(b'M', "ItemWithdrawn", &body(&[("reason", Field::Text("Trukket"))]));
    let later = grown.checkpoint();
    let ((cosigner, seen), text) = (witness(), later.split_once("\n\n").unwrap().0);
    let witnessed = format!("{later}{}\n", cosigner.sign(&format!("{text}\n"), seen));
    let mut writer = Writer::default();
    let lines: Vec<String> = grown.commits.iter().map(|bytes| writer.line(bytes)).collect();
    let log = format!("{}\n{}\n", log::header(), lines.join("\n"));
    let mut other = lines[1].clone();
    let at = other.find("\"commit\":\"").unwrap() + 60;
    other.replace_range(at..=at, if &other[at..=at] == "A" { "B" } else { "A" });
    vec![
        ("log-erased.jsonl", erased()),
        ("log.jsonl", log.clone()),
        ("log-changed.jsonl", log.replace(&lines[1], &other)),
        ("log-cut.jsonl", format!("{}\n{}\n", log::header(), lines[..4].join("\n"))),
        ("checkpoint-4.txt", note),
        ("checkpoint-6.txt", later),
        ("checkpoint-6-witnessed.txt", witnessed),
        ("witness.txt", cosigner.key().to_string() + "\n"),
        ("receipt.json", receipt),
        ("dagsorden.md", file.to_owned()),
        ("key.txt", key + "\n"),
    ]
}

/// A log in which words were written and erased: nobody has the key any more.
fn erased() -> String {
    let mut grown = Growing::default();
    let item = ("item", Field::Bytes(&[2; 16]));
    grown.add_sealed(b'M', "ItemWithdrawn", &body(&[item]), Some(&[9; 40]));
    let reason = ("reason", Field::Text("Personen har bedt om det"));
    grown.add(b'M', "ItemErased", &body(&[("item", Field::Bytes(&[2; 16])), reason]));
    let mut writer = Writer::default();
    let lines: Vec<String> = grown.commits.iter().map(|bytes| writer.line(bytes)).collect();
    format!("{}\n{}\n", log::header(), lines.join("\n"))
}

fn sha256(bytes: &[u8]) -> Hash {
    use sha2::Digest;
    Hash(sha2::Sha256::digest(bytes).into())
}

/// With `UPDATE_VECTORS` set it writes them instead; then look at what changed, and say why.
#[test]
fn the_vectors_are_what_the_definitions_make() {
    for (name, content) in vectors() {
        let path = folder().join(name);
        if std::env::var_os("UPDATE_VECTORS").is_some() {
            fs::write(&path, &content).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), content, "{}", path.display());
    }
}

fn judged(names: &[&str]) -> (Standing, String) {
    judged_with(&[], names)
}

fn judged_with(witnesses: &[WitnessKey], names: &[&str]) -> (Standing, String) {
    let key: proof::note::Verifier = fs::read_to_string(folder().join("key.txt")).unwrap().parse().unwrap();
    let mut case = Case::new(vec![key.clone()], Words { danish: false }).witnessed_by(witnesses.to_vec());
    for name in names {
        case.add((*name).to_owned(), read(&folder().join(name), std::slice::from_ref(&key)).unwrap());
    }
    let lines = case.judge(None);
    let said: Vec<String> = lines.iter().map(|line| format!("{}: {}", line.name, line.text)).collect();
    (lines.iter().map(|line| line.standing).max().unwrap(), said.join("\n"))
}

#[test]
fn the_verifier_says_of_them_what_the_page_says() {
    let all = ["log.jsonl", "checkpoint-4.txt", "checkpoint-6.txt", "receipt.json", "dagsorden.md"];
    let (standing, said) = judged(&all);
    assert_eq!(standing, Standing::Holds, "{said}");
    assert!(
        said.contains(
            "unchanged: dagsorden.md of edition 1, Chefforum 2026-06-17, signed for at position 4."
        )
    );
    let (standing, said) = judged(&["log-changed.jsonl"]);
    assert!(
        standing == Standing::Fails && said.contains("Position 2: the bytes are not those of its hash"),
        "{said}"
    );
    let (standing, said) = judged(&["log-erased.jsonl"]);
    let told = "position 2: the words of item 02020202020202020202020202020202 were erased on 2025-06-17 07:00:01 UTC \
                by søren because: Personen har bedt om det";
    assert!(standing == Standing::Holds && said.contains(told), "{said}");
    assert_eq!(judged(&["log-cut.jsonl", "checkpoint-4.txt"]).0, Standing::Holds);
    let (standing, said) = judged(&["log-cut.jsonl", "checkpoint-6.txt"]);
    assert!(standing == Standing::Fails && said.contains("lost its end: positions 5 to 6"), "{said}");
    assert_eq!(judged(&["receipt.json", "dagsorden.md"]).0, Standing::Holds);
    assert_eq!(judged(&["dagsorden.md"]).0, Standing::Fails);
}

#[test]
fn a_witness_is_asked_for_by_its_key() {
    let key: WitnessKey = fs::read_to_string(folder().join("witness.txt")).unwrap().trim().parse().unwrap();
    let (standing, said) =
        judged_with(std::slice::from_ref(&key), &["log.jsonl", "checkpoint-6-witnessed.txt"]);
    let told = "witnessed by vidne on 2025-06-15 15:16:40 UTC";
    assert!(standing == Standing::Holds && said.contains(told), "{said}");
    assert_eq!(judged_with(&[key], &["checkpoint-6.txt"]).0, Standing::Open);
}

/// The page shows some of the bytes in print.
#[test]
fn the_page_prints_what_the_files_hold() {
    let page = fs::read_to_string(folder().join("../verification.md")).unwrap();
    let log = fs::read_to_string(folder().join("log.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(log.lines().nth(1).unwrap()).unwrap();
    let commit = BASE64.decode(line["commit"].as_str().unwrap()).unwrap();
    let hex: String = commit.iter().map(|byte| format!("{byte:02x}")).collect();
    let checkpoint = fs::read_to_string(folder().join("checkpoint-4.txt")).unwrap();
    let witnessed = fs::read_to_string(folder().join("checkpoint-6-witnessed.txt")).unwrap();
    let cosignature = witnessed.lines().last().unwrap();
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let (hash, chain) = (line["hash"].as_str().unwrap(), line["chain"].as_str().unwrap());
    for printed in [&hex, hash, chain, &checkpoint, cosignature] {
        assert!(bare(&page).contains(&bare(printed)), "the page should print {printed}");
    }
}
