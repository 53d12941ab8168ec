//! Random agendas whose words are numbered in the order in which a reader meets them, so that
//! a test can tell a lost or a moved one.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part")]

use super::{item, person, row, section};
use agenda::{
    content::{Block, Cell, Inline, Row, SECTIONS},
    publication::{Publication, PublishedItem},
};
use proptest::prelude::*;

/// What decides the shape of everything: a string of small numbers, taken one by one.
pub fn shapes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..400)
}

struct Maker<'a> {
    shape: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    words: u32,
    left: u32,
}

/// The agenda of a shape, and how many words it has.
pub fn publication(shape: &[u8]) -> (Publication, u32) {
    let left = u32::try_from(shape.len()).unwrap();
    let mut maker = Maker { shape: shape.iter().cycle(), words: 0, left };
    let (forum, place) = (maker.word(), maker.text());
    let participants = (0..maker.choose(3)).map(|_| {
        let name = maker.text();
        let roles: Vec<String> = (0..maker.choose(3)).map(|_| maker.text()).collect();
        person(&name, &roles.iter().map(String::as_str).collect::<Vec<_>>())
    });
    let participants = participants.collect();
    let items = (1..=1 + maker.choose(3)).map(|number| maker.item(number)).collect();
    let publication = Publication { forum, place, participants, items, ..super::torture() };
    (publication, maker.words)
}

impl Maker<'_> {
    /// A number below `n`; always 0 when the shape is used up, so that every agenda ends.
    fn choose(&mut self, n: u32) -> u32 {
        self.left = self.left.saturating_sub(1);
        let next = u32::from(*self.shape.next().unwrap());
        if self.left == 0 { 0 } else { next % n }
    }

    fn word(&mut self) -> String {
        self.words += 1;
        let word = format!("ord{}", self.words);
        if self.choose(3) == 0 { word.replace('o', "O") } else { word }
    }

    fn text(&mut self) -> String {
        let words: Vec<String> = (0..1 + self.choose(4)).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn item(&mut self, number: u32) -> PublishedItem {
        let mut item = item(number, &self.text(), vec![]);
        item.journal_number = (self.choose(2) == 0).then(|| format!("00.01.00-A00-{number}-31"));
        item.minutes = (self.choose(2) == 0).then_some(10);
        for (key, heading) in SECTIONS {
            if self.choose(3) == 0 {
                let blocks = if self.choose(4) == 0 { vec![] } else { self.blocks(2) };
                item.sections.push(section(key, heading, blocks));
            }
        }
        item.attachments = (0..self.choose(3)).map(|_| self.text()).collect();
        item
    }

    /// `tables`: how deep tables may go.
    fn blocks(&mut self, tables: u32) -> Vec<Block> {
        (0..1 + self.choose(5)).map(|_| self.block(tables)).collect()
    }

    fn block(&mut self, tables: u32) -> Block {
        match self.choose(8) {
            0 => Block::Heading {
                level: u8::try_from(1 + self.choose(3)).unwrap(),
                text: vec![Inline::plain(self.text())],
            },
            1..=3 => {
                let (ordered, indent) = (self.choose(2) == 0, u8::try_from(self.choose(4)).unwrap());
                Block::ListItem { ordered, indent, text: self.runs() }
            }
            4 if tables > 0 => Block::Table { rows: self.rows(tables - 1) },
            _ => Block::Paragraph { text: self.runs() },
        }
    }

    fn rows(&mut self, tables: u32) -> Vec<Row> {
        let columns = 1 + self.choose(3);
        let rows = 1 + self.choose(3);
        (0..rows).map(|_| row((0..columns).map(|_| self.cell(tables)).collect())).collect()
    }

    fn cell(&mut self, tables: u32) -> Cell {
        let span = |n: u32| u16::try_from(1 + n / 5).unwrap();
        let (header, colspan, rowspan) = (self.choose(2) == 0, span(self.choose(7)), span(self.choose(7)));
        Cell { header, colspan, rowspan, blocks: self.blocks(tables) }
    }

    fn runs(&mut self) -> Vec<Inline> {
        (0..1 + self.choose(3)).map(|_| self.run()).collect()
    }

    fn run(&mut self) -> Inline {
        const ENDS: [&str; 8] = [",", " ", ". ", ", ", "\n", ":", ") ", " & "];
        const STARTS: [&str; 8] = ["", "", " ", "(", "\"", "- ", "1. ", "*"];
        const LINKS: [&str; 3] = ["https://havn.example/a?b=1&c=(2)", "mailto:a@havn.example", "#"];
        let start = STARTS[self.choose(8) as usize];
        let text = format!("{start}{}{}", self.text(), ENDS[self.choose(8) as usize]);
        let link = (self.choose(6) == 0).then(|| LINKS[self.choose(3) as usize].to_owned());
        Inline { text, bold: self.choose(3) == 0, italic: self.choose(3) == 0, link }
    }
}
