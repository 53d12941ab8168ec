//! The meeting as OParl 1.1: one `Meeting` with its organization, place and agenda items.
//!
//! OParl has no words for participants' roles, sections and proofs; they stand under names of
//! our own with the prefix `dagsorden:`, as OParl asks of extensions. What an object is
//! called follows from its id alone (`urn:uuid:…`): no server is known here.

use crate::{
    danish::with_offset,
    html,
    json::{proof, stand_name},
    proof::Stand,
    wording::{section_heading, slug, title},
};
use agenda::{
    content::Block,
    document::DECISION_SECTIONS,
    id::MeetingId,
    publication::{Publication, PublishedItem, canonical_json},
};
use serde_json::{Value, json};

fn type_url(name: &str) -> String {
    format!("https://schema.oparl.org/1.1/{name}")
}

/// The whole agenda.
pub fn oparl(publication: &Publication, stand: Stand<'_>) -> String {
    let meeting = publication.meeting;
    let mut tables = 0;
    let items: Vec<Value> =
        (0..).zip(&publication.items).map(|(order, one)| item(one, meeting, order, &mut tables)).collect();
    let mut whole = json!({
        "id": urn(&meeting),
        "type": type_url("Meeting"),
        "name": title(publication),
        "start": with_offset(publication.date, publication.time),
        "cancelled": false,
        "organization": [format!("urn:dagsorden:forum:{}", slug(&publication.forum))],
        "location": {
            "id": format!("{}:sted", urn(&meeting)),
            "type": type_url("Location"),
            "description": publication.place,
            "room": publication.place,
        },
        "agendaItem": items,
        "dagsorden:forum": publication.forum,
        "dagsorden:participants": publication.participants,
        "dagsorden:stand": stand_name(stand),
        "dagsorden:proof": proof(stand),
    });
    if !publication.kind.is_agenda() {
        whole["dagsorden:kind"] = json!(publication.kind);
    }
    if let Some(correction) = &publication.correction {
        whole["dagsorden:correction"] = json!(correction);
    }
    canonical_json(&whole)
}

fn urn(id: &impl std::fmt::Display) -> String {
    format!("urn:uuid:{id}")
}

fn item(item: &PublishedItem, meeting: MeetingId, order: usize, tables: &mut u32) -> Value {
    let sections = item.sections.iter();
    let sections: Vec<Value> = sections
        .map(|section| {
            json!({
                "key": section.key,
                "heading": section_heading(section),
                "html": html::fragment(section, item.number, tables),
            })
        })
        .collect();
    let mut one = json!({
        "id": urn(&item.id),
        "type": type_url("AgendaItem"),
        "meeting": urn(&meeting),
        "number": item.number.to_string(),
        "order": order,
        "name": item.title,
        "public": !item.closed,
        "dagsorden:journalNumber": item.journal_number,
        "dagsorden:minutes": item.minutes,
        "dagsorden:itemType": item.item_type,
        "dagsorden:sections": sections,
        "dagsorden:attachments": item.attachment_titles().collect::<Vec<_>>(),
    });
    if let Some(decision) = decision(item) {
        one["resolutionText"] = json!(decision);
    }
    one
}

/// The words of the decision, a paragraph on each line.
fn decision(item: &PublishedItem) -> Option<String> {
    let is_decision = |key: &str| DECISION_SECTIONS.iter().any(|(decision, _)| *decision == key);
    let section = item.sections.iter().find(|section| is_decision(&section.key))?;
    Some(section.blocks.iter().map(Block::plain_text).collect::<Vec<_>>().join("\n"))
}
