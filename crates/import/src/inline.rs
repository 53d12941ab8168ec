//! The looks of words inside one block: emphasis and links of Markdown, the inline tags and
//! entities of HTML. What is not well-formed stays as it was written.

use agenda::content::{Inline, safe_link};

/// Deepest nesting of emphasis that is read; deeper marks stay text.
const MAX_DEPTH: u8 = 6;
/// Longest link target and tag in bytes.
const MAX_TARGET: usize = 2_000;

/// Tags that open a block: between inline words they only break the line.
const BLOCK_TAGS: [&str; 9] = ["br", "p", "div", "ul", "ol", "li", "tr", "td", "table"];
/// Tags whose looks are not kept.
const PLAIN_TAGS: [&str; 6] = ["span", "u", "sup", "sub", "font", "small"];

/// HTML looks that are open, and the links that were lost; lives as long as a cell, since
/// `<b>` may open in one paragraph and close in the next.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    bold: u32,
    italic: u32,
    link: Option<String>,
    /// Targets that were no safe link.
    pub dead: Vec<String>,
}

/// The words without their looks.
pub(crate) fn plain(text: &str) -> String {
    parse(text, &mut Looks::default()).into_iter().map(|run| run.text).collect()
}

/// The runs of a block's text.
pub(crate) fn parse(text: &str, looks: &mut Looks) -> Vec<Inline> {
    let mut parser = Parser { looks, runs: Vec::new() };
    parser.read(text, &Inline::default(), 0);
    trim(parser.runs)
}

fn trim(mut runs: Vec<Inline>) -> Vec<Inline> {
    while let Some(first) = runs.first_mut() {
        first.text = first.text.trim_start().to_owned();
        if !first.text.is_empty() {
            break;
        }
        runs.remove(0);
    }
    while let Some(last) = runs.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        runs.pop();
    }
    runs
}

struct Parser<'a> {
    looks: &'a mut Looks,
    runs: Vec<Inline>,
}

/// Which closing marks were looked for in vain, so that a text of opening marks only is
/// not searched again from each.
type Missing = [bool; 4];
const MARKS: [&str; 4] = ["**", "__", "*", "_"];

impl Parser<'_> {
    fn read(&mut self, text: &str, style: &Inline, depth: u8) {
        let (mut rest, mut before) = (text, None);
        let mut missing = Missing::default();
        while let Some(c) = rest.chars().next() {
            let used = match c {
                '\\' => self.escape(rest, style),
                '&' => self.entity(rest, style),
                '<' => self.tag(rest, style),
                '[' if depth < MAX_DEPTH => self.link(rest, style, depth),
                '*' | '_' if depth < MAX_DEPTH => self.emphasis(rest, before, style, depth, &mut missing),
                _ => None,
            };
            let used = used.unwrap_or_else(|| {
                self.push(c, style);
                c.len_utf8()
            });
            before = rest.get(..used).and_then(|used| used.chars().next_back());
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    fn push(&mut self, c: char, style: &Inline) {
        let bold = style.bold || self.looks.bold > 0;
        let italic = style.italic || self.looks.italic > 0;
        let link = style.link.as_ref().or(self.looks.link.as_ref());
        match self.runs.last_mut() {
            Some(run) if run.bold == bold && run.italic == italic && run.link.as_ref() == link => {
                run.text.push(c);
            }
            _ => self.runs.push(Inline { text: c.into(), bold, italic, link: link.cloned() }),
        }
    }

    fn escape(&mut self, rest: &str, style: &Inline) -> Option<usize> {
        let c = rest.chars().nth(1).filter(char::is_ascii_punctuation)?;
        self.push(c, style);
        Some(2)
    }

    fn entity(&mut self, rest: &str, style: &Inline) -> Option<usize> {
        const LONGEST: usize = 10;
        let end = rest.bytes().take(LONGEST).position(|b| b == b';')?;
        self.push(named(rest.get(1..end)?)?, style);
        Some(end + 1)
    }

    fn tag(&mut self, rest: &str, style: &Inline) -> Option<usize> {
        let (name, closing, inner, used) = tag(rest)?;
        match name.as_str() {
            "b" | "strong" => count(&mut self.looks.bold, closing),
            "i" | "em" => count(&mut self.looks.italic, closing),
            "a" if closing => self.looks.link = None,
            "a" => self.looks.link = attribute(inner, "href").and_then(|t| safe(&t, &mut self.looks.dead)),
            name if BLOCK_TAGS.contains(&name) => self.push('\n', style),
            name if PLAIN_TAGS.contains(&name) => {}
            _ => return None,
        }
        Some(used)
    }

    fn link(&mut self, rest: &str, style: &Inline, depth: u8) -> Option<usize> {
        let label_end = 1 + rest.get(1..)?.find(['[', ']'])?;
        let target = rest.get(label_end..)?.strip_prefix("](")?;
        let length = target_end(target)?;
        let link = safe(target.get(..length)?, &mut self.looks.dead);
        let style = Inline { link: link.or(style.link.clone()), ..style.clone() };
        self.read(rest.get(1..label_end)?, &style, depth + 1);
        Some(label_end + 2 + length + 1)
    }

    fn emphasis(
        &mut self,
        rest: &str,
        before: Option<char>,
        style: &Inline,
        depth: u8,
        missing: &mut Missing,
    ) -> Option<usize> {
        let index = MARKS.iter().position(|mark| rest.starts_with(mark))?;
        let (mark, missing) = (MARKS.get(index)?, missing.get_mut(index)?);
        let after = rest.get(mark.len()..)?;
        let inside_word = mark.starts_with('_') && before.is_some_and(char::is_alphanumeric);
        if *missing || inside_word || after.starts_with(char::is_whitespace) {
            return None;
        }
        let Some(end) = closing(after, mark) else {
            *missing = true;
            return None;
        };
        let mut inner = Inline { text: String::new(), ..style.clone() };
        if mark.len() == 2 {
            inner.bold = true
        } else {
            inner.italic = true
        }
        self.read(after.get(..end)?, &inner, depth + 1);
        Some(end + 2 * mark.len())
    }
}

/// Where the closing mark stands. A closing `*` is not half of a `**`; of `***` the last
/// two close the bold.
fn closing(text: &str, mark: &str) -> Option<usize> {
    let c = mark.chars().next()?;
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find(c) {
        let start = at + found;
        let run = text.get(start..)?.chars().take_while(|next| *next == c).count();
        let inner = text.get(..start)?;
        let next = text.get(start + run..)?.chars().next();
        let in_word = c == '_' && next.is_some_and(char::is_alphanumeric);
        let after_space = mark.len() == 1 && inner.ends_with(char::is_whitespace);
        let fits = if mark.len() == 2 { run >= 2 } else { run != 2 };
        if fits && !in_word && !after_space && !inner.trim().is_empty() {
            return Some(if mark.len() == 2 { start + run - 2 } else { start });
        }
        at = start + run;
    }
    None
}

/// Length of a link target up to its closing bracket; brackets inside pair up.
fn target_end(text: &str) -> Option<usize> {
    const MAX_BRACKETS: u8 = 8;
    let mut open = 0;
    for (index, c) in text.char_indices().take(MAX_TARGET) {
        match c {
            '(' if open == MAX_BRACKETS => return None,
            '(' => open += 1,
            ')' if open == 0 => return Some(index),
            ')' => open -= 1,
            c if c.is_whitespace() => return None,
            _ => {}
        }
    }
    None
}

fn safe(target: &str, dead: &mut Vec<String>) -> Option<String> {
    let link = safe_link(target).map(str::to_owned);
    if link.is_none() {
        dead.push(target.to_owned());
    }
    link
}

fn count(open: &mut u32, closing: bool) {
    *open = if closing { open.saturating_sub(1) } else { open.saturating_add(1) };
}

/// Name in lower case, whether it closes, what stands inside, and length, of the tag that a
/// text begins with.
pub(crate) fn tag(text: &str) -> Option<(String, bool, &str, usize)> {
    let inner = text.get(1..)?;
    let end = 1 + inner.bytes().take(MAX_TARGET).position(|b| matches!(b, b'<' | b'>'))?;
    if text.as_bytes().get(end) != Some(&b'>') {
        return None;
    }
    let inner = text.get(1..end)?;
    let (closing, name) = inner.strip_prefix('/').map_or((false, inner), |name| (true, name));
    let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
    (!name.is_empty()).then(|| (name.to_ascii_lowercase(), closing, inner, end + 1))
}

/// The value of a tag's attribute.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find(&format!("{name}="))?;
    let value = tag.get(at + name.len() + 1..)?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => value.get(1..)?.split(quote).next(),
        None => value.split([' ', '/']).next(),
    };
    Some(plain_entities(value?))
}

