//! Lines of one section -> blocks. A piece is a block whose words are not yet read: lines are
//! gathered into pieces first, since a page break may have cut one paragraph into several.

use crate::{
    html, html_table,
    inline::{self, Looks},
    lines::Line,
    links::note_dead,
    list::{self, Levels},
    model::Note,
    recommendation,
    table::{Draft, MAX_COLUMNS},
    vocabulary::{self, goes_on, is_open},
};
use agenda::content::Block;

/// What kind of text the lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Recommendation,
    Decision,
    Case,
}

/// What the lines around the section say about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    pub role: Role,
    /// The document marks headings with `#`, so an unmarked short line is none.
    pub markdown: bool,
    /// Number of `#` of the section's own heading.
    pub hashes: usize,
}

#[derive(Debug)]
pub(crate) enum Form {
    Paragraph,
    Heading(u8),
    Item {
        ordered: bool,
        indent: u8,
    },
    Table(Draft),
    /// A table that is written as HTML.
    Html,
}

#[derive(Debug)]
pub(crate) struct Piece {
    pub line: usize,
    /// A blank line stands before it.
    pub gap: bool,
    pub form: Form,
    pub text: String,
}

/// The blocks of a section's lines. Links that lead nowhere keep their text and are named in
/// `warnings`.
pub(crate) fn read(lines: &[Line], context: Context, warnings: &mut Vec<Note>) -> Vec<Block> {
    let mut gatherer = Gatherer {
        context,
        pieces: Vec::new(),
        levels: Levels::default(),
        hard_break: false,
        tables: 0,
        warnings,
    };
    let mut gap = true;
    for (index, line) in lines.iter().enumerate() {
        if !line.is_blank() {
            gatherer.line(line, lines.get(index + 1), gap);
        }
        gap = line.is_blank();
    }
    let mut pieces = gatherer.pieces;
    if context.role == Role::Recommendation {
        pieces = recommendation::split(pieces);
    }
    if context.role == Role::Case && !context.markdown {
        promote_headings(&mut pieces);
    }
    pieces.into_iter().flat_map(|piece| finish(piece, warnings)).collect()
}

struct Gatherer<'a> {
    context: Context,
    pieces: Vec<Piece>,
    levels: Levels,
    /// The last line ended in a hard break.
    hard_break: bool,
    /// HTML tables that are open.
    tables: usize,
    warnings: &'a mut Vec<Note>,
}

impl Gatherer<'_> {
    fn line(&mut self, line: &Line, next: Option<&Line>, gap: bool) {
        let after_break = std::mem::replace(&mut self.hard_break, line.hard_break);
        if self.html_table(line, gap) {
        } else if self.is_row(line, next) || !gap && self.is_first_cell(line) {
            self.row(line, gap);
        } else if let Some((level, text)) = self.heading(line) {
            self.push(line, gap, Form::Heading(level), text);
        } else if !self.item(line, gap) {
            self.text(line, gap, after_break);
        }
    }

    fn push(&mut self, line: &Line, gap: bool, form: Form, text: &str) {
        if !matches!(form, Form::Item { .. }) {
            self.levels.close();
        }
        self.pieces.push(Piece { line: line.no, gap, form, text: text.to_owned() });
    }

    /// A line of a table in HTML, from its `<table>` to its `</table>`; a blank line ends it
    /// too, as in Markdown.
    fn html_table(&mut self, line: &Line, gap: bool) -> bool {
        let goes_on = self.tables > 0 && !gap;
        let (opened, closed) = html_table::opened_and_closed(line.text());
        if !goes_on && (opened == 0 || !html_table::is_table_line(line.text())) {
            self.tables = 0;
            return false;
        }
        let open = if goes_on { self.tables } else { 0 };
        self.tables = (open + opened).saturating_sub(closed);
        match self.pieces.last_mut() {
            Some(last) if goes_on => last.text.extend(["\n", line.text()]),
            _ => self.push(line, gap, Form::Html, line.text()),
        }
        true
    }

    fn in_table(&self) -> bool {
        matches!(self.pieces.last(), Some(Piece { form: Form::Table(_), .. }))
    }

    /// A row has a tab between words; at the edge of a line a tab makes a row only beside
    /// another row.
    fn is_row(&self, line: &Line, next: Option<&Line>) -> bool {
        let columns = 1 + line.raw.matches('\t').count();
        if !(2..=MAX_COLUMNS).contains(&columns) || vocabulary::hashes(line.text()).0 > 0 {
            return false;
        }
        if self.in_table() && line.raw.starts_with('\t') {
            return true;
        }
        let beside = self.in_table() || next.is_some_and(|next| next.text().contains('\t'));
        (line.text().contains('\t') || beside) && list::marked(line).is_none()
    }

    /// A short line right below a row: its other cells were empty, and their tabs were lost.
    fn is_first_cell(&self, line: &Line) -> bool {
        const LONGEST: usize = 100;
        let text = line.text();
        self.in_table()
            && text.len() <= LONGEST
            && !text.ends_with(['.', ':'])
            && !text.starts_with(['-', '#'])
    }

    fn row(&mut self, line: &Line, gap: bool) {
        let mut dead = Vec::new();
        let cut = line.raw.split('\t').next().is_some_and(|cell| cell.trim().is_empty());
        let columns = 1 + line.raw.matches('\t').count();
        match self.pieces.last_mut() {
            Some(Piece { form: Form::Table(draft), .. }) if gap && cut && columns <= draft.width() => {
                draft.continue_row(&line.raw, &mut dead);
            }
            Some(Piece { form: Form::Table(draft), .. }) if !gap || columns == draft.width() => {
                draft.push(&line.raw, &mut dead);
            }
            _ => {
                let mut draft = Draft::default();
                draft.push(&line.raw, &mut dead);
                self.push(line, gap, Form::Table(draft), "");
            }
        }
        note_dead(line.no, &dead, self.warnings);
    }

    /// A marked heading, or a known heading that does not open a section here.
    fn heading<'l>(&self, line: &'l Line) -> Option<(u8, &'l str)> {
        const LONGEST: usize = 150;
        let (hashes, text) = vocabulary::hashes(line.text());
        let bold = vocabulary::whole_bold(text);
        if hashes > 0 {
            let own = if self.context.hashes == 0 { hashes } else { self.context.hashes };
            let level = hashes.saturating_sub(own).clamp(1, 3);
            return Some((u8::try_from(level).unwrap_or(1), bold.unwrap_or(text)));
        }
        let short = bold
            .filter(|text| text.len() <= LONGEST && !text.trim().ends_with(['.', ',', ';', ':', '!', '?']));
        let known = vocabulary::part(text).map(|_| bold.unwrap_or(text));
        short.or(known).map(|text| (1, text))
    }

    fn item(&mut self, line: &Line, gap: bool) -> bool {
        let Some(marked) = list::marked(line) else { return false };
        let is_point = self.context.role == Role::Recommendation && marked.text.starts_with("at ");
        let Some(indent) = self.levels.place(line.indent(), marked.number, is_point) else { return false };
        self.push(line, gap, Form::Item { ordered: marked.number.is_some(), indent }, marked.text);
        true
    }

    fn text(&mut self, line: &Line, gap: bool, after_break: bool) {
        let joint = match self.pieces.last() {
            Some(last) if self.belongs(last, line, gap) => Some(joint(&last.text, line, gap, after_break)),
            _ => None,
        };
        match (joint, self.pieces.last_mut()) {
            (Some(joint), Some(last)) => {
                last.text.push(joint);
                last.text.push_str(line.text());
            }
            _ => self.push(line, gap, Form::Paragraph, line.text()),
        }
    }

    /// Whether a line of words goes on in the piece before it.
    fn belongs(&self, last: &Piece, line: &Line, gap: bool) -> bool {
        const ITEM_INDENT: usize = 2;
        let is_point = self.context.role == Role::Recommendation && line.text().starts_with("at ");
        match last.form {
            Form::Paragraph if is_point => false,
            Form::Paragraph | Form::Item { .. } if !gap => true,
            Form::Item { .. } if line.indent() >= ITEM_INDENT => true,
            Form::Item { .. } if is_point => false,
            Form::Paragraph if vocabulary::breaks_off(&last.text) => true,
            Form::Paragraph | Form::Item { .. } => is_open(&last.text) && goes_on(line.text()),
            Form::Heading(_) | Form::Table(_) | Form::Html => false,
        }
    }
}

