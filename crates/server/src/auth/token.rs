//! Checks JSON Web Tokens: signature by the one configured algorithm, `exp`, `nbf`, `iss`,
//! `aud`, and a `sub` that can be a user.

use super::Identity;
use crate::config::{ConfigError, KeySource, TokenAlgorithm, TokenConfig};
use agenda::{
    event::Timestamp,
    id::{SessionId, UserId},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode, jwk::JwkSet,
};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, path::Path};

/// Longest token that is looked at, in bytes.
const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// Clock difference to the identity provider that is forgiven, in seconds.
const LEEWAY_SECONDS: u64 = 30;
/// How long a demonstration sign-in lasts, in seconds.
pub const DEMO_SESSION_SECONDS: i64 = 12 * 60 * 60;
const DEMO_ISSUER: &str = "dagsorden-demo";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the session has expired")]
    Expired,
    #[error("the token is not valid: {0}")]
    Invalid(String),
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    exp: i64,
    iss: String,
    aud: serde_json::Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

/// Checks tokens against the configured keys.
pub struct Verifier {
    validation: Validation,
    /// Keys by `kid`; the empty name holds the only key of a PEM file.
    keys: HashMap<String, DecodingKey>,
}

impl Verifier {
    /// Reads the keys once, at start.
    pub fn new(config: &TokenConfig) -> Result<Self, ConfigError> {
        let algorithm = match config.algorithm {
            TokenAlgorithm::EdDsa => Algorithm::EdDSA,
            TokenAlgorithm::Rs256 => Algorithm::RS256,
        };
        let keys = match &config.keys {
            KeySource::Pem(path) => HashMap::from([(String::new(), read_pem(path, config.algorithm)?)]),
            KeySource::Jwks(path) => read_jwks(path)?,
        };
        Ok(Self { validation: validation(algorithm, &config.issuer, &config.audience), keys })
    }

    /// Who the token vouches for.
    pub fn verify(&self, token: &str) -> Result<Identity, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Invalid("it is too long".into()));
        }
        let header = decode_header(token).map_err(|e| TokenError::Invalid(e.to_string()))?;
        let kid = header.kid.unwrap_or_default();
        let key = self.keys.get(&kid).or_else(|| self.keys.get(""));
        let key = key.ok_or_else(|| TokenError::Invalid("its key is not known here".into()))?;
        let claims = decode::<Claims>(token, key, &self.validation).map_err(token_error)?.claims;
        identity(claims, token)
    }
}

fn token_error(error: jsonwebtoken::errors::Error) -> TokenError {
    match error.kind() {
        jsonwebtoken::errors::ErrorKind::ExpiredSignature => TokenError::Expired,
        _ => TokenError::Invalid(error.to_string()),
    }
}

fn validation(algorithm: Algorithm, issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = LEEWAY_SECONDS;
    validation.validate_nbf = true;
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation
}

fn identity(claims: Claims, token: &str) -> Result<Identity, TokenError> {
    let user = UserId::new(claims.sub).map_err(|e| TokenError::Invalid(e.to_string()))?;
    let expires = Timestamp(claims.exp.saturating_mul(1_000));
    // The session is named after the sign-in: the token's id, or else the token itself.
    let name = claims.jti.as_deref().unwrap_or(token);
    Ok(Identity { user, name: claims.name, session: session_id(name), expires })
}

pub(super) fn session_id(text: &str) -> SessionId {
    let hash = agenda::publication::content_hash(&text).0;
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    SessionId::from_bytes(id)
}

fn read(path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path).map_err(|e| ConfigError::Unreadable { path: path.to_owned(), reason: e.to_string() })
}

fn read_pem(path: &Path, algorithm: TokenAlgorithm) -> Result<DecodingKey, ConfigError> {
    let pem = read(path)?;
    let key = match algorithm {
        TokenAlgorithm::EdDsa => DecodingKey::from_ed_pem(&pem),
        TokenAlgorithm::Rs256 => DecodingKey::from_rsa_pem(&pem),
    };
    key.map_err(|e| ConfigError::BadKey { path: path.to_owned(), reason: e.to_string() })
}

fn read_jwks(path: &Path) -> Result<HashMap<String, DecodingKey>, ConfigError> {
    let bad = |reason: String| ConfigError::BadKey { path: path.to_owned(), reason };
    let set: JwkSet = serde_json::from_slice(&read(path)?).map_err(|e| bad(e.to_string()))?;
    let keys = set.keys.iter().map(|jwk| {
        let key = DecodingKey::from_jwk(jwk).map_err(|e| bad(e.to_string()))?;
        Ok((jwk.common.key_id.clone().unwrap_or_default(), key))
    });
    let keys = keys.collect::<Result<HashMap<_, _>, _>>()?;
    if keys.is_empty() { Err(bad("the set is empty".into())) } else { Ok(keys) }
}

/// The demonstration's own tokens, under a secret that lives as long as the data folder.
pub struct DemoTokens {
    secret: [u8; 32],
}

impl DemoTokens {
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// A token for the person, good for [`DEMO_SESSION_SECONDS`].
    pub fn issue(
        &self,
        user: &UserId,
        name: &str,
        now: Timestamp,
        nonce: u128,
    ) -> Result<String, TokenError> {
        let claims = Claims {
            sub: user.as_str().to_owned(),
            name: Some(name.to_owned()),
            exp: now.0 / 1_000 + DEMO_SESSION_SECONDS,
            iss: DEMO_ISSUER.into(),
            aud: DEMO_ISSUER.into(),
            jti: Some(format!("{nonce:032x}")),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&self.secret))
            .map_err(|e| TokenError::Invalid(e.to_string()))
    }

    pub fn verify(&self, token: &str) -> Result<Identity, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Invalid("it is too long".into()));
        }
        let key = DecodingKey::from_secret(&self.secret);
        let claims = decode::<Claims>(token, &key, &validation(Algorithm::HS256, DEMO_ISSUER, DEMO_ISSUER))
            .map_err(token_error)?
            .claims;
        identity(claims, token)
    }
}
