//! The agenda as Akoma Ntoso 3.0 (OASIS LegalDocML): a `doc` with a container for each item and
//! each section, valid against the official schema.

mod blocks;

use crate::{
    danish::long_date,
    escape::escape,
    html::{ItemAnchors, anchors},
    json::stand_name,
    proof::Stand,
    wording::{
        ATTACHMENTS, DRAFT, DRAFT_COVER, DRAFT_PROOF, IMPORTED_PROOF, correction, facts, item_heading,
        person, proof_facts, section_heading, slug, title,
    },
};
use agenda::{
    content::NOTHING_TO_NOTE,
    event::EditionKind,
    publication::{Publication, PublishedItem, PublishedSection},
};
use blocks::{Tables, write_blocks};

/// The whole agenda.
pub fn akoma_ntoso(publication: &Publication, stand: Stand<'_>) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <akomaNtoso xmlns=\"http://docs.oasis-open.org/legaldocml/ns/akn/3.0\">\n",
    );
    let (element, name) = document(publication.kind);
    out.push_str(&format!("<{element} name=\"{name}\">\n"));
    meta(&mut out, publication, stand);
    preface(&mut out, publication, stand);
    body(&mut out, publication);
    conclusions(&mut out, stand);
    out.push_str(&format!("</{element}>\n</akomaNtoso>\n"));
    out
}

/// The element of a document of this kind, and its name.
fn document(kind: EditionKind) -> (&'static str, &'static str) {
    match kind {
        EditionKind::Agenda => ("doc", "dagsorden"),
        EditionKind::Supplement => ("doc", "tillaegsdagsorden"),
        EditionKind::Minutes => ("debateReport", "referat"),
    }
}

fn meta(out: &mut String, publication: &Publication, stand: Stand<'_>) {
    out.push_str("<meta>\n<identification source=\"#forum\">\n");
    let work = format!(
        "/akn/dk/{}/{}/{}/{}",
        document(publication.kind).0,
        slug(&publication.forum),
        publication.date,
        publication.meeting
    );
    let edition = match stand {
        Stand::Published(proof) => format!("{work}/dan@{}", proof.edition),
        Stand::Imported => format!("{work}/dan"),
        Stand::Draft => format!("{work}/dan@udkast"),
    };
    let date = publication.date;
    let level = |out: &mut String, name: &str, uri: &str, more: &str| {
        out.push_str(&format!(
            "<{name}>\n<FRBRthis value=\"{uri}/main\" />\n<FRBRuri value=\"{uri}\" />\n\
             <FRBRdate date=\"{date}\" name=\"moede\" />\n<FRBRauthor href=\"#forum\" />\n{more}</{name}>\n"
        ));
    };
    level(out, "FRBRWork", &work, "<FRBRcountry value=\"dk\" />\n");
    level(out, "FRBRExpression", &edition, "<FRBRlanguage language=\"dan\" />\n");
    level(out, "FRBRManifestation", &format!("{edition}.akn"), "");
    out.push_str("</identification>\n");
    references(out, publication);
    proprietary(out, stand);
    out.push_str("</meta>\n");
}

fn references(out: &mut String, publication: &Publication) {
    let forum = &publication.forum;
    out.push_str(&format!(
        "<references source=\"#forum\">\n\
         <TLCOrganization eId=\"forum\" href=\"/ontology/organization/{}\" showAs=\"{}\" />\n",
        slug(forum),
        escape(forum)
    ));
    for (number, participant) in (1..).zip(&publication.participants) {
        let number: usize = number;
        out.push_str(&format!(
            "<TLCPerson eId=\"deltager-{number}\" href=\"/ontology/person/{}\" showAs=\"{}\" />\n",
            slug(&participant.name),
            escape(&participant.name)
        ));
    }
    out.push_str("</references>\n");
}

fn proprietary(out: &mut String, stand: Stand<'_>) {
    let proof = match stand {
        Stand::Draft | Stand::Imported => String::new(),
        Stand::Published(proof) => format!(
            " edition=\"{}\" round=\"{}\" position=\"{}\" contentHash=\"{}\"",
            proof.edition, proof.round, proof.position, proof.content_hash
        ),
    };
    out.push_str(&format!(
        "<proprietary source=\"#forum\">\n<proof xmlns=\"urn:dagsorden:proof:1\" stand=\"{}\"{proof} />\n\
         </proprietary>\n",
        stand_name(stand)
    ));
}