/// A space where a sentence goes on over the end of the line, else a line break.
fn joint(before: &str, line: &Line, gap: bool, after_break: bool) -> char {
    const WRAPPED_LINE: usize = 60;
    let last_line = before.chars().rev().take_while(|c| *c != '\n');
    let wrapped = last_line.take(WRAPPED_LINE).count() == WRAPPED_LINE;
    let sentence_goes_on = is_open(before) && (goes_on(line.text()) || wrapped);
    if sentence_goes_on && (gap || !after_break) { ' ' } else { '\n' }
}

/// In plain text a sub-heading is a short line by itself that is no sentence, between blank
/// lines, with text after it. In a row of such lines none is: that is a list without marks.
fn promote_headings(pieces: &mut [Piece]) {
    let candidates: Vec<bool> = pieces.iter().map(looks_like_heading).collect();
    let next_gaps: Vec<bool> = pieces.iter().skip(1).map(|next| next.gap).collect();
    let mut before = false;
    for (index, piece) in pieces.iter_mut().enumerate() {
        let after = candidates.get(index + 1).copied().unwrap_or(true);
        let here = candidates.get(index).copied().unwrap_or(false);
        if here && !before && !after && next_gaps.get(index).copied().unwrap_or(false) {
            piece.form = Form::Heading(1);
        }
        before = here;
    }
}

fn looks_like_heading(piece: &Piece) -> bool {
    const LONGEST: usize = 100;
    let text = piece.text.trim();
    let one_line = !text.contains(['\n', '\t', '[', '<']) && text.chars().count() <= LONGEST;
    matches!(piece.form, Form::Paragraph)
        && piece.gap
        && one_line
        && text.starts_with(char::is_uppercase)
        && !text.ends_with(['.', ',', ':', ';', '!', '?', ')', '"', '”', '…'])
        && !text.contains(". ")
}

fn finish(piece: Piece, warnings: &mut Vec<Note>) -> Vec<Block> {
    let mut looks = Looks::default();
    let blocks = match piece.form {
        Form::Table(draft) => vec![draft.finish()],
        Form::Paragraph | Form::Html => html::blocks(&piece.text, &mut looks.dead),
        Form::Heading(level) => {
            let mut text = inline::parse(piece.text.trim_end_matches('#'), &mut looks);
            text.iter_mut().for_each(|run| run.bold = false);
            vec![Block::Heading { level, text }]
        }
        Form::Item { ordered, indent } => {
            vec![Block::ListItem { ordered, indent, text: inline::parse(&piece.text, &mut looks) }]
        }
    };
    note_dead(piece.line, &looks.dead, warnings);
    blocks
}
