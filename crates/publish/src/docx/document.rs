//! The document part: cover, table of contents, items, proof.

use super::{
    PAGE_UNKNOWN,
    body::{Looks, Writer},
};
use crate::{
    danish::long_date,
    proof::Stand,
    wording::{
        ATTACHMENTS, CONTENTS, DRAFT, DRAFT_COVER, DRAFT_PROOF, HOW_TO_CHECK, IMPORTED_PROOF, PROOF_HEADING,
        correction, extract_note, facts, item_heading, person, proof_facts, section_heading,
    },
};
use agenda::{
    content::{Inline, NOTHING_TO_NOTE},
    publication::{Publication, PublishedItem},
};

/// What the document says of itself before its first item.
pub struct Cover<'a> {
    pub title: &'a str,
    /// The number of the only item, where the document is an extract.
    pub extract: Option<u32>,
    /// The page of each item, as far as they are known.
    pub pages: &'a [u32],
}

pub fn document(publication: &Publication, stand: Stand<'_>, cover: &Cover<'_>) -> Writer {
    let mut writer = Writer::new();
    write_cover(&mut writer, publication, stand, cover);
    if cover.extract.is_none() {
        contents(&mut writer, publication, cover.pages);
    }
    for (index, one) in publication.items.iter().enumerate() {
        item(&mut writer, one, index);
    }
    proof(&mut writer, stand);
    writer
}

fn styled(writer: &mut Writer, style: &str, text: &str) {
    writer.paragraph(Looks { style: Some(style), ..Looks::default() }, &[Inline::plain(text)]);
}

/// "Mødested: Rådhuset", the name in bold.
fn fact(writer: &mut Writer, name: &str, value: &str) {
    let name = Inline { bold: true, ..Inline::plain(format!("{name}: ")) };
    writer.paragraph(Looks { style: Some("Fact"), ..Looks::default() }, &[name, Inline::plain(value)]);
}

fn write_cover(writer: &mut Writer, publication: &Publication, stand: Stand<'_>, cover: &Cover<'_>) {
    if stand == Stand::Draft {
        let mark = Inline { bold: true, ..Inline::plain(format!("{DRAFT}: ")) };
        writer.paragraph(Looks::default(), &[mark, Inline::plain(DRAFT_COVER)]);
    }
    styled(writer, "Title", cover.title);
    if let Some(number) = cover.extract {
        writer.paragraph(Looks::default(), &[Inline::plain(extract_note(publication, number))]);
    }
    if let Some((name, value)) = correction(publication) {
        fact(writer, name, &value);
    }
    fact(writer, "Mødedato", &long_date(publication.date, publication.time));
    fact(writer, "Mødested", &publication.place);
    if !publication.participants.is_empty() {
        fact(writer, "Mødedeltagere", "");
        let people: Vec<String> = publication.participants.iter().map(person).collect();
        writer.names(false, people.iter().map(String::as_str));
    }
}

/// Word names places in a document with letters, digits and underscores.
fn bookmark(index: usize) -> String {
    format!("_Punkt{}", index + 1)
}

fn contents(writer: &mut Writer, publication: &Publication, pages: &[u32]) {
    styled(writer, "TOCHeading", CONTENTS);
    for (index, item) in publication.items.iter().enumerate() {
        writer.open_paragraph(Looks { style: Some("TOC1"), ..Looks::default() });
        if index == 0 {
            field_begin(writer, "TOC \\o \"1-1\" \\h \\z");
        }
        writer.xml.push_str(&format!("<w:hyperlink w:anchor=\"{}\" w:history=\"1\">", bookmark(index)));
        writer.text(&item_heading(item), "");
        writer.xml.push_str("<w:r><w:tab/></w:r>");
        field_begin(writer, &format!("PAGEREF {} \\h", bookmark(index)));
        writer.text(&pages.get(index).map_or_else(|| PAGE_UNKNOWN.to_owned(), u32::to_string), "");
        field_end(writer);
        writer.xml.push_str("</w:hyperlink>");
        if index + 1 == publication.items.len() {
            field_end(writer);
        }
        writer.xml.push_str("</w:p>\n");
    }
}

fn field_begin(writer: &mut Writer, instruction: &str) {
    let instruction = instruction.replace('"', "&quot;");
    writer.xml.push_str(&format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {instruction} \
         </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
    ));
}

fn field_end(writer: &mut Writer) {
    writer.xml.push_str("<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
}

fn item(writer: &mut Writer, item: &PublishedItem, index: usize) {
    writer.item = item.number;
    writer.open_paragraph(Looks { style: Some("Heading1"), ..Looks::default() });
    let name = bookmark(index);
    writer.xml.push_str(&format!("<w:bookmarkStart w:id=\"{index}\" w:name=\"{name}\"/>"));
    writer.text(&item_heading(item), "");
    writer.xml.push_str(&format!("<w:bookmarkEnd w:id=\"{index}\"/></w:p>\n"));
    facts(item).iter().for_each(|(name, value)| fact(writer, name, value));
    for section in &item.sections {
        writer.section = section_heading(section).to_owned();
        styled(writer, "Heading2", section_heading(section));
        if section.nothing {
            writer.paragraph(Looks::default(), &[Inline::plain(NOTHING_TO_NOTE)]);
        }
        writer.blocks(&section.blocks);
    }
    if !item.attachments.is_empty() {
        styled(writer, "Heading2", ATTACHMENTS);
        writer.names(true, item.attachment_titles());
    }
}

fn proof(writer: &mut Writer, stand: Stand<'_>) {
    styled(writer, "ProofHeading", PROOF_HEADING);
    match stand {
        Stand::Draft => {
            writer.paragraph(Looks::default(), &[Inline::plain(format!("{DRAFT}: {DRAFT_PROOF}"))])
        }
        Stand::Imported => writer.paragraph(Looks::default(), &[Inline::plain(IMPORTED_PROOF)]),
        Stand::Published(proof) => {
            proof_facts(proof).iter().for_each(|(name, value)| fact(writer, name, value));
            writer.paragraph(Looks::default(), &[Inline::plain(HOW_TO_CHECK)]);
        }
    }
}
