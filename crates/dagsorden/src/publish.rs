//! `dagsorden publish`: a published edition from the log alone, byte for byte as it is
//! served.

use crate::{Outcome, open::open_log, runtime};
use agenda::{
    event::{Event, Position, Recorded},
    id::{MeetingId, StreamId},
};
use clap::Args;
use eventlog::EventLog;
use server::edition::edition_page;
use std::{io::Write, path::PathBuf, sync::Arc};

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
    /// Where to write; by default standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Outcome {
    runtime()?.block_on(async {
        let log = open_log(&arguments.data)?;
        let all = read_all(&log).await?;
        let (meeting, edition) = choose(arguments, &all)?;
        let stream = StreamId::Meeting(meeting);
        let commits: Vec<Arc<Recorded>> = all.into_iter().filter(|r| r.commit.stream == stream).collect();
        let page = edition_page(meeting, &commits, edition)?;
        match &arguments.out {
            Some(path) => std::fs::write(path, page).map_err(|e| format!("{}: {e}", path.display()))?,
            None => std::io::stdout().write_all(page.as_bytes())?,
        }
        log.shutdown().await?;
        Ok(())
    })
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
