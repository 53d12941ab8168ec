//! `dagsorden-verify`: checks receipts, checkpoints, whole logs and published files, alone or together, with
//! nothing but the files and a key. Makes no connection, writes nothing.

use proof::{cosignature::WitnessKey, note::Verifier};
use std::{path::Path, process::ExitCode};
use verifier::{Case, Line, Standing, Words, read};

const USAGE: &str = "\
dagsorden-verify [--key KEY]... [--witness KEY]... [--lang da|en] FILE...

FILE    en kvittering, et kontrolpunkt, en log (dagsorden export) eller en udgivet fil
        a receipt, a checkpoint, a log (dagsorden export), or a published file
--key   en offentlig nøgle, navn+id+base64, eller en fil med én på hver linje
        a public key, name+id+base64, or a file with one on each line
--witness  en vidnes offentlige nøgle: om vidnet har bekræftet kontrolpunkterne, og hvornår
           a witness's public key: whether it confirmed the checkpoints, and when
--lang  da (som det er) eller en / da (the default) or en

0: alt holder / all holds. 1: noget holder ikke / something does not. 2: kunne ikke afgøres / could not be told.";

struct Arguments {
    keys: Vec<Verifier>,
    witnesses: Vec<WitnessKey>,
    words: Words,
    files: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = match arguments(std::env::args().skip(1)) {
        Ok(arguments) if !arguments.files.is_empty() => arguments,
        Ok(_) => return failed(USAGE),
        Err(error) => return failed(&format!("{error}\n\n{USAGE}")),
    };
    let Arguments { keys, witnesses, words, files } = arguments;
    let mut case = Case::new(keys.clone(), words).witnessed_by(witnesses);
    for file in files {
        match read(Path::new(&file), &keys) {
            Ok(evidence) => case.add(file, evidence),
            Err(error) => return failed(&format!("{file}: {error}")),
        }
    }
    let lines = case.judge(None);
    for Line { standing, name, text } in &lines {
        println!("{} {name}: {text}", mark(*standing, words));
    }
    match lines.iter().map(|line| line.standing).max() {
        Some(Standing::Holds) => ExitCode::SUCCESS,
        Some(Standing::Fails) => ExitCode::from(1),
        Some(Standing::Open) | None => ExitCode::from(2),
    }
}

fn failed(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}

fn mark(standing: Standing, words: Words) -> String {
    match standing {
        Standing::Holds => words.pick("[holder]", "[holds]"),
        Standing::Open => words.pick("[åbent]", "[open]"),
        Standing::Fails => words.pick("[HOLDER IKKE]", "[FAILS]"),
    }
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        keys: Vec::new(),
        witnesses: Vec::new(),
        words: Words { danish: true },
        files: Vec::new(),
    };
    while let Some(argument) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("{argument}: ?"));
        match argument.as_str() {
            "--key" => arguments.keys.extend(keys(&value()?)?),
            "--witness" => {
                let key = value()?;
                let read = key.parse().map_err(|error| format!("{key}: {error}"))?;
                arguments.witnesses.push(read);
            }
            "--lang" => arguments.words.danish = value()? != "en",
            option if option.starts_with("--") => return Err(format!("{option}: ?")),
            _ => arguments.files.push(argument),
        }
    }
    Ok(arguments)
}

/// A key, or the keys in a file.
fn keys(given: &str) -> Result<Vec<Verifier>, String> {
    if let Ok(key) = given.parse() {
        return Ok(vec![key]);
    }
    let text = std::fs::read_to_string(given).map_err(|error| format!("{given}: {error}"))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| line.parse().map_err(|error| format!("{given}: {error}"))).collect()
}
