//! Flat blocks as a reader sees them: list items nested by their indent, headings without
//! skipped levels.

use agenda::content::{Block, Inline, MAX_INDENT, Row};

/// Headings have the levels 1 to this, below the section's own.
const HEADING_LEVELS: u8 = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<'a> {
    Paragraph(&'a [Inline]),
    /// `depth` is 1 for the outermost heading of a section and one more for each that
    /// encloses it, whatever levels the writer chose.
    Heading {
        depth: u8,
        text: &'a [Inline],
    },
    List(List<'a>),
    Table(&'a [Row]),
}

/// Items of one kind and one depth. Numbers go on past nested lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<'a> {
    pub ordered: bool,
    pub entries: Vec<Entry<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    pub text: &'a [Inline],
    pub lists: Vec<List<'a>>,
}

#[derive(Clone, Copy)]
struct FlatItem<'a> {
    ordered: bool,
    indent: u8,
    text: &'a [Inline],
}

/// The blocks of a section, or of a cell, as a tree.
pub fn tree(blocks: &[Block]) -> Vec<Node<'_>> {
    let (mut nodes, mut enclosing, mut items) = (Vec::new(), Vec::new(), Vec::new());
    for block in blocks {
        if let Block::ListItem { ordered, indent, text } = block {
            items.push(FlatItem { ordered: *ordered, indent: (*indent).min(MAX_INDENT), text });
            continue;
        }
        close_lists(&mut items, &mut nodes);
        nodes.push(match block {
            Block::Heading { level, text } => Node::Heading { depth: depth(*level, &mut enclosing), text },
            Block::Table { rows } => Node::Table(rows),
            Block::Paragraph { text } | Block::ListItem { text, .. } => Node::Paragraph(text),
        });
    }
    close_lists(&mut items, &mut nodes);
    nodes
}

/// `enclosing` holds the levels of the headings that are open, ascending.
fn depth(level: u8, enclosing: &mut Vec<u8>) -> u8 {
    let level = level.clamp(1, HEADING_LEVELS);
    enclosing.retain(|open| *open < level);
    enclosing.push(level);
    u8::try_from(enclosing.len()).unwrap_or(HEADING_LEVELS)
}

fn close_lists<'a>(items: &mut Vec<FlatItem<'a>>, nodes: &mut Vec<Node<'a>>) {
    nodes.extend(lists(items).into_iter().map(Node::List));
    items.clear();
}

/// An item encloses the deeper ones that follow it. One that stands between two depths
/// joins the deeper, so there is never an item without words of its own.
fn lists<'a>(mut items: &[FlatItem<'a>]) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    while let Some((head, rest)) = items.split_first() {
        let deeper = rest.iter().take_while(|item| item.indent > head.indent).count();
        let (inner, after) = rest.split_at(deeper);
        let entry = Entry { text: head.text, lists: self::lists(inner) };
        match lists.last_mut() {
            Some(list) if list.ordered == head.ordered => list.entries.push(entry),
            _ => lists.push(List { ordered: head.ordered, entries: vec![entry] }),
        }
        items = after;
    }
    lists
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(mark: &str, indent: u8) -> Block {
        let text = vec![Inline::plain(format!("{mark}{indent}"))];
        Block::ListItem { ordered: mark == "o", indent, text }
    }

    fn heading(level: u8) -> Block {
        Block::Heading { level, text: vec![] }
    }

    /// `ol[o0 ul[u1]]`: the kind, and each item's words before the lists inside it.
    fn outline(nodes: &[Node<'_>]) -> String {
        nodes.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn one(node: &Node<'_>) -> String {
        match node {
            Node::Paragraph(_) => "p".into(),
            Node::Heading { depth, .. } => format!("h{depth}"),
            Node::Table(_) => "table".into(),
            Node::List(list) => {
                let entry = |entry: &Entry<'_>| {
                    let nested: Vec<_> = entry.lists.iter().cloned().map(Node::List).collect();
                    let text = Block::Paragraph { text: entry.text.to_vec() }.plain_text();
                    format!("{text} {}", outline(&nested)).trim_end().to_owned()
                };
                let entries: Vec<_> = list.entries.iter().map(entry).collect();
                format!("{}[{}]", if list.ordered { "ol" } else { "ul" }, entries.join(" "))
            }
        }
    }

    fn outline_of(blocks: &[Block]) -> String {
        outline(&tree(blocks))
    }

    #[test]
    fn an_item_encloses_the_deeper_ones_after_it() {
        let three = [item("u", 0), item("o", 1), item("u", 2), item("o", 1), item("u", 0)];
        assert_eq!(outline_of(&three), "ul[u0 ol[o1 ul[u2] o1] u0]");
    }

    #[test]
    fn numbers_go_on_past_a_nested_list_and_begin_anew_past_a_paragraph() {
        let (a, b, c) = (item("o", 0), item("u", 1), Block::paragraph("x"));
        assert_eq!(outline_of(&[a.clone(), b, a.clone()]), "ol[o0 ul[u1] o0]");
        assert_eq!(outline_of(&[a.clone(), c, a]), "ol[o0] p ol[o0]");
    }

    #[test]
    fn skipped_and_between_depths_have_a_place() {
        assert_eq!(outline_of(&[item("u", 0), item("u", 3), item("u", 1)]), "ul[u0 ul[u3 u1]]");
        assert_eq!(outline_of(&[item("u", 2), item("u", 0)]), "ul[u2 u0]");
        assert_eq!(outline_of(&[item("u", 0), item("o", 0)]), "ul[u0] ol[o0]");
    }

    #[test]
    fn headings_never_skip_a_level() {
        let levels = [3, 1, 3, 2, 3, 9, 0].map(heading);
        assert_eq!(outline_of(&levels), "h1 h1 h2 h2 h3 h3 h1");
    }

    proptest! {
        #[test]
        fn no_item_is_lost_or_moved(shape in prop::collection::vec((any::<bool>(), 0u8..9), 0..40)) {
            let blocks: Vec<_> = shape.iter().map(|(o, i)| item(if *o { "o" } else { "u" }, *i)).collect();
            let words: String = outline_of(&blocks).split_whitespace().map(|word| {
                word.trim_end_matches(']').rsplit('[').next().unwrap().to_owned()
            }).collect();
            let expected: String = shape.iter().map(|(o, i)| format!("{}{i}", if *o { 'o' } else { 'u' })).collect();
            prop_assert_eq!(words, expected);
        }
    }
}
