//! `dagsorden keys`: the keys that the service signs published editions with.

use crate::Outcome;
use agenda::language::Language;
use clap::{Args, Subcommand};
use server::{clock::now, keys};
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[arg(long, global = true, default_value = "data")]
    data: PathBuf,
    /// "da" or "en".
    #[arg(long, global = true, default_value = "da")]
    lang: String,
}

#[derive(Subcommand)]
enum Action {
    /// Make a key that signs from now on. Those before it are retired: what they signed can still be
    /// checked, and nothing more can be signed with them. A running service takes it up by itself.
    New {
        /// Said with every signature; without spaces and without +.
        #[arg(long, default_value = "dagsorden")]
        name: String,
    },
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    if let Some(Action::New { name }) = &arguments.action {
        keys::create(&arguments.data, name, now())?;
    }
    let all = keys::all(&arguments.data)?;
    if all.is_empty() {
        println!("{}", language.pick(
            "Der er ingen nøgler endnu. `dagsorden serve` laver den første, eller lav en med `dagsorden keys new`.",
            "There are no keys yet. `dagsorden serve` makes the first one, or make one with `dagsorden keys new`.",
        ));
    }
    for key in &all {
        let state = match key.until {
            None => language.pick("underskriver", "signs"),
            Some(_) => language.pick("afløst", "retired"),
        };
        println!("{} {state}", key.public);
    }
    Ok(())
}
