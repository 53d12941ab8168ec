//! What changed in an item between two moments: exact by the ids of the elements, widened to
//! words for readers, with the author of each insertion and deletion. Everything that stood
//! before is there as kept or deleted, everything that stands after as kept or inserted.

use super::{
    BlockKind, Change, Credits, DiffBlock, DiffRun, DiffSection, Past,
    difference::is_changed,
    elements::{Element, Text, What},
    grid,
    words::{Letter, replaced},
};
use crate::{
    content::{Block, Inline},
    document::{Marker, Reader, TableLayout, printable},
};
use automerge::ObjId;
use std::collections::{BTreeSet, HashSet};

/// What changed in the sections from one moment of the stream to another.
pub fn diff<'k>(
    past: &Past,
    keys: impl IntoIterator<Item = &'k str>,
    (from, to): (u64, u64),
    credits: &mut Credits<'_>,
) -> Vec<DiffSection> {
    let (before, after) = (past.heads_at(from), past.heads_at(to));
    let side = |heads: &[crate::id::Hash]| (!heads.is_empty()).then(|| Reader::new(&past.document, heads));
    let (before, after) = (side(&before), side(&after));
    let mut differ = Differ { past, before, after, range: (from, to), credits };
    keys.into_iter().map(|key| differ.section(key)).collect()
}

pub(super) struct Differ<'a, 'c, 'p> {
    past: &'a Past,
    /// `None` before the document was made.
    before: Option<Reader<'a>>,
    after: Option<Reader<'a>>,
    range: (u64, u64),
    credits: &'c mut Credits<'p>,
}

/// One element of the difference, of the text before or after.
#[derive(Clone, Copy)]
struct Piece {
    change: Change,
    before: Option<Element>,
    after: Option<Element>,
}

