//! The world around the rules: HTTP, sockets, tasks, identity, the clock and configuration.
//! Every rule is in `agenda`; what is here carries values to it and effects from it.

pub mod access;
pub mod api;
pub mod app;
pub mod auth;
mod bringing;
mod checkpoints;
pub mod clock;
pub mod config;
mod csv;
pub mod directory;
pub mod edition;
pub mod editions;
mod erasures;
pub mod files;
pub mod forums;
pub mod histories;
pub mod import;
pub mod keys;
pub mod measure;
pub mod mirror;
mod notices;
pub mod problem;
pub mod rate;
mod receipts;
pub mod recent;
pub mod rooms;
#[cfg(test)]
mod scene;
mod sealer;
pub mod seals;
pub mod secret;
pub mod view;
pub mod witnesses;
pub mod worker;
mod ws;
