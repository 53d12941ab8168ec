//! Looking back in an item that three people wrote for long: 20,000 changes as automerge makes
//! them, 50,000 characters. Times are those of the whole HTTP request on this machine.

use crate::process::cpu_ms;
use crate::stage::Stage;
use agenda::{
    document::{create, empty, server_actor},
    id::{Hash, UserId},
};
use automerge::{
    ActorId, AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, TextEncoding,
    marks::{ExpandMark, Mark},
    transaction::Transactable,
};
use client::{Dice, Editor, Failure, Pen};
use serde_json::Value;

const CHANGES: usize = 20_000;
const CHARACTERS: usize = 50_000;
const AUTHORS: usize = 3;
/// Changes that a person makes before it is another's turn, and changes in one message.
const TURN: usize = 20;
const MESSAGE: usize = 4;
const TRIES: usize = 40;
/// What a request may take, in milliseconds.
const GOAL_MS: f64 = 50.0;
const SECTION: &str = "resume";
const WORDS: [&str; 8] =
    ["forvaltningen ", "og ", "indstiller ", "økonomi ", "at ", "borgerne ", "årligt 🚲 ", "tiltag "];

struct Author {
    editor: Editor,
    pen: Pen,
    actor: ActorId,
}

struct Item {
    meeting: String,
    item: String,
    document: String,
    /// The meeting's creation in the log; looking back begins after it.
    first: u64,
}

pub async fn history() -> Result<u64, Failure> {
    let mut dice = Dice(11);
    let stage = Stage::open().await?;
    let item = new_item(&stage, &mut dice).await?;
    let mut authors = Vec::new();
    for n in 0..AUTHORS {
        let mut pen = Pen::new(&item.document, SECTION, dice.bytes());
        let editor = Editor::open(stage.session(n)?, &mut pen).await?;
        authors.push(Author { editor, pen, actor: ActorId::from(&dice.bytes()[..]) });
    }
    let mut text = laid_down(&stage, &item).await?;
    write(&mut authors, &mut text, &mut dice).await?;
    let last = last_position(&stage, &item).await?;
    println!(
        "\nhistory: {CHANGES} changes by {AUTHORS} people in {} commits, {} characters; ms p50/p95/worst of {TRIES} requests, goal {GOAL_MS} p95",
        last - item.first,
        text.length(&object(&text, &["sections", SECTION, "body"])?),
    );
    measure(&stage, &item, last, &mut dice).await?;
    Ok(0)
}

async fn new_item(stage: &Stage, dice: &mut Dice) -> Result<Item, Failure> {
    let session = stage.session(0)?;
    let meeting = session.schedule(&dice.command()).await?;
    session.add_item(&meeting, &dice.command(), "Punkt").await?.success()?;
    let view = session.get(&format!("/api/meetings/{meeting}")).await?;
    let text = |pointer: &str| {
        let found = view.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| format!("no {pointer} in the meeting"))
    };
    let mut item =
        Item { item: text("/items/0/id")?, document: text("/items/0/documents/case")?, meeting, first: 0 };
    item.first = last_position(stage, &item).await?;
    Ok(item)
}

async fn last_position(stage: &Stage, item: &Item) -> Result<u64, Failure> {
    let path = format!("/api/meetings/{}/items/{}/history", item.meeting, item.item);
    let history = stage.session(0)?.get(&path).await?;
    Ok(history.pointer("/entries/0/position").and_then(Value::as_u64).ok_or("the history is empty")?)
}

/// The document as the service lays it down: always the same bytes for the same item.
async fn laid_down(stage: &Stage, item: &Item) -> Result<AutoCommit, Failure> {
    let session = stage.session(0)?;
    let view = session.get(&format!("/api/meetings/{}", item.meeting)).await?;
    let template = view.pointer("/template").and_then(Value::as_array).ok_or("no template")?;
    let keys: Vec<&str> = template.iter().filter_map(|section| section["key"].as_str()).collect();
    let writer = server_actor(item.document.parse()?, &UserId::new(session.user.as_str())?);
    let mut document = empty();
    document.apply_changes([automerge::Change::from_bytes(create(&writer, keys)?)?])?;
    let options = automerge::LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
    Ok(AutoCommit::load_with_options(&document.save(), options)?)
}

fn object(text: &AutoCommit, path: &[&str]) -> Result<ObjId, Failure> {
    path.iter().try_fold(ROOT, |object, key| {
        let (_, id) = text.get(&object, *key)?.ok_or_else(|| format!("no {key} in the document"))?;
        Ok(id)
    })
}

