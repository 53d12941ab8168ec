//! The bytes of a change that types one character, written directly: making a load of many
//! thousand changes a second with an Automerge document would measure the generator.

use agenda::id::Hash;
use sha2::{Digest, Sha256};

/// The number of an operation and the actor that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub counter: u64,
    pub actor: Vec<u8>,
}

/// One typed character.
pub(crate) struct Keystroke<'a> {
    pub actor: &'a [u8],
    pub seq: u64,
    /// The number of its one operation.
    pub number: u64,
    /// Ascending.
    pub deps: &'a [Hash],
    pub time: i64,
    /// The text, made by another actor.
    pub text: &'a Place,
    /// The own character before it; `None` at the start of the text.
    pub after: Option<u64>,
    pub character: char,
}

impl Keystroke<'_> {
    /// The whole chunk and its hash.
    pub fn encode(&self) -> (Vec<u8>, Hash) {
        let mut hashed = vec![1];
        let body = self.body();
        uleb(&mut hashed, body.len() as u64);
        hashed.extend(body);
        let hash: [u8; 32] = Sha256::digest(&hashed).into();
        let chunk = [&[0x85, 0x6f, 0x4a, 0x83], &hash[..4], &hashed].concat();
        (chunk, Hash(hash))
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(160);
        uleb(&mut out, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| out.extend(dep.0));
        prefixed(&mut out, self.actor);
        uleb(&mut out, self.seq);
        uleb(&mut out, self.number);
        leb(&mut out, self.time);
        out.push(0);
        out.push(1);
        prefixed(&mut out, &self.text.actor);
        let columns = self.columns();
        uleb(&mut out, columns.len() as u64);
        for (specification, bytes) in &columns {
            uleb(&mut out, *specification);
            uleb(&mut out, bytes.len() as u64);
        }
        columns.iter().for_each(|(_, bytes)| out.extend(bytes));
        out
    }

    /// The columns of one row; each is a literal run of one value.
    fn columns(&self) -> Vec<(u64, Vec<u8>)> {
        let mut utf8 = [0; 4];
        let character = self.character.encode_utf8(&mut utf8).as_bytes();
        let mut columns = vec![(0x01, one(1)), (0x02, one(self.text.counter))];
        if self.after.is_some() {
            columns.push((0x11, one(0)));
        }
        let mut key = vec![0x7f];
        leb(&mut key, self.after.unwrap_or(0) as i64);
        columns.extend([
            (0x13, key),
            (0x34, vec![0, 1]),
            (0x42, one(1)),
            (0x56, one((character.len() as u64) << 4 | 6)),
            (0x57, character.to_vec()),
            (0x70, one(0)),
        ]);
        columns
    }
}

fn one(value: u64) -> Vec<u8> {
    let mut out = vec![0x7f];
    uleb(&mut out, value);
    out
}

fn prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    uleb(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn uleb(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn leb(out: &mut Vec<u8>, mut value: i64) {
    while !(-0x40..0x40).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}

/// What the header of a change says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub deps: Vec<Hash>,
    pub actor: &'a [u8],
    pub seq: u64,
    pub start_op: u64,
    pub time: i64,
}

impl<'a> Header<'a> {
    /// Reads the body of a change; `None` if it ends too early.
    pub fn read(mut body: &'a [u8]) -> Option<Self> {
        let count = read_uleb(&mut body)?;
        let deps = (0..count).map(|_| Some(Hash(take(&mut body, 32)?.try_into().ok()?)));
        let deps = deps.collect::<Option<_>>()?;
        let length = read_uleb(&mut body)?;
        let actor = take(&mut body, length)?;
        let (seq, start_op) = (read_uleb(&mut body)?, read_uleb(&mut body)?);
        Some(Self { deps, actor, seq, start_op, time: read_leb(&mut body)? })
    }
}

fn take<'a>(from: &mut &'a [u8], count: u64) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(usize::try_from(count).ok()?)?;
    *from = rest;
    Some(taken)
}

fn read_uleb(from: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = take(from, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn read_leb(from: &mut &[u8]) -> Option<i64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = take(from, 1)?[0];
        value |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let sign = 64 - (shift + 7);
            return Some((value << sign) >> sign);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;
    use automerge::transaction::{CommitOptions, Transactable as _};
    use automerge::{ActorId, AutoCommit, ObjType, ROOT};

    #[test]
    fn a_keystroke_has_the_bytes_that_automerge_writes() {
        let mut doc = AutoCommit::new().with_actor(ActorId::from(&b"server"[..]));
        let text = doc.put_object(ROOT, "t", ObjType::Text).unwrap();
        doc.commit();
        doc.set_actor(ActorId::from(&b"typist"[..]));
        let place = Place { counter: 1, actor: b"server".to_vec() };
        let mut after = None;
        for (i, character) in "ab€".repeat(60).chars().enumerate() {
            let deps: Vec<Hash> = doc.get_heads().iter().map(|h| Hash(h.0)).collect();
            doc.splice_text(&text, i, 0, &character.to_string()).unwrap();
            let time = [0, -5, 1_781_000_000_000][i % 3];
            let hash = doc.commit_with(CommitOptions::default().with_time(time)).unwrap();
            let theirs = doc.get_change_by_hash(&hash).unwrap();
            let (seq, number) = (i as u64 + 1, i as u64 + 2);
            let stroke = Keystroke {
                actor: b"typist",
                seq,
                number,
                deps: &deps,
                time,
                text: &place,
                after,
                character,
            };
            let (ours, own_hash) = stroke.encode();
            assert_eq!((ours.as_slice(), own_hash.0), (theirs.raw_bytes(), theirs.hash().0), "{i}");
            let chunk = agenda::sync::chunk::split(&ours).unwrap()[0];
            let header = Header::read(chunk.body).unwrap();
            assert_eq!(header, Header { deps, actor: b"typist", seq, start_op: number, time });
            after = Some(number);
        }
    }
}
