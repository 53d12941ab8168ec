//! `dagsorden export` and `dagsorden restore`: the whole log as a file that anyone can read, and a new data
//! folder out of it. Both check every commit on the way; the proofs are the same afterwards.

mod source;

use crate::{
    Outcome,
    backup::copy_keys,
    open::{log_folder, open_log},
    runtime,
};
use agenda::{event::Position, language::Language};
use clap::Args;
use eventlog::{EventLog, MAX_PAGE, SledLog, keys::TextKeys};
use futures::future::try_join_all;
use proof::log::{self, LogCheck, Writer};
use server::mirror;
use std::{
    error::Error,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Commits that are on their way into the log at once.
const AT_ONCE: usize = 512;

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Args)]
pub struct ExportArguments {
    /// The file to write; must not be there yet.
    #[arg(long)]
    out: PathBuf,
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

#[derive(Args)]
pub struct RestoreArguments {
    /// A log that `dagsorden export` wrote, or the folder of a mirror or a backup; of a mirror in a bucket, the folder
    /// that it was fetched into.
    #[arg(long)]
    from: PathBuf,
    /// The data folder to make; must not be there yet, or be empty.
    #[arg(long)]
    data: PathBuf,
    /// Where the folders keys and item-keys lie that belong to the log: that of `backup --keys-to`, or an old data
    /// folder. Without it they are put into the new data folder before.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Only so far: the last position that is restored.
    #[arg(long)]
    until: Option<u64>,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

/// Writes beside the place and renames when it is whole: no half a log is ever taken for one.
pub fn export(arguments: &ExportArguments) -> Outcome {
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
    let log = open_log(data)?;
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

/// Makes a data folder out of a log; what is not sound is not restored.
pub fn restore(arguments: &RestoreArguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let folder = log_folder(&arguments.data);
    if folder.exists() {
        return Err(format!(
            "{}: {}",
            folder.display(),
            language.pick(
                "der er allerede en log; vælg en ny mappe",
                "there is a log already; choose a new folder"
            )
        )
        .into());
    }
    fs::create_dir_all(&arguments.data)?;
    if let Some(keys) = &arguments.keys {
        copy_keys(keys, &arguments.data, language)?;
    }
    let mirror = arguments.from.is_dir();
    let keys_before = arguments.data.join(eventlog::keys::FOLDER).exists();
    let checkpoints = source::checkpoints(&arguments.from)?;
    let restored = runtime()?.block_on(read(&arguments.from, &folder, arguments.until));
    let checked = restored.and_then(|check| {
        let checkpoints = source::held(&checkpoints, &check, arguments.until.is_some())?;
        readable(&folder, language).map(|()| (check, checkpoints))
    });
    let (check, checkpoints) = checked.inspect_err(|_| {
        // What was begun is no log of anybody's, and keys that were made for it open nothing.
        drop(fs::remove_dir_all(&folder));
        if !keys_before {
            drop(fs::remove_dir_all(arguments.data.join(eventlog::keys::FOLDER)));
        }
    })?;
    let files = if mirror { copy_files(&arguments.from, &arguments.data)? } else { 0 };
    let (size, root) = (check.tree().size(), check.tree().root(check.tree().size()));
    println!(
        "{}: {size} {} {}",
        folder.display(),
        language.pick("poster. Rod", "commits. Root"),
        root.map(|root| root.to_string()).unwrap_or_default()
    );
    if checkpoints > 0 {
        let told = language.pick(
            "Loggen passer til kontrolpunkterne, der lå ved den",
            "The log is that of the checkpoints that lay beside it",
        );
        println!("{told}: {checkpoints}.");
    }
    println!("{}", next_step(mirror, files, arguments.keys.is_some(), language));
    Ok(())
}

/// Whether all that was restored can be read, apart from what the log says was erased.
fn readable(folder: &Path, language: Language) -> Result<(), Failure> {
    let checked = eventlog::verify::verify(folder, &TextKeys::beside(folder)?);
    checked.map(drop).map_err(|finding| {
        language
            .pick(
                format!(
                    "{}\nKør restore igen med --keys MAPPE, hvor mapperne keys og item-keys ligger.",
                    finding.danish()
                ),
                format!(
                    "{finding}\nRestore again with --keys FOLDER, where the folders keys and item-keys lie."
                ),
            )
            .into()
    })
}

/// The attachments of a mirror, each by its hash; `dagsorden verify --files` checks them.
fn copy_files(from: &Path, data: &Path) -> io::Result<usize> {
    let (mut count, files) = (0, from.join(mirror::FILES));
    if !files.is_dir() {
        return Ok(0);
    }
    for shelf in fs::read_dir(files)? {
        let shelf = shelf?;
        if !shelf.file_type()?.is_dir() {
            continue;
        }
        let to = data.join("files").join(shelf.file_name());
        fs::create_dir_all(&to)?;
        for file in fs::read_dir(shelf.path())? {
            let file = file?;
            fs::copy(file.path(), to.join(file.file_name()))?;
            File::open(to.join(file.file_name()))?.sync_all()?;
            count += 1;
        }
        File::open(&to)?.sync_all()?;
    }
    Ok(count)
}

fn next_step(mirror: bool, files: usize, keys: bool, language: Language) -> String {
    let attached = if mirror {
        language
            .pick(format!("{files} bilag er lagt tilbage."), format!("{files} attached files were put back."))
    } else {
        let told = language.pick(
            "Læg mappen files med bilag tilbage, før tjenesten startes.",
            "Put the folder files with the attachments back before the service starts.",
        );
        told.to_owned()
    };
    let signing = if keys {
        ""
    } else {
        language.pick(
            " Læg også nøglerne (mapperne keys og item-keys) tilbage, hvis de ikke er der.",
            " Put the keys (the folders keys and item-keys) back, too, if they are not there.",
        )
    };
    attached + signing
}

async fn read(from: &Path, folder: &Path, until: Option<u64>) -> Result<LogCheck, Failure> {
    let mut lines = source::lines(from)?;
    let first = lines.next().transpose()?.unwrap_or_default();
    if !log::is_header(&first) {
        return Err(format!("{}: not a log that `dagsorden export` wrote", from.display()).into());
    }
    let log = SledLog::open(folder, TextKeys::beside(folder)?)?;
    let read = read_into(&log, lines, until).await;
    // Closed in any case: what is thrown away must not be written to any more.
    log.shutdown().await?;
    read
}

async fn read_into(
    log: &SledLog,
    lines: Box<dyn Iterator<Item = io::Result<String>>>,
    until: Option<u64>,
) -> Result<LogCheck, Failure> {
    let mut check = LogCheck::default();
    let mut on_its_way = Vec::new();
    for line in lines {
        if until.is_some_and(|until| check.tree().size() >= until) {
            break;
        }
        let bytes = check.line(&line?)?;
        let position = check.tree().size();
        let (hash, appended) = (check.tree().commit(position), log.append_stored(bytes));
        on_its_way.push(async move {
            let appended = appended.await?;
            let same = Some(appended.hash) == hash && appended.position.0 == position;
            if same {
                Ok(())
            } else {
                Err(Failure::from(format!("position {position} became another commit")))
            }
        });
        if on_its_way.len() >= AT_ONCE {
            try_join_all(on_its_way.drain(..)).await?;
        }
    }
    try_join_all(on_its_way).await?;
    Ok(check)
}
