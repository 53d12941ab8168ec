//! `dagsorden restore`: a new data folder out of an exported log, a mirror or a backup; every commit is checked on
//! the way, and the proofs are the same afterwards. What was erased stays erased: see [`again`].

mod again;
mod source;

use crate::{Outcome, backup::copy_keys, open::log_folder, runtime};
use again::{Again, Done, Erasures};
use agenda::{event::Position, id::Hash, language::Language};
use clap::Args;
use eventlog::{EventLog, SledLog, codec, keys::TextKeys};
use futures::future::try_join_all;
use proof::log::{self, LogCheck};
use server::{
    files::{CopyError, copy_between, named},
    mirror,
};
use std::{collections::BTreeSet, error::Error, fs, io, path::Path, path::PathBuf, sync::Arc};

/// Commits that are on their way into the log at once.
const AT_ONCE: usize = 512;

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Args)]
pub struct Arguments {
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
    /// Only so far: the last position that is restored. Items that the log says were erased after it are erased again.
    #[arg(long)]
    until: Option<u64>,
    /// The keys are newer than the log: items whose keys are gone were erased since, and are erased again.
    #[arg(long)]
    erase_unreadable: bool,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

/// What was read into the new log.
struct Restored {
    /// As far as the source could be read: it may go on after what was restored.
    check: LogCheck,
    size: u64,
    checkpoints: usize,
    again: Vec<Done>,
    /// From where on the source, beyond what was restored, cannot be read.
    unknown: Option<String>,
}

/// Makes a data folder out of a log; what is not sound is not restored.
pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let folder = log_folder(&arguments.data);
    if folder.exists() {
        let told = language
            .pick("der er allerede en log; vælg en ny mappe", "there is a log already; choose a new folder");
        return Err(format!("{}: {told}", folder.display()).into());
    }
    fs::create_dir_all(&arguments.data)?;
    if let Some(keys) = &arguments.keys {
        copy_keys(keys, &arguments.data, language)?;
    }
    let keys_before = arguments.data.join(eventlog::keys::FOLDER).exists();
    let restored = runtime()?.block_on(read(arguments, &folder, language));
    let checked = restored.and_then(|restored| Ok((restored, readable(&folder, language)?)));
    let (restored, files) = checked.inspect_err(|_| {
        // What was begun is no log of anybody's, and keys that were made for it open nothing.
        drop(fs::remove_dir_all(&folder));
        if !keys_before {
            drop(fs::remove_dir_all(arguments.data.join(eventlog::keys::FOLDER)));
        }
    })?;
    tell(&folder, &restored, language);
    if arguments.from.is_dir() {
        let bad = runtime()?.block_on(copy_files(&arguments.from, &arguments.data, &files))?;
        tell_files(files.len() - bad.len(), &bad, language);
    } else if !files.is_empty() {
        println!(
            "{}",
            language.pick(
                format!("Læg mappen files med {} bilag tilbage, før tjenesten startes.", files.len()),
                format!(
                    "Put the folder files with {} attached files back before the service starts.",
                    files.len()
                ),
            )
        );
    }
    if arguments.keys.is_none() {
        println!(
            "{}",
            language.pick(
                "Læg også nøglerne (mapperne keys og item-keys) tilbage, hvis de ikke er der.",
                "Put the keys (the folders keys and item-keys) back, too, if they are not there.",
            )
        );
    }
    Ok(())
}

fn tell(folder: &Path, restored: &Restored, language: Language) {
    let (size, root) = (restored.size, restored.check.tree().root(restored.size));
    let root = root.map(|root| root.to_string()).unwrap_or_default();
    let commits = language.pick("poster. Rod", "commits. Root");
    println!("{}: {size} {commits} {root}", folder.display());
    if restored.checkpoints > 0 {
        let told = language.pick(
            "Loggen passer til kontrolpunkterne, der lå ved den",
            "The log is that of the checkpoints that lay beside it",
        );
        println!("{told}: {}.", restored.checkpoints);
    }
    restored.again.iter().for_each(|done| println!("{}", done.told(language)));
    if let Some(why) = &restored.unknown {
        println!(
            "{}",
            language.pick(
                format!("Hvad der blev slettet senere i loggen, vides ikke herfra, for den kan ikke læses: {why}"),
                format!("What was erased later in the log is not known from here on, because it cannot be read: {why}"),
            )
        );
    }
}

