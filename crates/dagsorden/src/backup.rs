//! `dagsorden backup`: the log and its files into a folder, of a running service or of a data folder that nobody
//! serves. The folder is that of a mirror: what is there is checked and added to, never written over, and
//! `dagsorden restore` reads it. Ends at a checkpoint that was signed when it began.

mod keys;
mod source;

use crate::{Outcome, files::FileArguments, runtime};
use agenda::language::Language;
use clap::Args;
pub use keys::copy_keys;
use proof::{checkpoint::SignedCheckpoint, log::hold, note::Verifier};
use server::mirror::{Copy, Extent, FILES, MirrorError, write_checkpoint, write_keys};
use source::Source;
use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Args)]
pub struct Arguments {
    /// The folder of the backup; made if it is not there, else added to.
    #[arg(long)]
    to: PathBuf,
    /// The data folder. While a service runs over it, give --server too.
    #[arg(long, env = "DAGSORDEN_DATA", default_value = "data")]
    data: PathBuf,
    /// The address of the running service, which is asked with the secret of its data folder.
    #[arg(long)]
    server: Option<String>,
    /// Also copy the keys (the folders keys and item-keys of the data folder) to this folder. It must be
    /// apart from the backup: whoever has both can read everything.
    #[arg(long)]
    keys_to: Option<PathBuf>,
    #[command(flatten)]
    stored: FileArguments,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

/// What was added.
#[derive(Default)]
struct Added {
    commits: u64,
    files: u64,
    bytes: u64,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    if let Some(keys) = &arguments.keys_to {
        keys::apart(keys, &arguments.to, language)?;
    }
    runtime()?.block_on(async {
        let source = Source::open(&arguments.data, arguments.server.as_deref(), &arguments.stored).await?;
        let done = back_up(&source, &arguments.to, language).await;
        source.close().await;
        let (copy, extent, added) = done?;
        println!("{}", told(&arguments.to, &copy, &extent, &added, language));
        Ok::<_, Failure>(())
    })?;
    // After the log: a key is there before the first commit that needs it.
    match &arguments.keys_to {
        Some(to) => println!("{}", copy_keys(&arguments.data, to, language)?),
        None => println!("{}", language.pick(
            "Ikke med: nøglerne (keys, item-keys, secret.key) og adgangsloggen (access). Nøglerne kopieres til et andet \
             sted med --keys-to.",
            "Not in it: the keys (keys, item-keys, secret.key) and the access log (access). The keys are copied to another \
             place with --keys-to.",
        )),
    }
    Ok(())
}

async fn back_up(source: &Source, to: &Path, language: Language) -> Result<(Copy, Extent, Added), Failure> {
    let empty = || {
        language.pick(
            "loggen er tom: der er intet at tage kopi af",
            "the log is empty: there is nothing to back up",
        )
    };
    let extent = source.extent().await?.ok_or_else(empty)?;
    let keys: Vec<Verifier> = extent.keys.iter().map(|key| key.parse()).collect::<Result<_, _>>()?;
    let folder = to.to_owned();
    let opened = spawn_blocking(move || Copy::open(&folder)).await?;
    let mut copy = opened.map_err(|error| explained(error, to, language))?;
    copy.begins(|size| source.root(size)).await.map_err(|error| match error.downcast::<MirrorError>() {
        Ok(error) => explained(*error, to, language),
        Err(error) => error,
    })?;
    let mut added = Added::default();
    while copy.held() < extent.position {
        let mut page = source.page(copy.held() + 1).await?;
        page.commits.truncate(usize::try_from(extent.position - copy.held()).unwrap_or(usize::MAX));
        if page.commits.is_empty() {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        for sha256 in page.files {
            let bytes = source.copy_file(sha256, &to.join(FILES)).await?;
            added.files += u64::from(bytes > 0);
            added.bytes += bytes;
        }
        let (before, commits) = (copy.length(), page.commits.len() as u64);
        let written = spawn_blocking(move || copy.add(&page.commits).map(|()| copy)).await?;
        copy = written.map_err(|error| explained(error, to, language))?;
        added.commits += commits;
        added.bytes += copy.length() - before;
    }
    sign_off(&copy, &extent, &keys, to).map_err(|error| {
        language.pick(
            format!("kopien er ikke den log, som kontrolpunktet er underskrevet for: {error}"),
            format!("the copy is not the log that the checkpoint was signed for: {error}"),
        )
    })?;
    Ok((copy, extent, added))
}

/// Whether what is there now is what the checkpoint was signed over; it is then kept beside it.
fn sign_off(copy: &Copy, extent: &Extent, keys: &[Verifier], to: &Path) -> Outcome {
    let signed = SignedCheckpoint::parse(&extent.checkpoint)?;
    signed.signed_by(keys)?;
    hold(&signed.checkpoint, copy.tree())?;
    write_keys(to, keys)?;
    Ok(write_checkpoint(to, &extent.checkpoint)?)
}

fn explained(error: MirrorError, to: &Path, language: Language) -> Failure {
    let advice = match error {
        MirrorError::Diverged(_) | MirrorError::Damaged(_) => language.pick(
            "Intet er overskrevet. Gem mappen, find ud af hvorfor, og tag kopi til en ny mappe.",
            "Nothing was written over. Keep the folder, find out why, and back up into a new folder.",
        ),
        _ => language
            .pick("Kør kommandoen igen, når det er i orden.", "Run the command again when that is mended."),
    };
    let why = match &error {
        MirrorError::Diverged(position) => language.pick(
            format!("mappen har en anden historie end loggen fra post {position}"),
            format!("the folder holds another history than the log from position {position} on"),
        ),
        MirrorError::Damaged(bad) => language.pick(
            format!("kopien i mappen er beskadiget i post {}", bad.position),
            format!("the copy in the folder is damaged: {bad}"),
        ),
        MirrorError::BadSource(bad) => language.pick(
            format!("loggen holder ikke i post {}: kontrollér den med `dagsorden verify`", bad.position),
            format!("the log does not hold: {bad}; check it with `dagsorden verify`"),
        ),
        MirrorError::Busy => language.pick(
            "en anden proces skriver i mappen".to_owned(),
            "another process is writing to the folder".to_owned(),
        ),
        MirrorError::Unsound => language.pick(
            "det skrevne kan ikke læses igen: disken eller forbindelsen til den er ikke i orden".to_owned(),
            error.to_string(),
        ),
        error => error.to_string(),
    };
    format!("{}: {why}. {advice}", to.display()).into()
}

fn told(to: &Path, copy: &Copy, extent: &Extent, added: &Added, language: Language) -> String {
    let (held, Added { commits, files, bytes }) = (copy.held(), added);
    let note: Vec<&str> = extent.checkpoint.lines().take(3).collect();
    let [origin, size, root] = note[..] else { return String::new() };
    let megabytes = *bytes as f64 / f64::from(1 << 20);
    language.pick(
        format!(
            "{}: {held} poster, {commits} nye; {files} nye bilag; {megabytes:.1} MiB skrevet og læst igen.\n\
             Kontrolpunkt for {origin}: {size} poster, rod {root}, underskrevet.",
            to.display()
        ),
        format!(
            "{}: {held} commits, {commits} new; {files} new attached files; {megabytes:.1} MiB written and read again.\n\
             Checkpoint of {origin}: {size} commits, root {root}, signed.",
            to.display()
        ),
    )
}
