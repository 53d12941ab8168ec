//! An item that is brought from another meeting, where the documents are: its texts become one change each,
//! and beside it stands which of its operations bring whose words.

use super::LiveDocument;
use crate::{
    document::{server_actor, write_sections},
    event::{ChangesRecorded, CopiedRun, Event, TextCopied},
    forum::Actor,
    history::{AuthoredSection, Sign, hash_of, numbers},
    id::{Bytes, DocumentId},
    meeting::{Brought, BroughtText, Meeting},
    rejection::Rejection,
};

/// Pieces of one text by different authors or commits; with what is said of each, some 5 MB. A commit of the
/// log holds 8 MiB.
const MAX_RUNS: usize = 60_000;

/// Adds the item's texts to the events with which it comes.
pub(super) fn with_texts(
    meeting: &Meeting,
    actor: &Actor,
    brought: &Brought,
    mut events: Vec<Event>,
) -> Result<Vec<Event>, Rejection> {
    let Some(Event::ItemAdded(added)) = events.first() else { return Ok(events) };
    let documents = added.documents;
    for text in &brought.texts {
        let document = documents.of(text.kind);
        let keys: Vec<&str> = meeting.sections(text.kind).into_iter().map(|(key, _)| key).collect();
        let sections = text.fitted(&keys);
        let frame = frame_of(&events, document).ok_or(Rejection::Invalid("skabelon"))?;
        if let Some(copy) = copy(actor, (document, frame), text, &sections)? {
            events.extend(copy);
        }
    }
    Ok(events)
}

/// The change that lays down a new document's frame.
fn frame_of(events: &[Event], document: DocumentId) -> Option<&Bytes> {
    events.iter().find_map(|event| match event {
        Event::ChangesRecorded(e) if e.document == document => e.changes.first(),
        _ => None,
    })
}

/// `None` for a text that says nothing.
fn copy(
    actor: &Actor,
    (document, frame): (DocumentId, &Bytes),
    text: &BroughtText,
    sections: &[AuthoredSection],
) -> Result<Option<[Event; 2]>, Rejection> {
    let unfit = || Rejection::Invalid("tekst");
    let mut live = LiveDocument::new(document);
    live.replay(&frame.0, 0).map_err(|_| unfit())?;
    let mut draft = live.materialise().clone();
    let writer = server_actor(document, &actor.user);
    let change = write_sections(&mut draft, &writer, sections.iter().map(|section| &section.text));
    let Some(change) = change.map_err(|_| unfit())? else { return Ok(None) };
    live.replay(&change, 0).map_err(|_| unfit())?;
    let runs = runs(&mut live, sections);
    if runs.len() > MAX_RUNS {
        return Err(Rejection::TooMany { what: "tekststykker af forskellige forfattere", limit: MAX_RUNS });
    }
    let copied = TextCopied {
        document,
        change: hash_of(&change).ok_or_else(unfit)?,
        from: text.from,
        heads: text.heads.clone(),
        people: text.people.clone(),
        places: text.places.clone(),
        sources: text.sources.clone(),
        credits: text.credits.clone(),
        runs,
    };
    let recorded = ChangesRecorded { document, changes: vec![Bytes(change)], source: None };
    Ok(Some([copied.into(), recorded.into()]))
}

/// Whose words each operation brings.
fn runs(live: &mut LiveDocument, sections: &[AuthoredSection]) -> Vec<CopiedRun> {
    let past = live.past();
    let written = numbers(&past, sections.iter().map(|section| section.text.key.as_str()));
    let mut credited: Vec<(u32, Option<u32>)> = Vec::new();
    for (section, written) in sections.iter().zip(written) {
        credited.extend(matched(&section.signs, &written));
    }
    credited.sort_unstable_by_key(|(operation, _)| *operation);
    let mut runs: Vec<CopiedRun> = Vec::new();
    let mut before = None;
    for (operation, credit) in credited {
        match (runs.last_mut(), credit) {
            (Some(run), Some(credit)) if before == Some(credit) => run.last = operation,
            (_, Some(credit)) => runs.push(CopiedRun { first: operation, last: operation, credit }),
            (_, None) => {}
        }
        before = credit;
    }
    runs
}

/// Whose each written sign was. The two say the same, but for a block that begins where the original had words
/// without one: it is its first letter's author's. Should they ever differ, the rest is nobody's but the bringer's.
fn matched(signs: &[Sign], written: &[(u32, Option<char>)]) -> Vec<(u32, Option<u32>)> {
    let mut rest = signs;
    let mut credit_of = |character: Option<char>| {
        if character.is_some() {
            let blocks = rest.iter().take_while(|sign| sign.character.is_none()).count();
            rest = rest.get(blocks..).unwrap_or_default();
        }
        match rest.split_first() {
            Some((sign, after)) if sign.character == character => {
                rest = after;
                sign.credit
            }
            Some((sign, _)) if character.is_none() => sign.credit,
            _ => {
                rest = &[];
                None
            }
        }
    };
    written.iter().map(|(operation, character)| (*operation, credit_of(*character))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<Sign> {
        let sign = |(at, c): (usize, char)| Sign {
            character: (c != '|').then_some(c),
            credit: u32::try_from(at).ok(),
        };
        text.chars().enumerate().map(sign).collect()
    }

    fn credits(from: &str, to: &str) -> Vec<Option<u32>> {
        let written: Vec<_> = (10..).zip(to.chars().map(|c| (c != '|').then_some(c))).collect();
        matched(&signs(from), &written).into_iter().map(|(_, credit)| credit).collect()
    }

    #[test]
    fn every_sign_is_matched_with_its_original() {
        assert_eq!(credits("|ab|c", "|ab|c"), [0, 1, 2, 3, 4].map(Some));
        assert_eq!(credits("ab|c", "|ab|c"), [0, 0, 1, 2, 3].map(Some), "words before the first block");
        assert_eq!(credits("||a", "|a"), [0, 2].map(Some), "a block that shows nothing");
        assert_eq!(credits("|abc", "|axc"), [Some(0), Some(1), None, None], "never a guess");
        assert_eq!(credits("|a", "|ab"), [Some(0), Some(1), None]);
    }
}
