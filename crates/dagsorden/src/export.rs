//! `dagsorden export`: the whole log as a file that anyone can read, every commit checked on the way. It takes no
//! keys: what is written is what is stored.

use crate::{Outcome, open::log_bytes, runtime};
use agenda::{event::Position, language::Language};
use clap::Args;
use eventlog::{EventLog, MAX_PAGE};
use proof::log::{self, LogCheck, Writer};
use std::{
    error::Error,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Args)]
pub struct Arguments {
    /// The file to write; must not be there yet.
    #[arg(long)]
    out: PathBuf,
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

/// Writes beside the place and renames when it is whole: no half a log is ever taken for one.
pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let out = &arguments.out;
    if out.exists() {
        return Err(format!(
            "{}: {}",
            out.display(),
            language.pick("findes allerede; vælg et andet navn", "is there already; choose another name")
        )
        .into());
    }
    let unfinished = out.with_extension("unfinished");
    let written = runtime()?.block_on(write(&arguments.data, &unfinished));
    let check = written.inspect_err(|_| drop(fs::remove_file(&unfinished)))?;
    fs::rename(&unfinished, out)?;
    let size = check.tree().size();
    println!(
        "{}: {size} {} {}",
        out.display(),
        language.pick("poster. Rod", "commits. Root"),
        check.tree().root(size).map(|root| root.to_string()).unwrap_or_default()
    );
    Ok(())
}

async fn write(data: &Path, path: &Path) -> Result<LogCheck, Failure> {
    let log = log_bytes(data)?;
    let (mut out, mut writer) = (BufWriter::new(File::create(path)?), Writer::default());
    let mut check = LogCheck::default();
    writeln!(out, "{}", log::header())?;
    loop {
        let page = log.bytes(Position(check.tree().size() + 1), MAX_PAGE).await?;
        if page.is_empty() {
            break;
        }
        for bytes in page {
            writeln!(out, "{}", writer.line(&bytes))?;
            check.take(&bytes)?;
        }
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    log.shutdown().await?;
    Ok(check)
}
