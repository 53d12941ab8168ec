//! What the template sets: the agenda as plain data, all text drawn already. The template
//! decides how it looks and adds no words of its own but "Side x af y".

use super::{
    body::{self, Node, PAGE_ROOM, Place, nothing_to_note},
    words::{PAGE_WORD, Words},
};
use crate::{
    danish::long_date,
    html::anchors::{ItemAnchors, anchors},
    proof::Stand,
    wording,
};
use agenda::publication::{Publication, PublishedItem};
use serde::Serialize;

/// Digits of the content hash in the footer; the whole hash stands on the cover.
const SHORT_HASH: usize = 12;

/// The section that the minutes of an item stand in.
const CASE_TEXT: &str = "sagsfremstilling";

#[derive(Serialize)]
pub struct Sheet {
    title: String,
    forum: String,
    /// The content hash of what is published: an altered file still says which edition it was.
    keywords: Vec<String>,
    draft: Option<Draft>,
    /// Name and value.
    facts: Vec<(&'static str, String)>,
    participants: Option<Participants>,
    contents: &'static str,
    items: Vec<Item>,
    proof: Proof,
    footer: String,
}

/// What marks a draft on every page.
#[derive(Serialize)]
struct Draft {
    mark: &'static str,
    note: &'static str,
}

#[derive(Serialize)]
struct Participants {
    name: &'static str,
    people: Vec<String>,
}

#[derive(Serialize)]
struct Item {
    anchor: String,
    heading: String,
    facts: Vec<String>,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct Section {
    anchor: String,
    heading: String,
    nodes: Vec<Node>,
}

#[derive(Serialize)]
struct Proof {
    heading: &'static str,
    facts: Vec<(&'static str, String)>,
    note: &'static str,
}

/// The attachments of one item, for the list at the end of a joined file.
pub struct ListedItem {
    pub heading: String,
    pub attachments: Vec<Listed>,
}

/// An attachment in that list.
pub struct Listed {
    pub text: String,
    /// Where it begins, in pages after the last of the agenda.
    pub page_after: Option<usize>,
}

impl Sheet {
    /// The agenda with a list of attachments as its last part.
    pub fn with_list(mut self, list: &[ListedItem], words: &mut Words) -> Self {
        words.item = 0;
        let mut entry = |one: &Listed| Node::entry(words.line(&one.text), one.page_after);
        let mut sections = Vec::new();
        for (item, number) in list.iter().zip(1..) {
            let entries = item.attachments.iter().map(&mut entry).collect();
            let nodes = vec![Node::List { ordered: false, entries }];
            sections.push(Section {
                anchor: format!("bilag-{number}"),
                heading: item.heading.clone(),
                nodes,
            });
        }
        for section in &mut sections {
            section.heading = words.line(&section.heading);
        }
        if !sections.is_empty() {
            let (anchor, heading) = ("bilag".to_owned(), wording::ATTACHMENTS.to_owned());
            self.items.push(Item { anchor, heading, facts: vec![], sections });
        }
        self
    }
}

/// The agenda as the template takes it.
pub fn sheet(publication: &Publication, stand: Stand<'_>, words: &mut Words) -> Sheet {
    let mut tables = 0;
    let items = publication.items.iter().zip(anchors(publication));
    let items = items.map(|(one, anchors)| item(one, anchors, &mut tables, words)).collect();
    words.item = 0;
    let people: Vec<_> =
        publication.participants.iter().map(|person| words.line(&wording::person(person))).collect();
    Sheet {
        title: words.line(&wording::title(publication)),
        forum: words.line(&publication.forum),
        keywords: keywords(stand),
        draft: matches!(stand, Stand::Draft)
            .then_some(Draft { mark: wording::DRAFT, note: wording::DRAFT_COVER }),
        facts: cover_facts(publication, words),
        participants: (!people.is_empty()).then_some(Participants { name: "Mødedeltagere", people }),
        contents: wording::CONTENTS,
        items,
        proof: proof(publication, stand),
        footer: footer(publication, stand),
    }
}

fn keywords(stand: Stand<'_>) -> Vec<String> {
    let Stand::Published(proof) = stand else { return Vec::new() };
    vec![format!("sha256:{}", proof.content_hash)]
}

fn cover_facts(publication: &Publication, words: &mut Words) -> Vec<(&'static str, String)> {
    let correction = wording::correction(publication).map(|(name, value)| (name, words.line(&value)));
    let date = ("Mødedato", long_date(publication.date, publication.time));
    correction.into_iter().chain([date, ("Mødested", words.line(&publication.place))]).collect()
}

fn item(item: &PublishedItem, anchors: ItemAnchors, tables: &mut u32, words: &mut Words) -> Item {
    words.item = item.number;
    // As in all published agendas: the minutes open the case text, where there is one.
    let mut minutes = item.minutes.map(|minutes| format!("({minutes} min.)"));
    let mut sections = Vec::new();
    for (section, anchor) in item.sections.iter().zip(anchors.sections) {
        let timed = if section.key == CASE_TEXT { minutes.take() } else { None };
        let heading = words.line(wording::section_heading(section));
        let mut place = Place { words, section: &heading, tables, depth: 0, room: PAGE_ROOM };
        let mut nodes: Vec<Node> = timed.map(Node::paragraph).into_iter().collect();
        nodes.extend(section.nothing.then(nothing_to_note));
        nodes.extend(body::nodes(&section.blocks, &mut place));
        sections.push(Section { anchor, heading, nodes });
    }
    if !item.attachments.is_empty() {
        let names = item.attachment_titles().map(|title| words.draw(title, PAGE_WORD)).collect();
        let nodes = vec![Node::names(names)];
        sections.push(Section { anchor: anchors.attachments, heading: wording::ATTACHMENTS.into(), nodes });
    }
    let kind = wording::item_type(item).map(str::to_owned);
    let journal = item.journal_number.as_ref().map(|number| words.line(number));
    Item {
        anchor: anchors.item,
        heading: words.line(&wording::item_heading(item)),
        facts: journal.into_iter().chain(kind).chain(minutes).filter(|fact| !fact.is_empty()).collect(),
        sections,
    }
}

fn proof(publication: &Publication, stand: Stand<'_>) -> Proof {
    let (facts, note) = match stand {
        Stand::Published(proof) => (wording::proof_facts(proof).to_vec(), wording::HOW_TO_CHECK),
        Stand::Imported => (vec![wording::hash_fact(publication.content_hash())], wording::IMPORTED_PROOF),
        Stand::Draft => (vec![], wording::DRAFT_PROOF),
    };
    Proof { heading: wording::PROOF_HEADING, facts, note }
}

fn footer(publication: &Publication, stand: Stand<'_>) -> String {
    let short = |hash: String| hash.get(..SHORT_HASH).unwrap_or(&hash).to_owned();
    match stand {
        Stand::Published(proof) => {
            let (edition, round) = (proof.edition, proof.round);
            format!("Udgave {edition}, runde {round} · SHA-256 {}", short(proof.content_hash.to_string()))
        }
        Stand::Imported => {
            format!("Indlæst fra fil · SHA-256 {}", short(publication.content_hash().to_string()))
        }
        Stand::Draft => wording::DRAFT.to_owned(),
    }
}
