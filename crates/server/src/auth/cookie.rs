//! The session cookie: the token itself, out of reach of scripts and of other sites.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

const NAME: &str = "dagsorden";

/// `Set-Cookie` for a token. `secure` where the service is reached over https.
pub fn session_cookie(token: &str, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")).ok()
}

/// `Set-Cookie` that signs out.
pub fn clear_cookie() -> HeaderValue {
    HeaderValue::from_static("dagsorden=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// The token in the request's cookies.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='))
        .filter(|token| !token.is_empty())
}
