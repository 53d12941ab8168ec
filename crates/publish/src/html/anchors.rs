//! The addresses inside the page. They are stable: they follow from the number of the item
//! and the key of the section, so a link from elsewhere goes on working.

use agenda::publication::{Publication, PublishedItem};
use std::collections::BTreeSet;

/// Addresses of one item and of what stands in it, in order.
pub struct ItemAnchors {
    pub item: String,
    pub sections: Vec<String>,
    pub attachments: String,
}

/// One entry for each item. All addresses differ, also where numbers or keys are repeated.
pub fn anchors(publication: &Publication) -> Vec<ItemAnchors> {
    let mut taken = super::RESERVED_IDS.iter().map(|id| (*id).to_owned()).collect();
    publication.items.iter().map(|item| item_anchors(item, &mut taken)).collect()
}

fn item_anchors(item: &PublishedItem, taken: &mut BTreeSet<String>) -> ItemAnchors {
    let own = unique(format!("punkt-{}", item.number), taken);
    let section = |key: &str| format!("{own}-{}", slug(key));
    let sections = item.sections.iter().map(|s| unique(section(&s.key), taken)).collect();
    let attachments = unique(section("bilag"), taken);
    ItemAnchors { item: own, sections, attachments }
}

/// Keys are lower-case ASCII letters and digits already; anything else is left out.
fn slug(key: &str) -> String {
    let slug: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    if slug.is_empty() { "afsnit".to_owned() } else { slug.to_ascii_lowercase() }
}

fn unique(wanted: String, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|n: u32| format!("{wanted}-{n}"));
    let free = std::iter::once(wanted.clone()).chain(numbered).find(|id| !taken.contains(id));
    let id = free.unwrap_or(wanted);
    taken.insert(id.clone());
    id
}