async fn write(authors: &mut [Author], text: &mut AutoCommit, dice: &mut Dice) -> Result<(), Failure> {
    let body = object(text, &["sections", SECTION, "body"])?;
    for turn in 0..CHANGES / TURN {
        let place = turn % authors.len();
        let Some(author) = authors.get_mut(place) else { continue };
        text.set_actor(author.actor.clone());
        for change in 0..TURN {
            let left = CHANGES - turn * TURN - change;
            edit(text, &body, left, dice)?;
            text.commit();
            let made = text.get_last_local_change().ok_or("no change was made")?;
            author.pen.adopt(Hash(made.hash().0), made.raw_bytes().to_vec(), made.max_op());
            if (change + 1) % MESSAGE == 0 {
                author.editor.send(&author.pen).await?;
                // A message is a commit of its own.
                while author.pen.acknowledged < author.pen.own.len() {
                    author.editor.next(&mut author.pen).await?;
                }
            }
        }
    }
    Ok(())
}

/// Mostly words, so that the text has its length when the last change is made; also paragraphs,
/// bold words and deletions.
fn edit(text: &mut AutoCommit, body: &ObjId, left: usize, dice: &mut Dice) -> Result<(), Failure> {
    let length = text.length(body);
    let at = dice.below(length as u64 + 1) as usize;
    match dice.below(40) {
        0..3 if length > 100 => text.splice_text(body, at.min(length - 8), 8, "")?,
        3 => {
            let block = text.split_block(body, at)?;
            text.put_object(&block, "parents", ObjType::List)?;
            text.put_object(&block, "attrs", ObjType::Map)?;
            text.put(&block, "type", "paragraph")?;
        }
        4 if length > 100 => {
            let bold =
                Mark::new("strong".into(), ScalarValue::from(true), at.min(length - 9), length.min(at + 9));
            text.mark(body, bold, ExpandMark::After)?;
        }
        _ => {
            let mut words = String::new();
            let due = CHARACTERS.saturating_sub(length) / left.max(1);
            while words.encode_utf16().count() <= due {
                words.push_str(WORDS[dice.below(WORDS.len() as u64) as usize]);
            }
            // Ahead of its length it grows by single letters.
            let piece: String = words.chars().take(due.max(1)).collect();
            text.splice_text(body, at, 0, &piece)?;
        }
    }
    Ok(())
}

async fn measure(stage: &Stage, item: &Item, last: u64, dice: &mut Dice) -> Result<(), Failure> {
    let base = format!("/api/meetings/{}/items/{}", item.meeting, item.item);
    let mut moment = || item.first + dice.below(last - item.first) + 1;
    let (cold, bytes) = stage.session(0)?.timed(&format!("{base}/blame")).await?;
    println!("history: the first blame {:.1} ms, {bytes} bytes", cold.as_secs_f64() * 1_000.0);
    let mut pairs: Vec<(&str, Vec<String>)> = vec![
        ("blame, now", vec![format!("{base}/blame"); TRIES]),
        ("list of changes", vec![format!("{base}/history"); TRIES]),
        ("difference, all", vec![format!("{base}/diff?from={}&to={last}", item.first); TRIES]),
    ];
    let mut at_moments = |path: &dyn Fn(u64, u64) -> String| -> Vec<String> {
        (0..TRIES).map(|_| path(moment(), moment())).collect()
    };
    pairs.push(("text, any moment", at_moments(&|at, _| format!("{base}/at/{at}"))));
    let agenda = format!("/api/meetings/{}", item.meeting);
    pairs.push(("agenda, any moment", at_moments(&|at, _| format!("{agenda}/at/{at}"))));
    pairs.push(("blame, any moment", at_moments(&|at, _| format!("{base}/blame?at={at}"))));
    pairs.push(("authors, any moment", at_moments(&|at, _| format!("{base}/diff?to={at}"))));
    pairs.push(("difference, any two", at_moments(&|a, b| format!("{base}/diff?from={a}&to={b}"))));
    for (name, paths) in pairs {
        let (mut times, mut most) = (Vec::new(), 0);
        let before = cpu_ms(stage.program.id())?;
        for path in paths {
            let (time, bytes) = stage.session(0)?.timed(&path).await?;
            times.push(time.as_secs_f64() * 1_000.0);
            most = most.max(bytes);
        }
        let cpu = (cpu_ms(stage.program.id())? - before) as f64 / TRIES as f64;
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            times.get((share * (TRIES - 1) as f64).round() as usize).copied().unwrap_or(f64::NAN)
        };
        let (p50, p95, worst) = (at(0.5), at(0.95), at(1.0));
        println!(
            "history: {name}: {p50:.1}/{p95:.1}/{worst:.1} ms ({:.2}x of the goal), {cpu:.1} ms CPU, up to {most} bytes",
            p95 / GOAL_MS
        );
    }
    Ok(())
}
