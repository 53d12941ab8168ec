//! The published page: what it looks like, and what no text can make of it.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

mod sample;

use agenda::{
    content::{Block, Row},
    publication::Publication,
};
use proptest::prelude::*;
use publish::{
    Artefact, Format, Stand,
    html::{STYLE, content_security_policy, html, served},
};
use roxmltree::{Document, Node, ParsingOptions};
use sample::{PROOF, cell, heading, item, li, person, row, run, section, torture};
use std::collections::BTreeSet;

const ELEMENTS: &str = "a article body br code dd div dl dt em footer h1 h2 h3 h4 h5 h6 head header html li \
    main meta nav ol p section span strong style table tbody td th thead time title tr ul";
const ATTRIBUTES: &str = "aria-hidden aria-label aria-labelledby charset class colspan content datetime href id \
    lang name rel role rowspan scope tabindex";

fn parse(page: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(page, options).unwrap()
}

/// The element names in order, with their depth; without line breaks, which texts may have.
fn skeleton(document: &Document<'_>) -> Vec<(usize, String)> {
    let elements = document.descendants().filter(Node::is_element).filter(|n| !n.has_tag_name("br"));
    elements.map(|n| (n.ancestors().count(), n.tag_name().name().to_owned())).collect()
}

fn words(document: &Document<'_>) -> String {
    document.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect()
}

fn check_allowed(document: &Document<'_>) {
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(ELEMENTS.split_whitespace().any(|known| known == name), "<{name}>");
        for attribute in node.attributes() {
            assert!(ATTRIBUTES.split_whitespace().any(|known| known == attribute.name()), "{attribute:?}");
        }
        if let Some(href) = node.attribute("href") {
            assert!(href.starts_with('#') || agenda::content::safe_link(href) == Some(href), "{href}");
            assert_eq!(node.attribute("rel").is_some(), !href.starts_with('#'));
        }
    }
}

#[test]
fn the_page_of_everything() {
    let page = html(&torture(), Stand::Published(&PROOF));
    insta::assert_snapshot!(page.replace(STYLE, ""));
}

#[test]
fn a_draft_says_so_in_title_cover_print_and_footer_and_claims_no_proof() {
    let page = html(&torture(), Stand::Draft);
    let document = parse(&page);
    let text = |name: &str| {
        let node = document.descendants().find(|n| n.has_tag_name(name)).unwrap();
        node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect::<String>()
    };
    assert!(["title", "header", "footer"].into_iter().all(|name| text(name).contains("UDKAST")));
    assert!(page.contains("<body class=\"draft\">") && STYLE.contains("@page draft"));
    assert!(!page.contains("SHA-256"));
    assert!(!html(&torture(), Stand::Published(&PROOF)).replace(STYLE, "").contains("UDKAST"));
}

#[test]
fn a_served_page_links_to_every_format_and_is_the_file_in_all_else() {
    let stand = Stand::Published(&PROOF);
    let page = served(&torture(), stand, "/dagsorden/x/2", &[]);
    let document = parse(&page);
    let nav = document.descendants().find(|n| n.attribute("class") == Some("downloads")).unwrap();
    let links: Vec<_> = nav.descendants().filter_map(|n| n.attribute("href")).collect();
    let wanted = Format::ALL.map(|format| format!("/dagsorden/x/2/{}", Artefact::Whole(format).path()));
    assert_eq!(links, wanted);
    assert!(nav.descendants().filter(|n| n.has_tag_name("a")).all(|n| n.attribute("type").is_some()));
    let heading = document.descendants().find(|n| n.attribute("id") == nav.attribute("aria-labelledby"));
    assert_eq!(heading.unwrap().text(), Some("Hent dagsordenen"));
    let (from, to) = (nav.range().start, nav.range().end + 1);
    let check = "<p><a href=\"/verificer\">Kontrollér dokumentet</a></p>\n";
    assert_eq!(page.matches(check).count(), 1);
    let rest = format!("{}{}", &page[..from], &page[to..]).replace(check, "");
    assert_eq!(rest, html(&torture(), stand));
    let draft = served(&torture(), Stand::Draft, "/x", &[]);
    assert!(draft.contains("Hent udkastet") && !draft.contains(check));
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let once = html(&torture(), Stand::Published(&PROOF));
    assert_eq!(once, html(&torture().clone(), Stand::Published(&PROOF.clone())));
}

#[test]
fn every_link_inside_the_page_has_one_target() {
    let page = html(&torture(), Stand::Published(&PROOF));
    let document = parse(&page);
    let ids: Vec<_> = document.descendants().filter_map(|n| n.attribute("id")).collect();
    let unique: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    let hrefs = document.descendants().filter_map(|n| n.attribute("href")?.strip_prefix('#'));
    let labels = document.descendants().filter_map(|n| n.attribute("aria-labelledby"));
    assert!(hrefs.chain(labels).all(|target| unique.contains(target)));
    assert!(["punkt-1", "punkt-1-indstilling", "punkt-1-bilag"].iter().all(|id| unique.contains(id)));
}

