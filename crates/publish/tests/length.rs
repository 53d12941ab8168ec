//! How long an item is on paper, counted by itself, is how long it is in the whole agenda.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

mod sample;

use publish::{Format, Stand, pdf::item_pages, render, to_measure};
use sample::torture;

#[test]
fn the_items_one_by_one_are_as_long_as_in_the_whole() {
    let mut publication = torture();
    for section in publication.items.iter_mut().take(2).flat_map(|item| &mut item.sections) {
        section.blocks = vec![section.blocks.clone(); 7].concat();
    }
    let pages = |publication: &_| item_pages(&render(Format::Pdf, publication, Stand::Draft).unwrap().bytes);
    let one_by_one: Vec<u32> = publication
        .items
        .iter()
        .map(|item| pages(&to_measure(&publication, item.id).unwrap()).unwrap())
        .collect();
    assert!(one_by_one.iter().any(|pages| *pages > 1), "{one_by_one:?}");
    assert_eq!(pages(&publication), Some(one_by_one.iter().sum()), "{one_by_one:?}");
}

#[test]
fn what_is_no_pdf_of_ours_has_no_length() {
    for bytes in [
        &b""[..],
        b"<xmpTPg:NPages>",
        b"<xmpTPg:NPages>x</xmpTPg:NPages>",
        b"<xmpTPg:NPages>1</xmpTPg:NPages>",
    ] {
        assert_eq!(item_pages(bytes), None);
    }
}
