//! What a witness signs: that the log of a checkpoint has only grown since it saw it last, and when it saw that
//! (C2SP tlog-cosignature, version 1, <https://c2sp.org/tlog-cosignature>).
//!
//! The signature line is that of a note; its id is made with the byte 4, and before the Ed25519 signature stands
//! the time in eight bytes. What is signed is:
//!
//! ```text
//! cosignature/v1
//! time <seconds since 1970>
//! <the text of the checkpoint>
//! ```

use crate::note::{BadKey, Signer, Verifier, line, read_key, read_line, write_key};
use ed25519_dalek::Signature;
use std::{fmt, str::FromStr};

/// Timestamped Ed25519, in the table of the signed note.
const ALGORITHM: u8 = 4;

/// The public key of a witness, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey(Verifier);

/// A witness's key that signs.
pub struct Cosigner(Signer);

impl Cosigner {
    /// The key must sign nothing else.
    pub fn new(signer: Signer) -> Self {
        Self(signer)
    }

    pub fn key(&self) -> WitnessKey {
        WitnessKey(self.0.verifier())
    }

    /// The cosignature line of a checkpoint's text, without a newline. The time is in seconds since 1970.
    pub fn sign(&self, text: &str, time: u64) -> String {
        let signature = self.0.signature(&message(text, time));
        let key = self.key();
        line(key.name(), key.0.id_with(ALGORITHM), &[&time.to_be_bytes()[..], &signature.to_bytes()].concat())
    }
}

impl WitnessKey {
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// When the witness signed this text, if the line is its cosignature of it.
    pub fn cosigned(&self, text: &str, line: &str) -> Option<u64> {
        let bytes = read_line(line, self.name(), self.0.id_with(ALGORITHM))?;
        let (time, signature) = bytes.split_first_chunk::<8>()?;
        let (time, signature) = (u64::from_be_bytes(*time), Signature::from_slice(signature).ok()?);
        self.0.signed(&message(text, time), &signature).then_some(time)
    }
}

fn message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, &self.0, ALGORITHM)
    }
}

impl FromStr for WitnessKey {
    type Err = BadKey;

    /// Some witnesses write their key as that of a plain note; the bytes are the same.
    fn from_str(text: &str) -> Result<Self, BadKey> {
        read_key(text, ALGORITHM).or_else(|_| text.parse()).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "dagsorden/abababababababab\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n";

    fn witness() -> Cosigner {
        Cosigner::new(Signer::new("vidne.example.dk", &[5; 32]).unwrap())
    }

    #[test]
    fn a_cosignature_says_who_and_when_and_is_of_one_text() {
        let (witness, other) = (witness(), Cosigner::new(Signer::new("vidne.example.dk", &[6; 32]).unwrap()));
        let line = witness.sign(TEXT, 1_750_000_000);
        assert_eq!(witness.key().cosigned(TEXT, &line), Some(1_750_000_000));
        assert_eq!(witness.key().cosigned(&TEXT.replace('7', "8"), &line), None);
        assert_eq!(other.key().cosigned(TEXT, &line), None);
        assert_eq!(witness.key().cosigned(TEXT, &witness.0.sign(TEXT)), None, "a note's signature is none");
        assert!(!witness.0.verifier().verifies(TEXT, &line), "and the other way round");
    }

    #[test]
    fn a_key_is_read_as_it_is_written_and_as_a_notes_too() {
        let key = witness().key();
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        assert_eq!(witness().0.verifier().to_string().parse(), Ok(key.clone()));
        assert_ne!(key.to_string(), witness().0.verifier().to_string());
        assert!(key.to_string().parse::<Verifier>().is_err(), "a witness's key signs no log");
        assert!(key.to_string().replace("vidne", "vidner").parse::<WitnessKey>().is_err());
    }
}
