//! A frozen agenda as documents that people read and machines check. Pure: every artefact is
//! a function of its arguments alone, byte for byte, so that anyone can make it again.
//!
//! ```text
//! proof    what a document says about where it comes from
//! danish   dates and times as Danish agendas write them
//! tree     flat blocks -> nested lists and headings without gaps
//! html     the page that is published
//! ```

mod danish;
pub mod html;
mod proof;
mod tree;

pub use proof::{Proof, Stand};
