//! The rules of Dagsorden: what may happen to a forum, a meeting and its items, and what a
//! history of events means. Pure: no clock, randomness, IO or async (held by `clippy.toml`
//! and a dependency check). Time, ids and user come in as arguments; effects go out as values.

pub mod content;
pub mod document;
pub mod drafts;
pub mod event;
pub mod forum;
pub mod history;
pub mod id;
pub mod language;
pub mod live;
pub mod meeting;
pub mod publication;
pub mod refusals;
pub mod rejection;
pub mod retention;
pub mod sync;