/// Whether all that was restored can be read, apart from what the log says was erased; the attachments it names.
fn readable(folder: &Path, language: Language) -> Result<BTreeSet<Hash>, Failure> {
    let mut files = BTreeSet::new();
    let keys = TextKeys::beside(folder)?;
    let checked = eventlog::verify::verify_with(folder, &keys, |recorded| {
        files.extend(named(recorded));
        Ok(())
    });
    checked.map_err(|finding| language.pick(finding.danish(), finding.to_string()))?;
    Ok(files)
}

/// Puts the attachments that the log names back, each held against its hash; those that are missing or altered.
async fn copy_files(from: &Path, data: &Path, named: &BTreeSet<Hash>) -> Result<Vec<Hash>, Failure> {
    let (from, to) = (from.join(mirror::FILES), data.join(mirror::FILES));
    let mut bad = Vec::new();
    for sha256 in named {
        match copy_between(*sha256, &from, &to).await {
            Ok(_) => {}
            Err(CopyError::Missing | CopyError::Altered) => bad.push(*sha256),
            Err(CopyError::Io(error)) => return Err(error.into()),
        }
    }
    Ok(bad)
}

fn tell_files(copied: usize, bad: &[Hash], language: Language) {
    println!(
        "{}",
        language.pick(
            format!("{copied} bilag er lagt tilbage, kontrolleret."),
            format!("{copied} attached files were put back and checked."),
        )
    );
    if !bad.is_empty() {
        println!(
            "{}",
            language.pick(
                format!("{} bilag mangler i kopien eller er ændret der; læg dem i mappen files, før tjenesten startes:", bad.len()),
                format!("{} attached files are missing or altered in the copy; put them into the folder files before the service starts:", bad.len()),
            )
        );
        bad.iter().for_each(|sha256| println!("  {sha256}"));
    }
}

async fn read(arguments: &Arguments, folder: &Path, language: Language) -> Result<Restored, Failure> {
    // Read before the log, which may grow meanwhile.
    let checkpoints = source::checkpoints(&arguments.from)?;
    let mut lines = source::lines(&arguments.from)?;
    let first = lines.next().transpose()?.unwrap_or_default();
    if !log::is_header(&first) {
        let from = arguments.from.display();
        return Err(format!("{from}: not a log that `dagsorden export` wrote").into());
    }
    let keys = Arc::new(TextKeys::beside(folder)?);
    let log = SledLog::open(folder, keys.clone())?;
    let read = async {
        let (mut check, mut erasures) = (LogCheck::default(), Erasures::default());
        let mut lines = lines.by_ref();
        read_into(&log, &mut lines, arguments.until, &keys, &mut check, &mut erasures).await?;
        let size = check.tree().size();
        let checkpoints = source::held(&checkpoints, &check, arguments.until.is_some())?;
        let unknown = erasures.read_on(lines, &keys, &mut check);
        let again = Again { log: &log, erase_unreadable: arguments.erase_unreadable, language };
        let again = again.append(erasures).await?;
        Ok(Restored { check, size, checkpoints, again, unknown })
    };
    let read = read.await;
    // Closed in any case: what is thrown away must not be written to any more.
    log.shutdown().await?;
    read
}

type Lines<'a> = &'a mut dyn Iterator<Item = io::Result<String>>;

async fn read_into(
    log: &SledLog,
    lines: Lines<'_>,
    until: Option<u64>,
    keys: &TextKeys,
    check: &mut LogCheck,
    erasures: &mut Erasures,
) -> Outcome {
    let mut on_its_way = Vec::new();
    while until.is_none_or(|until| check.tree().size() < until) {
        let Some(line) = lines.next() else { break };
        let bytes = check.line(&line?)?;
        let position = check.tree().size();
        let read = codec::decode(&bytes, keys).map_err(|error| format!("position {position}: {error}"))?;
        erasures.restored(Position(position), &read);
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
    Ok(())
}
