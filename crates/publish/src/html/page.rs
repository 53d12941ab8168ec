//! The page around the texts: cover, contents, items, proof.

use super::{
    Place, STYLE, Shape,
    anchors::{ItemAnchors, anchors},
    blocks, downloads,
    notices::{self, Notice},
};
use crate::{
    attachment::{address, note},
    danish::{clock, long_date},
    escape::escape,
    proof::{Proof, Stand},
    wording::{self, DRAFT, DRAFT_COVER, DRAFT_PROOF, IMPORTED_PROOF},
};
use agenda::{
    content::NOTHING_TO_NOTE,
    event::Participant,
    publication::{Publication, PublishedItem, PublishedSection},
};

/// The fact of the proof that is set as code.
const HASH_FACT: usize = 3;
/// The words of [`wording::HOW_TO_CHECK`] that are set as code.
const COMMAND: &str = "dagsorden verify";
/// Where the service checks files.
const CHECK: &str = "/verificer";

pub(super) fn page(publication: &Publication, stand: Stand<'_>, shape: Shape<'_>) -> String {
    let extract = if let Shape::Extract(number) = shape { Some(number) } else { None };
    let title =
        extract.map_or_else(|| wording::title(publication), |n| wording::extract_title(publication, n));
    let title = escape(&title);
    let anchors = anchors(publication);
    let mut out = String::new();
    head(&mut out, &title, stand);
    cover(&mut out, &title, publication, stand, extract);
    if let Shape::Served { address, notices } = shape {
        notices::notices(&mut out, notices);
        downloads::downloads(&mut out, publication, stand, address);
    }
    if extract.is_none() {
        contents(&mut out, publication, &anchors);
    }
    out.push_str("<main id=\"punkter\" tabindex=\"-1\">\n");
    let mut place = Place { item: 0, section: "", tables: 0 };
    for (one, anchors) in publication.items.iter().zip(&anchors) {
        item(&mut out, (publication, stand), one, anchors, &mut place);
    }
    out.push_str("</main>\n");
    footer(&mut out, stand, shape);
    out.push_str("</body>\n</html>\n");
    out
}

/// A page that has nothing to show but why.
pub(super) fn gone(text: &str, notices: &[Notice]) -> String {
    const TITLE: &str = "Udgaven kan ikke længere vises";
    let (mut out, imported) = (String::new(), Stand::Imported);
    head(&mut out, TITLE, imported);
    out.push_str(&format!(
        "<main id=\"punkter\" tabindex=\"-1\">\n<h1>{TITLE}</h1>\n<p>{}</p>\n",
        escape(text)
    ));
    notices::notices(&mut out, notices);
    out.push_str(&format!(
        "<p>Har du en fil fra udgaven, kan du stadig <a href=\"{CHECK}\">undersøge, om den er uændret</a>.</p>\n</main>\n\
         </body>\n</html>\n"
    ));
    out
}

fn head(out: &mut String, title: &str, stand: Stand<'_>) {
    let (class, mark) = match stand {
        Stand::Draft => (" class=\"draft\"", format!("{DRAFT}: ")),
        Stand::Published(_) | Stand::Imported => ("", String::new()),
    };
    out.push_str(&format!(
        "<!DOCTYPE html>\n<html lang=\"da\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <meta name=\"color-scheme\" content=\"light dark\" />\n<title>{mark}{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body{class}>\n\
         <a class=\"skip\" href=\"#punkter\">Gå til punkterne</a>\n"
    ));
}

fn cover(out: &mut String, title: &str, publication: &Publication, stand: Stand<'_>, extract: Option<u32>) {
    out.push_str("<header>\n");
    if stand == Stand::Draft {
        out.push_str(&format!("<p class=\"mark\"><strong>{DRAFT}</strong> {DRAFT_COVER}</p>\n"));
    }
    let (date, time) = (publication.date, publication.time);
    let note =
        extract.map(|n| format!("<p>{}</p>\n", wording::extract_note(publication, n))).unwrap_or_default();
    let correction = wording::correction(publication)
        .map(|(name, value)| format!("<dt>{name}</dt>\n<dd>{}</dd>\n", escape(&value)))
        .unwrap_or_default();
    out.push_str(&format!(
        "<h1>{title}</h1>\n{note}<dl>\n{correction}<dt>Mødedato</dt>\n<dd><time datetime=\"{date}T{}\">{}</time></dd>\n\
         <dt>Mødested</dt>\n<dd>{}</dd>\n",
        clock(time),
        long_date(date, time),
        escape(&publication.place)
    ));
    participants(out, &publication.participants);
    out.push_str("</dl>\n</header>\n");
}

fn participants(out: &mut String, participants: &[Participant]) {
    if participants.is_empty() {
        return;
    }
    out.push_str("<dt>Mødedeltagere</dt>\n<dd><ul>\n");
    for person in participants {
        out.push_str(&format!("<li>{}</li>\n", escape(&wording::person(person))));
    }
    out.push_str("</ul></dd>\n");
}

