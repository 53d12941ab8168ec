//! The page that is published: one HTML document with its style inside, no script, nothing
//! fetched from anywhere. It is well-formed XML too, so any XML tool can check or read it.

mod anchors;
mod blocks;
mod escape;
mod page;
mod table;

use crate::proof::Stand;
use agenda::publication::Publication;
use base64::{Engine, prelude::BASE64_STANDARD};
use escape::escape;
use sha2::{Digest, Sha256};

/// The whole style of the page.
pub const STYLE: &str = include_str!("html/style.css");

/// Ids of the page's own parts, which no item may take.
const RESERVED_IDS: [&str; 3] = ["indhold", "punkter", "bevis"];

/// The agenda as a whole HTML document in UTF-8.
pub fn html(publication: &Publication, stand: Stand<'_>) -> String {
    page::page(publication, stand)
}

/// The `Content-Security-Policy` that the page is to be served with: its own style, known by
/// hash, and nothing else.
pub fn content_security_policy() -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// Where on the page the writing has got to, for what has to be named by it.
struct Place<'a> {
    item: u32,
    section: &'a str,
    /// Tables so far on the page.
    tables: u32,
}

impl Place<'_> {
    /// "Tabel 3: punkt 2, Økonomi", escaped; no two tables share a name.
    fn next_table(&mut self) -> String {
        self.tables += 1;
        format!("Tabel {}: punkt {}, {}", self.tables, self.item, escape(self.section))
    }
}