fn preface(out: &mut String, publication: &Publication, stand: Stand<'_>) {
    out.push_str("<preface>\n");
    if stand == Stand::Draft {
        out.push_str(&format!("<p>{DRAFT}: {DRAFT_COVER}</p>\n"));
    }
    let correction = correction(publication)
        .map(|(name, value)| format!("<p>{name} {}</p>\n", escape(&value)))
        .unwrap_or_default();
    out.push_str(&format!(
        "<p><docTitle>{}</docTitle></p>\n{correction}<p>Mødedato <docDate date=\"{}\">{}</docDate></p>\n<p>Mødested {}</p>\n",
        escape(&title(publication)),
        publication.date,
        long_date(publication.date, publication.time),
        escape(&publication.place)
    ));
    if !publication.participants.is_empty() {
        out.push_str("<p>Mødedeltagere</p>\n<ul>\n");
        let people = publication.participants.iter();
        people.for_each(|one| out.push_str(&format!("<li>{}</li>\n", escape(&person(one)))));
        out.push_str("</ul>\n");
    }
    out.push_str("</preface>\n");
}

fn body(out: &mut String, publication: &Publication) {
    out.push_str("<mainBody>\n");
    if publication.items.is_empty() {
        out.push_str("<p />\n");
    }
    let mut tables = Tables::default();
    for (one, anchors) in publication.items.iter().zip(anchors(publication)) {
        item(out, one, &anchors, &mut tables);
    }
    out.push_str("</mainBody>\n");
}

fn item(out: &mut String, item: &PublishedItem, anchors: &ItemAnchors, tables: &mut Tables) {
    open(out, "punkt", &anchors.item, &item_heading(item));
    let facts = facts(item);
    if !facts.is_empty() {
        out.push_str(&format!("<intro eId=\"{}__intro\">\n", anchors.item));
        facts.iter().for_each(|(name, value)| out.push_str(&format!("<p>{name} {}</p>\n", escape(value))));
        out.push_str("</intro>\n");
    }
    for (one, anchor) in item.sections.iter().zip(&anchors.sections) {
        section(out, one, anchor, item.number, tables);
    }
    if !item.attachments.is_empty() {
        attachments(out, item, &anchors.attachments);
    }
    out.push_str("</hcontainer>\n");
}

fn open(out: &mut String, name: &str, id: &str, heading: &str) {
    out.push_str(&format!(
        "<hcontainer name=\"{name}\" eId=\"{id}\">\n<heading>{}</heading>\n",
        escape(heading)
    ));
}

fn section(out: &mut String, section: &PublishedSection, id: &str, item: u32, tables: &mut Tables) {
    let heading = section_heading(section);
    open(out, "afsnit", id, heading);
    out.push_str(&format!("<content eId=\"{id}__content\">\n"));
    if section.nothing {
        out.push_str(&format!("<p>{NOTHING_TO_NOTE}</p>\n"));
    }
    tables.enter(item, heading);
    write_blocks(out, &section.blocks, tables);
    out.push_str("</content>\n</hcontainer>\n");
}

fn attachments(out: &mut String, item: &PublishedItem, id: &str) {
    open(out, "bilag", id, ATTACHMENTS);
    out.push_str(&format!("<content eId=\"{id}__content\">\n<ol>\n"));
    item.attachment_titles().for_each(|name| out.push_str(&format!("<li>{}</li>\n", escape(name))));
    out.push_str("</ol>\n</content>\n</hcontainer>\n");
}

fn conclusions(out: &mut String, stand: Stand<'_>) {
    out.push_str("<conclusions>\n");
    match stand {
        Stand::Draft => out.push_str(&format!("<p>{DRAFT}: {DRAFT_PROOF}</p>\n")),
        Stand::Imported => out.push_str(&format!("<p>{IMPORTED_PROOF}</p>\n")),
        Stand::Published(proof) => proof_facts(proof)
            .iter()
            .for_each(|(name, value)| out.push_str(&format!("<p>{name}: {value}</p>\n"))),
    }
    out.push_str("</conclusions>\n");
}