fn contents(out: &mut String, publication: &Publication, anchors: &[ItemAnchors]) {
    out.push_str("<nav aria-labelledby=\"indhold\">\n<h2 id=\"indhold\">Indholdsfortegnelse</h2>\n");
    if !publication.items.is_empty() {
        out.push_str("<ol>\n");
        for (item, anchors) in publication.items.iter().zip(anchors) {
            contents_entry(out, item, anchors);
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</nav>\n");
}

fn contents_entry(out: &mut String, item: &PublishedItem, anchors: &ItemAnchors) {
    out.push_str(&format!("<li><a href=\"#{}\">{}</a>\n", anchors.item, item_heading(item)));
    let mut parts: Vec<_> =
        item.sections.iter().map(section_heading).zip(anchors.sections.iter().map(String::as_str)).collect();
    if !item.attachments.is_empty() {
        parts.push(("Bilag".to_owned(), &anchors.attachments));
    }
    if !parts.is_empty() {
        out.push_str("<ul>\n");
        for (heading, anchor) in parts {
            out.push_str(&format!("<li><a href=\"#{anchor}\">{heading}</a></li>\n"));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</li>\n");
}

/// What an item needs to know of the page that it stands on.
type Whole<'a> = (&'a Publication, Stand<'a>);

fn item<'a>(
    out: &mut String,
    whole: Whole<'_>,
    item: &'a PublishedItem,
    anchors: &ItemAnchors,
    place: &mut Place<'a>,
) {
    place.item = item.number;
    out.push_str(&format!("<article aria-labelledby=\"{}\">\n", anchors.item));
    let name = format!("punkt {}", item.number);
    heading(out, 2, &anchors.item, &item_heading(item), &name);
    facts(out, item);
    for (one, anchor) in item.sections.iter().zip(&anchors.sections) {
        place.section = &one.heading;
        out.push_str("<section>\n");
        heading(out, 3, anchor, &section_heading(one), &format!("{name}, {}", section_heading(one)));
        section_body(out, one, place);
        out.push_str("</section>\n");
    }
    attachments(out, whole, item, &anchors.attachments);
    out.push_str("</article>\n");
}

/// Escaped.
fn item_heading(item: &PublishedItem) -> String {
    escape(&wording::item_heading(item))
}

/// Escaped.
fn section_heading(section: &PublishedSection) -> String {
    escape(wording::section_heading(section))
}

/// A heading with its permanent link beside it, so that the link's name is no part of the
/// heading's. `text` and `name` are escaped.
fn heading(out: &mut String, level: u8, anchor: &str, text: &str, name: &str) {
    out.push_str(&format!(
        "<div class=\"heading\"><h{level} id=\"{anchor}\">{text}</h{level}> \
         <a class=\"permalink\" href=\"#{anchor}\"><span aria-hidden=\"true\">#</span>\
         <span class=\"unseen\">Link til {name}</span></a></div>\n"
    ));
}

fn facts(out: &mut String, item: &PublishedItem) {
    let facts = wording::facts(item);
    if facts.is_empty() {
        return;
    }
    out.push_str("<dl class=\"facts\">\n");
    for (name, value) in facts {
        out.push_str(&format!("<div><dt>{name}</dt> <dd>{}</dd></div>\n", escape(&value)));
    }
    out.push_str("</dl>\n");
}

/// What stands under a section's heading.
pub fn section_body(out: &mut String, section: &PublishedSection, place: &mut Place<'_>) {
    if section.nothing {
        out.push_str(&format!("<p>{NOTHING_TO_NOTE}</p>\n"));
    }
    blocks::section(out, &section.blocks, place);
}

fn attachments(out: &mut String, (publication, stand): Whole<'_>, item: &PublishedItem, anchor: &str) {
    if item.attachments.is_empty() {
        return;
    }
    out.push_str("<section>\n");
    heading(out, 3, anchor, "Bilag", &format!("punkt {}, Bilag", item.number));
    out.push_str("<ol>\n");
    for one in &item.attachments {
        let title = escape(one.title());
        let file = one.file().map(|file| (file, address(publication, stand, item, file)));
        out.push_str(&match file {
            None => format!("<li>{title}</li>\n"),
            Some((file, None)) => format!("<li>{title} ({})</li>\n", note(file)),
            Some((file, Some(address))) => {
                format!("<li><a href=\"{}\">{title}</a> ({})</li>\n", escape(&address), note(file))
            }
        });
    }
    out.push_str("</ol>\n</section>\n");
}

fn footer(out: &mut String, stand: Stand<'_>, shape: Shape<'_>) {
    out.push_str("<footer>\n<h2 id=\"bevis\">Om dette dokument</h2>\n");
    match stand {
        Stand::Published(proof) => self::proof(out, proof),
        Stand::Imported => out.push_str(&format!("<p>{IMPORTED_PROOF}</p>\n")),
        Stand::Draft => out.push_str(&format!("<p>{DRAFT}: {DRAFT_PROOF}</p>\n")),
    }
    if let (Stand::Published(_), Shape::Served { .. }) = (stand, shape) {
        out.push_str(&format!("<p><a href=\"{CHECK}\">Kontrollér dokumentet</a></p>\n"));
    }
    out.push_str("</footer>\n");
}

fn proof(out: &mut String, proof: &Proof) {
    out.push_str("<dl>\n");
    for (i, (name, value)) in wording::proof_facts(proof).into_iter().enumerate() {
        let value = if i == HASH_FACT { format!("<code>{value}</code>") } else { value };
        out.push_str(&format!("<dt>{name}</dt>\n<dd>{value}</dd>\n"));
    }
    let check = wording::HOW_TO_CHECK.replace(COMMAND, &format!("<code>{COMMAND}</code>"));
    out.push_str(&format!("</dl>\n<p>{check}</p>\n"));
}
