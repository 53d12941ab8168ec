//! A frozen agenda as documents that people read and machines check. Pure: every artefact is
//! a function of its arguments alone, byte for byte, so that anyone can make it again.
//!
//! ```text
//! format       the formats by name
//! artefact     the whole or an item in a format, and the way from that to its bytes
//! job          the same as a message to a process that renders
//! html         the page that is published
//! pdf          the file that is published and archived
//! samlet       the same with its PDF attachments behind it
//! docx         the same in Word
//! markdown     the same as text, which an import reads back
//! json         the publication as it was hashed
//! oparl, akoma_ntoso, sbsys
//!              the same for other systems
//! extract      one item by itself;  archive: everything in one ZIP;  pack: how a ZIP is made
//! manifest     which files an edition consists of, to be signed
//! proof        what a document says about where it comes from
//! attachment   what a document says of an attachment's file;  files: the files themselves
//! wording      what all formats call the same things;  danish: dates and times
//! tree         flat blocks -> nested lists and headings without gaps
//! grid         tables: head rows, and where each cell stands;  runs: words and links
//! escape       user text on its way into markup
//! ```

mod akoma_ntoso;
mod archive;
mod artefact;
mod attachment;
mod columns;
mod danish;
mod docx;
mod escape;
mod extract;
mod files;
mod format;
mod grid;
pub mod html;
mod job;
mod json;
mod manifest;
mod markdown;
mod oparl;
mod pack;
pub mod pdf;
mod proof;
mod runs;
mod samlet;
mod sbsys;
mod tree;
mod wording;

pub use artefact::{Artefact, RenderError, Rendered, render, render_with};
pub use docx::{PAGE_UNKNOWN, docx_with_pages};
pub use extract::to_measure;
pub use files::{Files, wanted};
pub use format::{Format, UnknownFormat};
pub use job::{BadJob, Job, JobStand, Outcome};
pub use json::SCHEMA;
pub use manifest::{Manifest, NamedFile, file_hash, named_hashes};
pub use proof::{Proof, Stand};
