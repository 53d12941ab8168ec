//! The page that is published: one HTML document with its style inside, no script, nothing
//! fetched from anywhere. It is well-formed XML too, so any XML tool can check or read it.

pub(crate) mod anchors;
pub(crate) use anchors::{ItemAnchors, anchors};
mod blocks;
mod downloads;
mod notices;
mod page;
pub(crate) mod table;

pub use notices::Notice;

use crate::{escape::escape, proof::Stand, wording::table_name};
use agenda::publication::{Publication, PublishedSection};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// The whole style of the page.
pub const STYLE: &str = include_str!("html/style.css");

/// Ids of the page's own parts, which no item may take.
const RESERVED_IDS: [&str; 4] = ["hent", "indhold", "punkter", "bevis"];

/// What a page stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape<'a> {
    /// The whole agenda as a file.
    File,
    /// The whole agenda at an address, below which all formats are, with what is said around it.
    Served { address: &'a str, notices: &'a [Notice] },
    /// The item with this number and no other.
    Extract(u32),
}

/// The agenda as a whole HTML document in UTF-8.
pub fn html(publication: &Publication, stand: Stand<'_>) -> String {
    page::page(publication, stand, Shape::File)
}

/// [`html`] as a service shows it at `address` ("/dagsorden/…/1"): with links to the same in every
/// format, which a file by itself could not follow, and with notices of other editions.
pub fn served(publication: &Publication, stand: Stand<'_>, address: &str, notices: &[Notice]) -> String {
    page::page(publication, stand, Shape::Served { address, notices })
}

/// The page of an edition that cannot be shown any more: what is said of it, in Danish, and where to go on.
pub fn gone(text: &str, notices: &[Notice]) -> String {
    page::gone(text, notices)
}

/// One item of an agenda as an HTML document of its own. `only` is the agenda with no other
/// item.
pub(crate) fn extract(only: &Publication, stand: Stand<'_>, number: u32) -> String {
    page::page(only, stand, Shape::Extract(number))
}

/// The words of a section as a piece of HTML, for a format that carries HTML. `tables` counts
/// the tables of the document.
pub(crate) fn fragment(section: &PublishedSection, item: u32, tables: &mut u32) -> String {
    let mut out = String::new();
    let mut place = Place { item, section: &section.heading, tables: *tables };
    page::section_body(&mut out, section, &mut place);
    *tables = place.tables;
    out
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
        escape(&table_name(self.tables, self.item, self.section))
    }
}
