//! `dagsorden publish`: a published edition from the log alone, byte for byte as it is
//! served; or, with `--import`, a published agenda from a file, without log or data folder.

use crate::{Outcome, import::read_document, open::open_log, runtime};
use agenda::{
    event::{Event, Position, Recorded},
    id::{MeetingId, StreamId},
    language::Language,
};
use clap::Args;
use eventlog::EventLog;
use publish::{
    File, Format, UnknownFormat, archive,
    pdf::{Job, JobStand, Warning},
};
use server::{
    edition::edition,
    pdf::{PdfLimits, RenderError, render},
};
use std::{
    io::Write,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

#[derive(Args)]
pub struct Arguments {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// The meeting; by default the one that was published last.
    #[arg(long)]
    meeting: Option<MeetingId>,
    /// The edition; by default the newest.
    #[arg(long)]
    edition: Option<u32>,
    /// A published agenda or minutes (text or Markdown, UTF-8) instead of the log.
    #[arg(long, conflicts_with_all = ["data", "meeting", "edition"])]
    import: Option<PathBuf>,
    /// pdf, html, docx, md, json, oparl, akn, sbsys, or zip for everything.
    #[arg(long, default_value = "html")]
    format: Wanted,
    /// Where to write; by default standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A PDF is set by a process of its own, so it is none of the formats that `publish` renders.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Pdf,
    Rendered(Format),
}

impl FromStr for Wanted {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        if name == PDF { Ok(Self::Pdf) } else { name.parse().map(Self::Rendered) }
    }
}

/// The name of the format on the command line.
const PDF: &str = "pdf";

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub fn run(arguments: &Arguments) -> Outcome {
    runtime()?.block_on(async {
        let job = match &arguments.import {
            Some(path) => imported(path)?,
            None => from_log(arguments).await?,
        };
        let bytes = match arguments.format {
            Wanted::Pdf => pdf(&job).await?,
            Wanted::Rendered(Format::Zip) => {
                archive(&job.publication, job.stand.stand(), vec![pdf_file(&job).await?])?
            }
            Wanted::Rendered(format) => publish::render(format, &job.publication, job.stand.stand())?,
        };
        match &arguments.out {
            Some(path) => std::fs::write(path, bytes).map_err(|e| format!("{}: {e}", path.display()))?,
            None => std::io::stdout().write_all(&bytes)?,
        }
        Ok(())
    })
}

/// The document as it was printed; what could not be read is said on standard error.
fn imported(path: &Path) -> Result<Job, Failure> {
    let imported = read_document(path)?;
    for note in &imported.unplaced {
        eprintln!("{}: linje {} er ikke med: {}", path.display(), note.line, note.text);
    }
    let publication = imported.publication().ok_or_else(|| {
        format!("{}: the date of the meeting is missing; write it as in «Mødedato Onsdag d. 17. juni 2026 kl. 09:00»", path.display())
    })?;
    Ok(Job { publication, stand: JobStand::Imported })
}

async fn from_log(arguments: &Arguments) -> Result<Job, Failure> {
    let log = open_log(&arguments.data)?;
    let all = read_all(&log).await?;
    let (meeting, number) = choose(arguments, &all)?;
    let stream = StreamId::Meeting(meeting);
    let commits: Vec<Arc<Recorded>> = all.into_iter().filter(|r| r.commit.stream == stream).collect();
    let (publication, proof) = edition(meeting, &commits, number)?;
    log.shutdown().await?;
    Ok(Job { publication, stand: JobStand::Published(proof) })
}

async fn pdf_file(job: &Job) -> Result<File, Failure> {
    Ok(File { name: "dagsorden.pdf".into(), media_type: "application/pdf", bytes: pdf(job).await? })
}

async fn pdf(job: &Job) -> Result<Vec<u8>, Failure> {
    let program = std::env::current_exe()?;
    let pdf = render(&program, job, PdfLimits::default()).await.map_err(|error| explain(&error))?;
    for warning in &pdf.warnings {
        eprintln!("{}", Warning::explain(warning, Language::Danish));
    }
    Ok(pdf.bytes)
}

fn explain(error: &RenderError) -> String {
    match error {
        RenderError::Refused(refused) => refused.explain(Language::Danish),
        other => other.to_string(),
    }
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
