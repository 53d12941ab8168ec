//! The audit trail of a long log: a hundred thousand commits in the meetings of one forum. Times are those of the
//! whole HTTP request; memory is what the service had more of meanwhile.

use crate::process::memory_kib;
use crate::proof::{AT_ONCE, change};
use agenda::{
    event::{ChangesRecorded, Commit, Event, ItemDetailsChanged, ItemState, ItemStateChanged, Timestamp},
    id::{Bytes, CommandId, DocumentId, ItemId, MeetingId, SessionId, StreamId, UserId},
};
use client::{Dice, Failure, Program, Session, Settings};
use eventlog::{EventLog, SledLog, keys::TextKeys};
use futures::future::try_join_all;
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// Commits of each meeting.
const MEETINGS: [u64; 5] = [40_000, 15_000, 15_000, 15_000, 15_000];
/// Two years of hourly ones on working days.
const CHECKPOINTS: u64 = 5_000;
/// Between two commits.
const STEP_MS: i64 = 20_000;
const BEGIN: Timestamp = Timestamp(1_750_000_000_000);
const PEOPLE: [&str; 4] = ["sofie", "bo", "gitte", "henrik"];
const SAMPLE: Duration = Duration::from_millis(10);

struct Meeting {
    id: MeetingId,
    item: ItemId,
    document: DocumentId,
}

/// Prints a table; loses nothing.
pub async fn trail() -> Result<u64, Failure> {
    let commits: u64 = MEETINGS.iter().sum();
    println!("\ntrail: {commits} commits in {} meetings, {CHECKPOINTS} checkpoints", MEETINGS.len());
    let beside = client::program_path().parent().map(Path::to_path_buf).unwrap_or_default();
    let folder = tempfile::tempdir_in(beside)?;
    let meetings = begin(folder.path()).await?;
    fill(folder.path(), &meetings).await?;
    let program = Program::start(folder.path(), Settings::default())?;
    let session = Session::sign_in(program.address(), "sofie").await?;
    let first = meetings.first().ok_or("no meeting")?;
    let meeting = format!("/api/meetings/{}/trail", first.id);
    let forum = format!("/api/forums/{}/trail", session.forum().await?);
    for (what, path) in [
        ("meeting, JSONL", format!("{meeting}/file?format=jsonl")),
        ("meeting, CSV", format!("{meeting}/file?format=csv")),
        ("forum with checkpoints, JSONL", format!("{forum}/file?format=jsonl&checkpoints=true")),
        ("meeting, JSONL again", format!("{meeting}/file?format=jsonl")),
        ("meeting, first page, cold", meeting.clone()),
        ("meeting, first page", meeting.clone()),
        ("meeting, page of a person", format!("{meeting}?person=bo")),
        ("meeting, page of a word", format!("{meeting}?words=nr.+7")),
        ("meeting, an old page", format!("{meeting}?before=5000")),
        ("forum, first page", forum.clone()),
        ("forum, with checkpoints", format!("{forum}?checkpoints=true")),
    ] {
        measure(what, &path, &session, program.id()).await?;
    }
    Ok(0)
}

/// A forum with its meetings, each with one item, as the service makes them.
async fn begin(data: &Path) -> Result<Vec<Meeting>, Failure> {
    let program = Program::start(data, Settings::default())?;
    let session = Session::sign_in(program.address(), "sofie").await?;
    let (mut dice, mut meetings) = (Dice(5), Vec::new());
    for _ in MEETINGS {
        let id = session.schedule(&dice.command()).await?;
        session.add_item(&id, &dice.command(), "Punkt").await?.success()?;
        let item = session.first_item(&id).await?.parse()?;
        let document = session.documents(&id).await?.first().ok_or("no document")?.parse()?;
        meetings.push(Meeting { id: id.parse()?, item, document });
    }
    program.terminate()?;
    Ok(meetings)
}

async fn fill(data: &Path, meetings: &[Meeting]) -> Result<(), Failure> {
    let log = SledLog::open(&data.join("log"), TextKeys::beside(&data.join("log"))?)?;
    let mut dice = Dice(6);
    for (meeting, count) in meetings.iter().zip(MEETINGS) {
        append(&log, StreamId::Meeting(meeting.id), count, |n| event(meeting, n, &mut dice)).await?;
    }
    // The service signed one when it was started, which stands for all.
    let signed = log.read(StreamId::Seals, 1, 1).await?;
    let note = signed.first().and_then(|recorded| recorded.commit.events.first()).ok_or("no checkpoint")?;
    append(&log, StreamId::Seals, CHECKPOINTS, |_| note.clone()).await?;
    Ok(log.shutdown().await?)
}

async fn append(
    log: &SledLog,
    stream: StreamId,
    count: u64,
    mut event: impl FnMut(u64) -> Event,
) -> Result<(), Failure> {
    let (first, mut dice) = (log.head_of(stream).sequence + 1, Dice(count));
    let mut rest = 0..count;
    loop {
        let mut some = Vec::new();
        for n in rest.by_ref().take(usize::try_from(AT_ONCE)?) {
            let by = PEOPLE.get(n as usize % PEOPLE.len()).copied().unwrap_or("sofie");
            some.push(log.append(Commit {
                stream,
                sequence: first + n,
                at: Timestamp(BEGIN.0 + STEP_MS * n as i64),
                by: UserId::new(by)?,
                session: SessionId::from_bytes([1; 16]),
                command: CommandId::from_bytes(dice.bytes()),
                events: vec![event(n)],
            }));
        }
        if some.is_empty() {
            return Ok(());
        }
        try_join_all(some).await?;
    }
}

fn event(meeting: &Meeting, n: u64, dice: &mut Dice) -> Event {
    let (item, document) = (meeting.item, meeting.document);
    match n % 4 {
        0 => {
            let title = format!("Punkt nr. {n}");
            ItemDetailsChanged { item, title, journal_number: None, minutes: None, item_type: None }.into()
        }
        1 => ItemStateChanged { item, state: ItemState::Ready }.into(),
        _ => ChangesRecorded { document, changes: vec![Bytes(change(dice))], source: None }.into(),
    }
}

async fn measure(what: &str, path: &str, session: &Session, process: u32) -> Result<(), Failure> {
    let before = memory_kib(process)?;
    let mut most = before;
    let watch = async {
        loop {
            most = most.max(memory_kib(process).unwrap_or(0));
            sleep(SAMPLE).await;
        }
    };
    let started = Instant::now();
    let bytes = tokio::select! {
        () = watch => 0,
        done = session.timed(path) => done?.1,
    };
    let (took, grown) = (started.elapsed().as_secs_f64() * 1_000.0, (most - before) as f64 / 1_024.0);
    println!(
        "  {what:30} {took:9.1} ms, {:8.2} MiB; memory +{grown:.1} MiB, at the most {:.0} MiB",
        bytes as f64 / f64::from(1 << 20),
        most as f64 / 1_024.0
    );
    Ok(())
}
