//! The XML that Danish publishing systems read from SBSYS: one element for the meeting, one for
//! each item, its texts as pairs of a heading and a body in HTML.
//!
//! What that shape has no place for stands beside it: `Deltagere`, `Journalnummer`,
//! `Varighed`, `Punkttype`, and the proof as attributes of the root. Of a closed item the publication has nothing but its place.

use crate::{
    attachment,
    danish::{capitalised, clock},
    escape::escape,
    html,
    proof::Stand,
    wording::{item_type, kind, section_heading, slug},
};
use agenda::{
    event::Participant,
    publication::{Publication, PublishedAttachment, PublishedItem},
};

/// The whole agenda.
pub fn sbsys(publication: &Publication, stand: Stand<'_>) -> String {
    let kind = capitalised(&kind(publication).to_lowercase());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Dagsorden DagsordenID=\"{}\" Åben=\"true\" \
         Dagsordentype=\"{kind}\"{}{}>\n",
        publication.meeting,
        correction(publication),
        proof(stand)
    );
    meeting(&mut out, publication);
    let mut tables = 0;
    publication.items.iter().for_each(|one| item(&mut out, (publication, stand), one, &mut tables));
    out.push_str("</Dagsorden>\n");
    out
}

fn correction(publication: &Publication) -> String {
    let Some(correction) = &publication.correction else { return String::new() };
    let reason = escape(&correction.reason);
    format!(" RettelseTilUdgave=\"{}\" Rettelsesgrund=\"{reason}\"", correction.edition)
}

fn proof(stand: Stand<'_>) -> String {
    match stand {
        Stand::Draft => " Udkast=\"true\"".to_owned(),
        Stand::Imported => String::new(),
        Stand::Published(proof) => format!(
            " Udgave=\"{}\" Runde=\"{}\" Logplads=\"{}\" Fingeraftryk=\"{}\"",
            proof.edition, proof.round, proof.position, proof.content_hash
        ),
    }
}

fn meeting(out: &mut String, publication: &Publication) {
    let (date, time) = (publication.date, clock(publication.time));
    out.push_str(&format!(
        "<Møde MødeID=\"{}\" Udvalg=\"{}\" UdvalgID=\"{}\" Mødedato=\"{date}\" Mødetid=\"{time}\" \
         Mødested=\"{}\">\n",
        publication.meeting,
        escape(&publication.forum),
        slug(&publication.forum),
        escape(&publication.place)
    ));
    participants(out, &publication.participants);
    out.push_str("</Møde>\n");
}

fn participants(out: &mut String, participants: &[Participant]) {
    if participants.is_empty() {
        return;
    }
    out.push_str("<Deltagere>\n");
    for person in participants {
        out.push_str(&format!("<Deltager Navn=\"{}\">\n", escape(&person.name)));
        person.roles.iter().for_each(|role| out.push_str(&format!("<Rolle>{}</Rolle>\n", escape(role))));
        out.push_str("</Deltager>\n");
    }
    out.push_str("</Deltagere>\n");
}

fn item(out: &mut String, whole: (&Publication, Stand<'_>), item: &PublishedItem, tables: &mut u32) {
    out.push_str(&format!(
        "<Dagsordenpunkt DagsordenpunktID=\"{}\" Nummer=\"{}\" Åbent=\"{}\">\n<Overskrift>{}</Overskrift>\n",
        item.id,
        item.number,
        !item.closed,
        escape(&item.title)
    ));
    if let Some(number) = &item.journal_number {
        out.push_str(&format!("<Journalnummer>{}</Journalnummer>\n", escape(number)));
    }
    if let Some(minutes) = item.minutes {
        out.push_str(&format!("<Varighed>{minutes}</Varighed>\n"));
    }
    if let Some(kind) = item_type(item) {
        out.push_str(&format!("<Punkttype>{kind}</Punkttype>\n"));
    }
    for section in &item.sections {
        out.push_str(&format!(
            "<Indhold>\n<Titel>{}</Titel>\n<Tekst>{}</Tekst>\n</Indhold>\n",
            escape(section_heading(section)),
            escape(&html::fragment(section, item.number, tables))
        ));
    }
    attachments(out, whole, item);
    out.push_str("</Dagsordenpunkt>\n");
}

/// An attachment that is known by its name alone, or closed, has no address.
fn attachments(out: &mut String, (publication, stand): (&Publication, Stand<'_>), item: &PublishedItem) {
    if item.attachments.is_empty() {
        return;
    }
    out.push_str("<Bilagsliste>\n");
    for (number, one) in (1..).zip(&item.attachments) {
        let number: usize = number;
        let address = one.file().and_then(|file| attachment::address(publication, stand, item, file));
        let public = !matches!(one, PublishedAttachment::Closed(_));
        out.push_str(&format!(
            "<Bilag BilagID=\"{}-{number}\" Navn=\"{}\" MaaPubliceres=\"{public}\" BilagUrl=\"{}\" />\n",
            item.id,
            escape(one.title()),
            escape(&address.unwrap_or_default())
        ));
    }
    out.push_str("</Bilagsliste>\n");
}
