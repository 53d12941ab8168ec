//! A PDF attachment on its way into the joined file.

use super::{claim::Claim, objects::renumber, targets, trees::array};
use lopdf::{Dictionary, Document, ObjectId};
use std::collections::BTreeSet;

/// Pages of one attachment.
const MAX_PAGES: usize = 5_000;

/// Deepest tree of pages.
const MAX_DEPTH: usize = 64;

/// What a page has from the tree that it stands in.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// Keys of the catalog that a page may need, and that cannot be joined: forms that are filled in,
/// and layers that are shown and hidden.
const WHOLE_FILE: [&[u8]; 2] = [b"AcroForm", b"OCProperties"];

pub struct Part {
    pub document: Document,
    pub pages: Vec<ObjectId>,
    pub claim: Claim,
}

impl Part {
    /// The attachment, if it can be set into another file without losing anything.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut document = attachment::open_pdf(bytes).ok()?;
        let catalog = document.catalog().ok()?;
        if WHOLE_FILE.iter().any(|key| catalog.has(key)) {
            return None;
        }
        let claim = Claim::of(&document);
        let pages = pages(&mut document)?;
        Some(Self { document, pages, claim })
    }

    /// Gives its objects numbers from `first` on, and its links the places that they lead to.
    pub fn settle(&mut self, first: u32) -> Option<()> {
        renumber(&mut self.document, first);
        targets::resolve(&mut self.document);
        self.pages = pages(&mut self.document)?;
        Some(())
    }
}

/// The pages in order, each with all that it has from above; none if the tree is not sound.
fn pages(document: &mut Document) -> Option<Vec<ObjectId>> {
    let root = document.catalog().ok()?.get(b"Pages").ok()?.as_reference().ok()?;
    let (mut seen, mut pages) = (BTreeSet::new(), Vec::new());
    walk(document, root, &Dictionary::new(), MAX_DEPTH, &mut seen, &mut pages)?;
    (!pages.is_empty()).then_some(pages)
}

fn walk(
    document: &mut Document,
    id: ObjectId,
    above: &Dictionary,
    depth: usize,
    seen: &mut BTreeSet<ObjectId>,
    pages: &mut Vec<ObjectId>,
) -> Option<()> {
    let node = document.get_dictionary(id).ok()?;
    if !seen.insert(id) || depth == 0 || pages.len() >= MAX_PAGES {
        return None;
    }
    let mut here = above.clone();
    for key in INHERITED {
        if let Ok(value) = node.get(key) {
            here.set(key, value.clone());
        }
    }
    if let Some(kids) = array(document, node, b"Kids").cloned() {
        for kid in kids {
            walk(document, kid.as_reference().ok()?, &here, depth - 1, seen, pages)?;
        }
        return Some(());
    }
    let page = document.get_dictionary_mut(id).ok()?;
    here.into_iter().for_each(|(key, value)| page.set(key, value));
    pages.push(id);
    Some(())
}
