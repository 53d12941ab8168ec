//! What an operator may set. Few settings, each checked when the program starts.

use crate::{
    files::{FileSettings, S3Settings},
    witnesses::WitnessSettings,
};
use std::{net::SocketAddr, path::PathBuf};

/// Sizes and rates; the defaults hold for a municipality on one machine.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one HTTP request body.
    pub body_bytes: usize,
    /// HTTP requests per second and caller, and how many may come at once.
    pub requests_per_second: u32,
    pub request_burst: u32,
    /// Open sockets in all.
    pub sockets: usize,
    /// Frames per second and socket, and how many may come at once.
    pub frames_per_second: u32,
    pub frame_burst: u32,
    /// What one person may look up in an hour, and how many lines of the access log that makes: with
    /// 10,000 under 10 MB.
    pub lookups_per_hour: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            requests_per_second: 50,
            request_burst: 300,
            sockets: 10_000,
            frames_per_second: 200,
            frame_burst: 1_000,
            lookups_per_hour: 10_000,
        }
    }
}

/// How bearer tokens are checked. The algorithm is pinned here, never taken from the token.
#[derive(Debug, Clone)]
pub struct TokenConfig {
    pub algorithm: TokenAlgorithm,
    pub keys: KeySource,
    pub issuer: String,
    pub audience: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAlgorithm {
    EdDsa,
    Rs256,
}

#[derive(Debug, Clone)]
pub enum KeySource {
    /// A PEM file with one public key.
    Pem(PathBuf),
    /// A JWKS file; the key is chosen by the token's `kid`.
    Jwks(PathBuf),
}

#[derive(Debug, Clone)]
pub struct Config {
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// Sign-in by choosing a person from a list; refused off loopback.
    pub demo: bool,
    /// `None`: nobody signs in but the demonstration's people.
    pub tokens: Option<TokenConfig>,
    /// Where browsers find the service ("https://dagsorden.example.dk"); `None`: the `Host`
    /// of each request, over plain HTTP.
    pub public_origin: Option<String>,
    /// The files of attachments.
    pub files: FileSettings,
    /// A folder that gets a second copy of the record; `None`: none does.
    pub mirror: Option<PathBuf>,
    /// A bucket that gets the same; `None`: none does.
    pub mirror_bucket: Option<S3Settings>,
    /// Who is asked to cosign each checkpoint.
    pub witnesses: Vec<WitnessSettings>,
    pub limits: Limits,
}

/// Why the configuration cannot be used, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "the demonstration sign-in lets anyone be anyone, so it only runs on loopback, not on {0}: \
         listen on 127.0.0.1, or leave out --demo"
    )]
    DemoOffLoopback(SocketAddr),
    #[error(
        "nobody could sign in: give --jwt-key or --jwks with --jwt-issuer and --jwt-audience, or --demo on loopback"
    )]
    NoSignIn,
    #[error("cannot read {path}: {reason}")]
    Unreadable { path: PathBuf, reason: String },
    #[error("{path} holds no usable key: {reason}")]
    BadKey { path: PathBuf, reason: String },
}

impl Config {
    /// Refuses a configuration that would let anyone in, or nobody.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.demo && !self.listen.ip().is_loopback() {
            return Err(ConfigError::DemoOffLoopback(self.listen));
        }
        if !self.demo && self.tokens.is_none() {
            return Err(ConfigError::NoSignIn);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(listen: &str, demo: bool) -> Config {
        Config {
            data: PathBuf::from("data"),
            listen: listen.parse().unwrap(),
            demo,
            tokens: None,
            public_origin: None,
            files: FileSettings::default(),
            mirror: None,
            mirror_bucket: None,
            witnesses: Vec::new(),
            limits: Limits::default(),
        }
    }

    #[test]
    fn the_demonstration_sign_in_stays_on_loopback() {
        assert!(config("127.0.0.1:8080", true).check().is_ok());
        assert!(config("[::1]:8080", true).check().is_ok());
        for open in ["0.0.0.0:8080", "192.168.1.4:80", "[::]:80"] {
            assert!(matches!(config(open, true).check(), Err(ConfigError::DemoOffLoopback(_))), "{open}");
        }
        assert!(matches!(config("127.0.0.1:8080", false).check(), Err(ConfigError::NoSignIn)));
    }
}
