//! `dagsorden replay`: a meeting, or one item of it, as it was at any position, out of a data folder whose
//! service is stopped; or change set by change set, with what each did to the words. Whoever may read the
//! folder may read all of it, so no policy of the forum applies here.

mod page;
mod paint;
mod scene;

use crate::{Outcome, open::stopped_log, runtime};
use agenda::{
    event::{Position, Timestamp},
    id::{ItemId, MeetingId},
    language::Language,
};
use clap::Args;
use eventlog::EventLog;
use paint::Paint;
use scene::Scene;
use std::{
    io::{BufRead, IsTerminal, Write},
    path::PathBuf,
    time::Duration,
};

/// Time at each change set while playing.
const STEP: Duration = Duration::from_millis(1_200);

#[derive(Args)]
pub struct Arguments {
    /// The meeting, as in the address of its page.
    meeting: MeetingId,
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// One item, by its number at that time (1, 2 …) or its id.
    #[arg(long)]
    item: Option<String>,
    /// A position of the log, or a time (2026-06-17T09:00:00+02:00); by default the newest.
    #[arg(long)]
    at: Option<String>,
    /// Step through the change sets up to there, each with what it changed; Enter goes on.
    #[arg(long)]
    steps: bool,
    /// The same, by itself.
    #[arg(long, conflicts_with = "json")]
    play: bool,
    /// As JSON, for programs; with --steps one object a line.
    #[arg(long)]
    json: bool,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    runtime()?.block_on(async {
        let log = stopped_log(&arguments.data, language)?;
        let scene = Scene::read(&log, arguments.meeting, language).await;
        log.shutdown().await?;
        show(&mut scene?, arguments, language)
    })
}

fn show(scene: &mut Scene, arguments: &Arguments, language: Language) -> Outcome {
    let sequence = sequence(scene, arguments, language)?;
    let item = arguments.item.as_deref().map(|wish| item(scene, wish, sequence, language)).transpose()?;
    let mut out = std::io::stdout().lock();
    if arguments.steps || arguments.play {
        return step(scene, (item, sequence), arguments, &mut out);
    }
    let told = if arguments.json {
        serde_json::to_string_pretty(&scene.json(item, sequence))? + "\n"
    } else {
        page::page(scene, item, sequence)
    };
    Ok(out.write_all(told.as_bytes())?)
}

/// Goes from change set to change set, up to a sequence.
fn step(
    scene: &mut Scene,
    (item, until): (Option<ItemId>, u64),
    arguments: &Arguments,
    out: &mut impl Write,
) -> Outcome {
    let stdout = std::io::stdout();
    let paint = Paint::for_output(stdout.is_terminal());
    let by_hand =
        !arguments.play && !arguments.json && stdout.is_terminal() && std::io::stdin().is_terminal();
    let entries = scene.entries(item, until);
    for (index, entry) in entries.iter().enumerate() {
        if arguments.json {
            writeln!(out, "{}", scene.entry_json(entry))?;
            continue;
        }
        write!(out, "{}", page::step(scene, entry, (index + 1, entries.len()), paint))?;
        out.flush()?;
        if index + 1 == entries.len() {
            continue;
        }
        if arguments.play {
            std::thread::sleep(STEP);
        } else if by_hand && std::io::stdin().lock().read_line(&mut String::new())? == 0 {
            break;
        }
    }
    Ok(())
}

fn sequence(scene: &Scene, arguments: &Arguments, language: Language) -> Result<u64, String> {
    let chronicle = scene.chronicle();
    let Some(at) = &arguments.at else { return Ok(chronicle.sequence()) };
    let sequence = match (at.parse::<u64>(), at.parse::<jiff::Timestamp>()) {
        (Ok(position), _) => chronicle.sequence_at(Position(position)),
        (_, Ok(time)) => chronicle.sequence_by(Timestamp(time.as_millisecond())),
        _ => {
            return Err(language.pick(
                format!("«{at}» er hverken en position eller et tidspunkt. Skriv fx 1234 eller 2026-06-17T09:00:00+02:00."),
                format!("«{at}» is neither a position nor a time. Write 1234 or 2026-06-17T09:00:00+02:00."),
            ));
        }
    };
    if sequence > 0 {
        return Ok(sequence);
    }
    let first = chronicle.moment(1).map(|moment| moment.position).unwrap_or_default();
    Err(language.pick(
        format!("Mødet fandtes ikke endnu. Det begynder ved position {first}."),
        format!("The meeting was not there yet. It begins at position {first}."),
    ))
}

fn item(scene: &Scene, wish: &str, sequence: u64, language: Language) -> Result<ItemId, String> {
    let outline = scene.chronicle().outline_at(sequence);
    let by_number = wish.parse::<usize>().ok().and_then(|number| outline?.items.get(number.checked_sub(1)?));
    let by_id = || wish.parse::<ItemId>().ok().filter(|id| outline.and_then(|all| all.item(*id)).is_some());
    by_number.map(|item| item.id).or_else(by_id).ok_or_else(|| {
        let count = outline.map_or(0, |outline| outline.items.len());
        language.pick(
            format!(
                "Punktet «{wish}» fandtes ikke. Antal punkter på dagsordenen: {count}. Brug nummer eller id."
            ),
            format!("There was no item «{wish}». Items on the agenda: {count}. Use a number or an id."),
        )
    })
}
