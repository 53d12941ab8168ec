//! The agenda as Markdown (CommonMark, with tables as HTML), which the importer reads back to
//! the same items, sections, blocks and at-points.
//!
//! One block is one line, so no line of words can be taken for something else; what a parser
//! would read as a mark is written as an entity (`markdown::words`).

mod blocks;
mod table;
mod words;

use crate::{
    danish::long_date,
    proof::Stand,
    wording::{
        ATTACHMENTS, CONTENTS, DRAFT, DRAFT_COVER, DRAFT_PROOF, correction, item_heading, item_type, person,
        proof_facts, section_heading, title,
    },
};
use agenda::{
    content::NOTHING_TO_NOTE,
    publication::{Publication, PublishedItem},
};
use blocks::write_blocks;
use words::{line, one_line};

/// The whole agenda. The proof stands in the head, since what follows the last item would be
/// read as part of it.
pub fn markdown(publication: &Publication, stand: Stand<'_>) -> String {
    let mut out = format!("# {}\n\n", one_line(&title(publication)));
    if let Some((name, value)) = correction(publication) {
        out.push_str(&format!("{name} {}\n\n", one_line(&value)));
    }
    proof(&mut out, stand);
    out.push_str(&format!(
        "**Mødedato:** {}\n\n**Mødested:** {}\n\n",
        long_date(publication.date, publication.time),
        one_line(&publication.place)
    ));
    if !publication.participants.is_empty() {
        out.push_str("**Mødedeltagere:**\n\n");
        let people = publication.participants.iter();
        people.for_each(|one| out.push_str(&format!("- {}\n", one_line(&person(one)))));
        out.push('\n');
    }
    contents(&mut out, publication);
    publication.items.iter().for_each(|one| item(&mut out, one));
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn proof(out: &mut String, stand: Stand<'_>) {
    match stand {
        Stand::Imported => {}
        Stand::Draft => out.push_str(&format!("**{DRAFT}:** {DRAFT_COVER} {DRAFT_PROOF}\n\n")),
        Stand::Published(proof) => {
            for (name, value) in proof_facts(proof) {
                out.push_str(&format!("{name}: {value}  \n"));
            }
            out.push('\n');
        }
    }
}

fn contents(out: &mut String, publication: &Publication) {
    if publication.items.is_empty() {
        return;
    }
    out.push_str(&format!("## {CONTENTS}\n\n"));
    for (number, item) in (1..).zip(&publication.items) {
        let number: usize = number;
        let title = if item.title.trim().is_empty() { item_heading(item) } else { item.title.clone() };
        out.push_str(&format!("{number}. {}\n", one_line(&title)));
    }
    out.push('\n');
}

fn item(out: &mut String, item: &PublishedItem) {
    out.push_str(&format!("## {}\n\n", one_line(&item_heading(item))));
    if let Some(number) = &item.journal_number {
        out.push_str(&format!("Journalnummer: {}\n\n", one_line(number)));
    }
    if let Some(minutes) = item.minutes {
        out.push_str(&format!("({minutes} min.)\n\n"));
    }
    if let Some(kind) = item_type(item) {
        out.push_str(&format!("Type: {kind}\n\n"));
    }
    for section in &item.sections {
        out.push_str(&format!("### {}\n\n", one_line(section_heading(section))));
        if section.nothing {
            out.push_str(&format!("{NOTHING_TO_NOTE}\n\n"));
        }
        write_blocks(out, &section.blocks);
    }
    if !item.attachments.is_empty() {
        out.push_str(&format!("### {ATTACHMENTS}\n\n"));
        for (number, name) in (1..).zip(item.attachment_titles()) {
            let number: usize = number;
            out.push_str(&format!("{number}. {}\n", line(name)));
        }
        out.push('\n');
    }
}
