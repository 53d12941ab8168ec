//! Signatures that an outsider can check with a tool that is not ours: Ed25519 in the C2SP
//! signed-note format (<https://c2sp.org/signed-note>).
//!
//! ```text
//! text, ending with a newline
//!
//! — name base64(key id, 4 bytes ‖ signature, 64 bytes)
//! ```
//!
//! A key is written `name+id+base64(1 ‖ public key)`; its id is the first four bytes of
//! SHA-256(name ‖ "\n" ‖ 1 ‖ public key), in hexadecimal.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// Ed25519, in the table of the format.
const ALGORITHM: u8 = 1;
/// Before the name on a signature line: U+2014 and a space.
const MARK: &str = "\u{2014} ";
/// Longest name of a key, in bytes.
const MAX_NAME: usize = 100;

/// A public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

/// A key that signs.
pub struct Signer {
    name: String,
    key: SigningKey,
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("a key's name has 1 to {MAX_NAME} bytes, without spaces and without +")]
    Name,
    #[error("a key is written name+id+key, as `dagsorden keys` prints it")]
    Form,
    #[error("the key's id is not that of its name and bytes")]
    Id,
}

impl Signer {
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, BadKey> {
        Ok(Self { name: named(name)?, key: SigningKey::from_bytes(seed) })
    }

    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The signature line of a note of this text, without a newline.
    pub fn sign(&self, text: &str) -> String {
        line(&self.name, self.verifier().id(), &self.signature(text).to_bytes())
    }

    pub(crate) fn signature(&self, text: &str) -> Signature {
        self.key.sign(text.as_bytes())
    }
}

impl Verifier {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Four bytes that tell keys of one name apart.
    pub fn id(&self) -> [u8; 4] {
        self.id_with(ALGORITHM)
    }

    /// The same key in another use has another id.
    pub(crate) fn id_with(&self, algorithm: u8) -> [u8; 4] {
        let start = [self.name.as_bytes(), &[b'\n', algorithm], self.key.as_bytes()].concat();
        let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(start).into();
        [a, b, c, d]
    }

    /// Whether this key made the signature line of a note of this text.
    pub fn verifies(&self, text: &str, line: &str) -> bool {
        let signature = read_line(line, &self.name, self.id());
        let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| self.signed(text, &signature))
    }

    pub(crate) fn signed(&self, text: &str, signature: &Signature) -> bool {
        self.key.verify_strict(text.as_bytes(), signature).is_ok()
    }
}

/// The signature line of a key, without a newline.
pub(crate) fn line(name: &str, id: [u8; 4], signature: &[u8]) -> String {
    format!("{MARK}{name} {}", BASE64.encode([&id, signature].concat()))
}

/// What stands behind the id on a line of the key with this name and id.
pub(crate) fn read_line(line: &str, of: &str, with: [u8; 4]) -> Option<Vec<u8>> {
    let (name, encoded) = line.strip_prefix(MARK)?.split_once(' ')?;
    let bytes = BASE64.decode(encoded).ok()?;
    let (id, signature) = bytes.split_at_checked(4)?;
    (name == of && id == with).then(|| signature.to_vec())
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, self, ALGORITHM)
    }
}

/// Writes a key for a use.
pub(crate) fn write_key(f: &mut fmt::Formatter<'_>, key: &Verifier, algorithm: u8) -> fmt::Result {
    let id = u32::from_be_bytes(key.id_with(algorithm));
    let bytes = BASE64.encode([&[algorithm][..], key.key.as_bytes()].concat());
    write!(f, "{}+{id:08x}+{bytes}", key.name)
}

impl FromStr for Verifier {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        read_key(text, ALGORITHM)
    }
}

/// Reads a key that was written for a use.
pub(crate) fn read_key(text: &str, algorithm: u8) -> Result<Verifier, BadKey> {
    let mut parts = text.trim().splitn(3, '+');
    let mut next = || parts.next().ok_or(BadKey::Form);
    let (name, id, encoded) = (named(next()?)?, next()?, next()?);
    let bytes = BASE64.decode(encoded).map_err(|_| BadKey::Form)?;
    let (used, key) = bytes.split_first().ok_or(BadKey::Form)?;
    let key = <&[u8; 32]>::try_from(key).ok().filter(|_| *used == algorithm).ok_or(BadKey::Form)?;
    let verifier = Verifier { name, key: VerifyingKey::from_bytes(key).map_err(|_| BadKey::Form)? };
    let known = u32::from_str_radix(id, 16).is_ok_and(|id| id.to_be_bytes() == verifier.id_with(algorithm));
    if known { Ok(verifier) } else { Err(BadKey::Id) }
}

fn named(name: &str) -> Result<String, BadKey> {
    let fit = (1..=MAX_NAME).contains(&name.len()) && !name.contains(|c: char| c.is_whitespace() || c == '+');
    if fit { Ok(name.to_owned()) } else { Err(BadKey::Name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by the format's reference implementation, golang.org/x/mod/sumdb/note.
    const KNOWN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const KNOWN_TEXT: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n";
    const KNOWN_LINE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

    #[test]
    fn a_note_of_another_program_is_verified() {
        let key: Verifier = KNOWN_KEY.parse().unwrap();
        assert_eq!(key.to_string(), KNOWN_KEY);
        assert!(key.verifies(KNOWN_TEXT, KNOWN_LINE));
        assert!(!key.verifies(&KNOWN_TEXT.replace("don't", "do"), KNOWN_LINE));
    }

    #[test]
    fn only_the_same_text_name_and_key_verify() {
        let signer = Signer::new("dagsorden", &[7; 32]).unwrap();
        let line = signer.sign("tekst\n");
        assert!(signer.verifier().verifies("tekst\n", &line));
        assert!(!signer.verifier().verifies("tekst", &line));
        for other in [Signer::new("dagsorden", &[8; 32]), Signer::new("andre", &[7; 32])] {
            assert!(!other.unwrap().verifier().verifies("tekst\n", &line));
        }
        for cut in (0..line.len()).filter(|at| line.is_char_boundary(*at)) {
            assert!(!signer.verifier().verifies("tekst\n", &line[..cut]), "cut at {cut}");
        }
    }

    #[test]
    fn a_text_that_is_no_key_is_told_why() {
        let good = Signer::new("dagsorden", &[7; 32]).unwrap().verifier().to_string();
        assert_eq!(good.parse::<Verifier>().unwrap().to_string(), good);
        assert_eq!("".parse::<Verifier>(), Err(BadKey::Name));
        assert_eq!("dagsorden".parse::<Verifier>(), Err(BadKey::Form));
        assert_eq!(good.replace("dagsorden", "dagsordet").parse::<Verifier>(), Err(BadKey::Id));
        assert_eq!(good[..good.len() - 4].parse::<Verifier>(), Err(BadKey::Form));
        assert!(Signer::new("to ord", &[7; 32]).is_err() && Signer::new("a+b", &[7; 32]).is_err());
    }
}