impl Differ<'_, '_, '_> {
    fn section(&mut self, key: &str) -> DiffSection {
        let read = |reader: &Option<Reader<'_>>| reader.as_ref().map(|r| r.section(key)).unwrap_or_default();
        let ((nothing_before, old), (nothing_after, new)) = (read(&self.before), read(&self.after));
        let mut tables = Some(Tables::default());
        let blocks = self.text((old.as_ref(), new.as_ref()), &mut tables);
        let changed = nothing_before != nothing_after || blocks.iter().any(is_changed);
        DiffSection { key: key.to_owned(), nothing_before, nothing_after, changed, blocks }
    }

    /// The difference of a text; `tables` is `None` inside a cell, where none may be.
    pub(super) fn text(
        &mut self,
        (old, new): (Option<&ObjId>, Option<&ObjId>),
        tables: &mut Option<Tables>,
    ) -> Vec<DiffBlock> {
        let read = |reader: &Option<Reader<'_>>, text: Option<&ObjId>| match (reader, text) {
            (Some(reader), Some(text)) => Text::read(self.past, reader, text),
            _ => Text::default(),
        };
        let before = read(&self.before, old);
        let same = self.range.0 == self.range.1 && old == new;
        let after = if same { before.clone() } else { read(&self.after, new) };
        let pieces = merge(&before, &after);
        let mut out = Blocks { before, after, list: Vec::new() };
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            if piece.is_marker() {
                at += self.marker(&mut out, &pieces[at..], tables);
            } else {
                let end = pieces[at..].iter().position(Piece::is_marker).map_or(pieces.len(), |n| at + n);
                self.words(&mut out, &pieces[at..end]);
                at = end;
            }
        }
        out.list
    }

    /// Begins the block of a marker, or of two: a block that became another kind has its old
    /// marker deleted right before its new one. Returns how many it took.
    fn marker(&mut self, out: &mut Blocks, pieces: &[Piece], tables: &mut Option<Tables>) -> usize {
        let Some(piece) = pieces.first() else { return 1 };
        let next = pieces.get(1).filter(|next| {
            (piece.change, next.change) == (Change::Deleted, Change::Inserted) && next.is_marker()
        });
        let pair =
            Piece { before: piece.before, after: next.map_or(piece.after, |next| next.after), ..*piece };
        let (old, new) = out.markers(pair);
        match (old, new) {
            (Some(Marker::Text(old)), Some(Marker::Text(new))) => {
                let was = Some(kind_of(&old)).filter(|old| *old != kind_of(&new));
                self.begin(out, Piece { change: Change::Kept, ..pair }, kind_of(&new), was);
                1 + usize::from(next.is_some())
            }
            // The two have nothing to do with each other, but for one table.
            (Some(Marker::Table(old)), Some(Marker::Table(new))) if old == new => {
                let found = tables.as_mut().map(|tables| tables.place((Some(&old), Some(&new))));
                out.list.extend(found.into_iter().flat_map(|sides| self.table(sides, &new)));
                1 + usize::from(next.is_some())
            }
            _ => {
                self.single(out, *piece, tables);
                1
            }
        }
    }

    fn single(&mut self, out: &mut Blocks, piece: Piece, tables: &mut Option<Tables>) {
        let (old, new) = out.markers(piece);
        match new.clone().or_else(|| old.clone()) {
            Some(Marker::Text(block)) => self.begin(out, piece, kind_of(&block), None),
            Some(Marker::Table(id)) => {
                let sides = (old.as_ref().map(|_| &*id), new.as_ref().map(|_| &*id));
                let found = tables.as_mut().map(|tables| tables.place(sides));
                out.list.extend(found.into_iter().flat_map(|sides| self.table(sides, &id)));
            }
            None => {}
        }
    }

    fn begin(&mut self, out: &mut Blocks, piece: Piece, kind: BlockKind, was: Option<BlockKind>) {
        let credit = self.credit(piece);
        let runs = Vec::new();
        out.list.push(DiffBlock::Text { change: piece.change, kind, was, credit, runs });
    }

    /// A table, on the sides on which it is seen.
    fn table(&mut self, (old, new): (bool, bool), id: &str) -> Vec<DiffBlock> {
        let read = |reader: &Option<Reader<'_>>| reader.as_ref().and_then(|r| TableLayout::read(r, id));
        let old = old.then(|| read(&self.before)).flatten();
        let new = new.then(|| read(&self.after)).flatten();
        grid::table(self, old.as_ref(), new.as_ref())
    }

    /// Adds words to the last block.
    fn words(&mut self, out: &mut Blocks, pieces: &[Piece]) {
        let letter = |piece: &Piece| Letter {
            change: piece.change,
            word: out.words(*piece).chars().next().is_some_and(char::is_alphanumeric),
        };
        let letters: Vec<Letter> = pieces.iter().map(letter).collect();
        let mut at = 0;
        for group in replaced(&letters) {
            pieces[at..group.start].iter().for_each(|piece| {
                let credit = self.credit(*piece);
                out.push(self.credits, *piece, credit);
            });
            self.replacement(out, &pieces[group.start..group.end]);
            at = group.end;
        }
        pieces[at..].iter().for_each(|piece| {
            let credit = self.credit(*piece);
            out.push(self.credits, *piece, credit);
        });
    }

    /// One word for another, by whoever changed it.
    fn replacement(&mut self, out: &mut Blocks, pieces: &[Piece]) {
        let mut by = |change| {
            let first = pieces.iter().find(|piece| piece.change == change);
            first.and_then(|piece| self.credit(*piece))
        };
        let (inserted, deleted) = (by(Change::Inserted), by(Change::Deleted));
        for (change, credit) in
            [(Change::Deleted, deleted.or(inserted)), (Change::Inserted, inserted.or(deleted))]
        {
            for piece in pieces.iter().filter(|piece| piece.change == change || piece.change == Change::Kept)
            {
                out.push(self.credits, Piece { change, ..*piece }, credit);
            }
        }
    }

    fn credit(&mut self, piece: Piece) -> Option<u32> {
        match piece.change {
            Change::Deleted => self.credits.of_deletion(piece.before?.id, self.range),
            Change::Kept | Change::Inserted => self.credits.of_origin(piece.after?.id),
        }
    }
}

impl Piece {
    fn is_marker(&self) -> bool {
        self.after.or(self.before).is_some_and(|element| matches!(element.what, What::Marker(_)))
    }
}

/// Both texts as one sequence. Between two elements that both have, what was deleted comes first.
fn merge(before: &Text, after: &Text) -> Vec<Piece> {
    let (old, new) = (&before.elements, &after.elements);
    let kept =
        |(a, b): (&Element, &Element)| Piece { change: Change::Kept, before: Some(*a), after: Some(*b) };
    // What is the same at the start needs no looking up.
    let same = old.iter().zip(new).take_while(|(a, b)| a.id == b.id).count();
    let mut pieces: Vec<Piece> = old.iter().zip(new).take(same).map(kept).collect();
    merge_rest(&old[same..], &new[same..], &mut pieces);
    pieces
}