/// `thead: col col | tbody: row td`: the row groups, and what each cell is or heads.
fn outline(rows: Vec<Row>) -> String {
    let section = section("oekonomi", "Økonomi", vec![Block::Table { rows }]);
    let page = html(&Publication { items: vec![item(1, "Tal", vec![section])], ..torture() }, Stand::Draft);
    let document = parse(&page);
    let table = document.descendants().find(|n| n.has_tag_name("table")).unwrap();
    let cell = |n: Node<'_, '_>| n.attribute("scope").unwrap_or(n.tag_name().name()).to_owned();
    let group = |group: Node<'_, '_>| {
        let cells = group.descendants().filter(|n| n.has_tag_name("td") || n.has_tag_name("th"));
        format!("{}: {}", group.tag_name().name(), cells.map(cell).collect::<Vec<_>>().join(" "))
    };
    table.children().filter(Node::is_element).map(group).collect::<Vec<_>>().join(" | ")
}

#[test]
fn header_cells_head_their_columns_or_their_row() {
    let (th, td) = (|rows| cell(true, 1, rows, "h"), || cell(false, 1, 1, "d"));
    let plain = vec![row(vec![th(1), th(1)]), row(vec![th(1), td()]), row(vec![td(), th(1)])];
    assert_eq!(outline(plain), "thead: col col | tbody: row td td col");
    let spans_two_head_rows = vec![row(vec![th(2), th(1)]), row(vec![th(1)]), row(vec![td(), td()])];
    assert_eq!(outline(spans_two_head_rows), "thead: col col col | tbody: td td");
    let spans_into_the_body = vec![row(vec![th(2), th(1)]), row(vec![td()])];
    assert_eq!(outline(spans_into_the_body), "tbody: col col td");
    let without_words = vec![row(vec![cell(true, 1, 1, " "), th(1)]), row(vec![th(1), td()])];
    assert_eq!(outline(without_words), "thead: td col | tbody: row td");
}

#[test]
fn only_void_elements_close_themselves() {
    let page = html(&torture(), Stand::Published(&PROOF));
    for (end, _) in page.match_indices("/>") {
        let start = page[..end].rfind('<').unwrap();
        assert!(
            ["<br ", "<meta "].iter().any(|void| page[start..].starts_with(void)),
            "{}",
            &page[start..end]
        );
    }
}

#[test]
fn the_policy_knows_the_style_that_the_page_has() {
    let page = html(&torture(), Stand::Draft);
    assert!(page.contains(&format!("<style>{STYLE}</style>")));
    assert!(!STYLE.contains(['<', '&', '\r']));
    let policy = content_security_policy();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
}

/// An agenda in which each text is the next of `texts`, in turn.
fn filled(texts: &[String], link: &str) -> Publication {
    let mut turn = texts.iter().cycle();
    // A first letter, so that no text is blank: what is blank is left out.
    let mut next = || format!("x{}", turn.next().unwrap());
    let linked = Block::Paragraph { text: vec![run(&next(), "b", Some(link)), run(&next(), "i", None)] };
    let table = Block::Table { rows: vec![row(vec![cell(true, 1, 1, &next())])] };
    let blocks = vec![linked, heading(1, &next()), li(true, 0, &next()), table];
    let mut item = item(1, &next(), vec![section(&next(), &next(), blocks)]);
    item.journal_number = Some(next());
    item.attachments = vec![next().as_str().into()];
    let (forum, place) = (next(), next());
    let participants = vec![person(&next(), &[&next(), &next()])];
    Publication { forum, place, participants, items: vec![item], ..torture() }
}

fn text() -> impl Strategy<Value = String> {
    let markup = "(<|>|&|\"|'|/|=| |a|script|style|!--|-->|\\]\\]>|&lt;|&#0;|\\n|\\r|\\t|\\x00)*";
    prop_oneof![any::<String>(), markup]
}

fn link() -> impl Strategy<Value = String> {
    prop_oneof![
        text(),
        text().prop_map(|t| format!("https:{t}")),
        text().prop_map(|t| format!("javascript:{t}"))
    ]
}

proptest! {
    #[test]
    fn no_text_becomes_markup(texts in prop::collection::vec(text(), 1..6), link in link()) {
        let safe = agenda::content::safe_link(&link).map_or("#", |_| "https://havn.example");
        let tame = html(&filled(&[String::new()], safe), Stand::Draft);
        let page = html(&filled(&texts, &link), Stand::Draft);
        let document = parse(&page);
        check_allowed(&document);
        prop_assert_eq!(skeleton(&document), skeleton(&parse(&tame)));
    }

    #[test]
    fn every_word_is_on_the_page(texts in prop::collection::vec("[a-zæøå<>&\"' ]{0,12}", 1..6)) {
        let page = html(&filled(&texts, "#"), Stand::Draft);
        let words = words(&parse(&page));
        let missing = texts.iter().find(|text| !words.contains(&format!("x{text}")));
        prop_assert_eq!(missing, None);
    }
}
