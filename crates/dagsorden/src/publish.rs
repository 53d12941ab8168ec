//! `dagsorden publish`: a published edition from the log alone, byte for byte as it is
//! served; or, with `--import`, a published agenda from a file, without log or data folder.

use crate::{Outcome, files::FileArguments, import::read_document, open::open_log, runtime};
use agenda::{
    event::{Event, Position, Recorded},
    id::{MeetingId, StreamId},
    language::Language,
};
use clap::Args;
use eventlog::EventLog;
use publish::{Artefact, Format, Job, JobStand};
use server::{
    edition::{Made, edition},
    files::{Attached, FileSettings, Files},
    worker::Workers,
};
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

#[derive(Args)]
pub struct Arguments {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    #[command(flatten)]
    files: FileArguments,
    /// The meeting; by default the one that was published last.
    #[arg(long)]
    meeting: Option<MeetingId>,
    /// The edition; by default the newest.
    #[arg(long)]
    edition: Option<u32>,
    /// A published agenda or minutes (text or Markdown, UTF-8) instead of the log.
    #[arg(long, conflicts_with_all = ["data", "meeting", "edition"])]
    import: Option<PathBuf>,
    #[arg(long, default_value = "html", help = format!("One of: {}", Format::ALL.map(Format::name).join(", ")))]
    format: Format,
    /// One item by itself, by its place in the agenda, for the case system.
    #[arg(long, help = format!("Only the item at this place (1, 2 …), as {}", Format::OF_ITEMS.map(Format::name).join(", ")))]
    item: Option<usize>,
    /// Where to write; by default standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What is published, and how far along it is.
type Source = (Made, JobStand);

pub fn run(arguments: &Arguments) -> Outcome {
    runtime()?.block_on(async {
        let (Made { publication, attached }, stand) = match &arguments.import {
            Some(path) => imported(path)?,
            None => from_log(arguments).await?,
        };
        let format = arguments.format;
        let artefact = arguments.item.map_or(Artefact::Whole(format), |place| Artefact::Item(place, format));
        let files = match arguments.import {
            Some(_) => publish::Files::new(),
            None => {
                let settings = FileSettings { s3: arguments.files.s3(), scanner: None };
                Files::open(&arguments.data, &settings)?
                    .for_artefact(artefact, &publication, &attached)
                    .await?
            }
        };
        let job = Job { publication, stand, artefact, files };
        let made = Workers::default().make(job).await.map_err(|error| error.explain(Language::Danish))?;
        for warning in &made.warnings {
            eprintln!("{}", warning.explain(Language::Danish));
        }
        match &arguments.out {
            Some(path) => std::fs::write(path, made.bytes).map_err(|e| format!("{}: {e}", path.display()))?,
            None => std::io::stdout().write_all(&made.bytes)?,
        }
        Ok(())
    })
}

/// The document as it was printed; what could not be read is said on standard error.
fn imported(path: &Path) -> Result<Source, Failure> {
    let imported = read_document(path)?;
    for note in &imported.unplaced {
        eprintln!("{}: linje {} er ikke med: {}", path.display(), note.line, note.text);
    }
    let publication = imported.publication().ok_or_else(|| {
        format!("{}: the date of the meeting is missing; write it as in «Mødedato Onsdag d. 17. juni 2026 kl. 09:00»", path.display())
    })?;
    Ok((Made { publication, attached: Attached::new() }, JobStand::Imported))
}

async fn from_log(arguments: &Arguments) -> Result<Source, Failure> {
    let log = open_log(&arguments.data)?;
    let all = read_all(&log).await?;
    let (meeting, number) = choose(arguments, &all)?;
    let stream = StreamId::Meeting(meeting);
    let commits: Vec<Arc<Recorded>> = all.into_iter().filter(|r| r.commit.stream == stream).collect();
    let (made, proof) = edition(meeting, &commits, number)?;
    log.shutdown().await?;
    Ok((made, JobStand::Published(proof)))
}

async fn read_all(log: &dyn EventLog) -> Result<Vec<Arc<Recorded>>, eventlog::ReadError> {
    let mut all: Vec<Arc<Recorded>> = Vec::new();
    loop {
        let next = Position(all.len() as u64 + 1);
        let page = log.scan(next, eventlog::MAX_PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn choose(arguments: &Arguments, all: &[Arc<Recorded>]) -> Result<(MeetingId, u32), String> {
    let published = all.iter().rev().flat_map(|recorded| {
        let StreamId::Meeting(id) = recorded.commit.stream else { return Vec::new() };
        let editions = recorded.commit.events.iter().filter_map(|event| match event {
            Event::AgendaPublished(e) => Some((id, e.edition)),
            _ => None,
        });
        editions.collect()
    });
    let wanted = |(meeting, edition): &(MeetingId, u32)| {
        arguments.meeting.is_none_or(|id| id == *meeting) && arguments.edition.is_none_or(|n| n == *edition)
    };
    published
        .into_iter()
        .find(wanted)
        .ok_or_else(|| "no such published edition; freeze and publish the agenda first".into())
}