fn merge_rest(old: &[Element], new: &[Element], pieces: &mut Vec<Piece>) {
    let ids = |elements: &[Element]| elements.iter().map(|element| element.id).collect::<HashSet<_>>();
    let (in_old, in_new) = (ids(old), ids(new));
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    let deleted = |element: &Element| Piece { change: Change::Deleted, before: Some(*element), after: None };
    let inserted =
        |element: &Element| Piece { change: Change::Inserted, before: None, after: Some(*element) };
    loop {
        while let Some(element) = old.next_if(|element| !in_new.contains(&element.id)) {
            pieces.push(deleted(element));
        }
        while let Some(element) = new.next_if(|element| !in_old.contains(&element.id)) {
            pieces.push(inserted(element));
        }
        match (old.next(), new.next()) {
            (Some(a), Some(b)) if a.id == b.id => {
                pieces.push(Piece { change: Change::Kept, before: Some(*a), after: Some(*b) });
            }
            (None, None) => return,
            // Order never changes in a text; if it did, nothing would be left out.
            (a, b) => {
                pieces.extend(a.map(deleted));
                pieces.extend(b.map(inserted));
            }
        }
    }
}

/// The blocks made so far, out of two texts.
struct Blocks {
    before: Text,
    after: Text,
    list: Vec<DiffBlock>,
}

impl Blocks {
    fn words(&self, piece: Piece) -> &str {
        let after = piece.after.map(|element| self.after.words(element));
        after.or_else(|| piece.before.map(|element| self.before.words(element))).unwrap_or_default()
    }

    fn markers(&self, piece: Piece) -> (Option<Marker>, Option<Marker>) {
        let old = piece.before.and_then(|element| self.before.marker(element)).cloned();
        (old, piece.after.and_then(|element| self.after.marker(element)).cloned())
    }

    fn push(&mut self, credits: &Credits<'_>, piece: Piece, credit: Option<u32>) {
        let Self { before, after, list } = self;
        let old = piece.before.and_then(|element| before.looks(element));
        let new = piece.after.and_then(|element| after.looks(element));
        let words = match (piece.after, piece.before) {
            (Some(element), _) => after.words(element),
            (None, element) => element.map(|element| before.words(element)).unwrap_or_default(),
        };
        let fate = Fate {
            change: piece.change,
            looks: if piece.change == Change::Deleted { old } else { new },
            restyled: piece.change == Change::Kept && old != new,
            credit,
        };
        if !matches!(list.last(), Some(DiffBlock::Text { .. })) {
            let (change, kind) = (Change::Kept, BlockKind::Paragraph);
            list.push(DiffBlock::Text { change, kind, was: None, credit: None, runs: Vec::new() });
        }
        if let Some(DiffBlock::Text { runs, .. }) = list.last_mut() {
            fate.push(words, runs, credits);
        }
    }
}

/// All that words in one run share.
struct Fate<'a> {
    change: Change,
    looks: Option<&'a Inline>,
    restyled: bool,
    credit: Option<u32>,
}

impl Fate<'_> {
    /// Adds words to the last run if they share all, or as a run of their own.
    fn push(&self, words: &str, runs: &mut Vec<DiffRun>, credits: &Credits<'_>) {
        // Characters that have no place in a published text have none here.
        let mut printed = printable(words).peekable();
        match runs.last_mut() {
            Some(last) if self.is_of(last, credits) => last.words.text.extend(printed),
            _ if printed.peek().is_none() => {}
            _ => {
                let words = Inline { text: printed.collect(), ..self.looks.cloned().unwrap_or_default() };
                let (change, restyled, credit) = (self.change, self.restyled, self.credit);
                runs.push(DiffRun { change, words, restyled, credit });
            }
        }
    }

    fn is_of(&self, run: &DiffRun, credits: &Credits<'_>) -> bool {
        let looks = |words: &Inline| (words.bold, words.italic);
        let alike =
            self.looks.map_or((looks(&run.words), &run.words.link) == ((false, false), &None), |own| {
                looks(own) == looks(&run.words) && own.link == run.words.link
            });
        alike
            && (run.change, run.restyled) == (self.change, self.restyled)
            && credits.same_person(run.credit, self.credit)
    }
}

/// Which tables were met, before and after: one is shown once, where it stands first.
#[derive(Default)]
pub(super) struct Tables {
    before: BTreeSet<String>,
    after: BTreeSet<String>,
}

impl Tables {
    /// On which sides a marker shows its table.
    fn place(&mut self, (old, new): (Option<&str>, Option<&str>)) -> (bool, bool) {
        let old = old.is_some_and(|id| self.before.insert(id.to_owned()));
        (old, new.is_some_and(|id| self.after.insert(id.to_owned())))
    }
}

fn kind_of(block: &Block) -> BlockKind {
    match block {
        Block::Heading { level, .. } => BlockKind::Heading { level: *level },
        Block::ListItem { ordered, indent, .. } => BlockKind::ListItem { ordered: *ordered, indent: *indent },
        Block::Paragraph { .. } | Block::Table { .. } => BlockKind::Paragraph,
    }
}