fn plain_entities(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// The character of an entity: those that occur in municipal texts, and any number.
fn named(name: &str) -> Option<char> {
    const NAMES: [(&str, char); 17] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("bull", '•'),
        ("sect", '§'),
        ("aelig", 'æ'),
        ("oslash", 'ø'),
        ("aring", 'å'),
        ("AElig", 'Æ'),
        ("Oslash", 'Ø'),
        ("Aring", 'Å'),
    ];
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        let c = char::from_u32(code)?;
        return Some(if c.is_control() || c == '\u{a0}' { ' ' } else { c });
    }
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut looks = Looks::default();
        let runs = parse(text, &mut looks);
        let show = |run: &Inline| {
            let marks = format!("{}{}", if run.bold { "b" } else { "" }, if run.italic { "i" } else { "" });
            format!("{marks}[{}]{}", run.text, run.link.as_deref().unwrap_or_default())
        };
        runs.iter().map(show).collect::<Vec<_>>().join("") + &looks.dead.join(",")
    }

    #[test]
    fn marks_of_both_dialects_are_read_and_broken_ones_stay() {
        let cases = [
            ("en **fed** og *kursiv* _skrå_", "[en ]b[fed][ og ]i[kursiv][ ]i[skrå]"),
            ("***begge***", "bi[begge]"),
            ("**fed *begge***", "b[fed ]bi[begge]"),
            ("2 * 3 * 4, fil_navn_her, **åben", "[2 * 3 * 4, fil_navn_her, **åben]"),
            ("[side](https://a.dk/x_(y)) og [væk](#)", "[side]https://a.dk/x_(y)[ og væk]#"),
            ("[x](javascript:alert)", "[x]javascript:alert"),
            ("[a] (b) [c](d e)", "[[a] (b) [c](d e)]"),
            ("<b>A &amp; B</b><br/>&#248;<i>x</i> < 5 <ukendt>", "b[A & B][\nø]i[x][ < 5 <ukendt>]"),
            ("<a href=\"mailto:a@b.dk\">a@b.dk</a>.", "[a@b.dk]mailto:a@b.dk[.]"),
            (r"1\. a \* b \å", r"[1. a * b \å]"),
            ("  ", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
