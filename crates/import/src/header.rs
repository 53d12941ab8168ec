//! What stands before the first item: kind, forum, date, place, participants, contents.

use crate::{
    date,
    lines::Line,
    links, list,
    model::{Imported, Kind, Note, Participant},
    pattern::pattern,
    toc, vocabulary,
};
use agenda::language::danish;

/// What a label of the header announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Date,
    Place,
    Participants,
    Contents,
    /// Known, so that it is not taken for part of another field, but without a home.
    Other,
}

/// Labels. Those with `true` are everyday words and need a colon or a line of their own.
const LABELS: [(&str, Field, bool); 17] = [
    ("mødedato", Field::Date, false),
    ("mødetidspunkt", Field::Date, false),
    ("dato", Field::Date, true),
    ("tid", Field::Date, true),
    ("tidspunkt", Field::Date, true),
    ("mødested", Field::Place, false),
    ("sted", Field::Place, true),
    ("mødedeltagere", Field::Participants, false),
    ("deltagere", Field::Participants, false),
    ("indholdsfortegnelse", Field::Contents, false),
    ("indhold", Field::Contents, true),
    ("afbud", Field::Other, false),
    ("fraværende", Field::Other, false),
    ("gæster", Field::Other, false),
    ("referent", Field::Other, false),
    ("mødeleder", Field::Other, false),
    ("ordstyrer", Field::Other, false),
];

pattern!(TITLE, r"(?is)^(dagsorden|tillægsdagsorden|referat)\b\s*(?:(?:for|til|fra|af)\b)?[\s:–-]*(.*)$");
pattern!(BEFORE_DATE, r"(?i)[\s,:–-]*(?:\b(?:d|den|kl)\.?)?\s*$");
pattern!(
    GLUE,
    r"(?i)^(?:\b(?:mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|d|den|kl|klokken)\b|[\s.,:–-]+)*"
);

/// Reads the header; lines that belong to no field are in `unplaced`.
pub(crate) fn read(lines: &[Line]) -> Imported {
    let mut reader =
        Reader { imported: Imported::default(), field: Field::Title, people: String::new(), open: 0 };
    let mut gap = true;
    for line in lines {
        if !line.is_blank() {
            reader.line(line, gap);
        }
        gap = line.is_blank();
    }
    reader.imported.participants = participants(&reader.people);
    reader.imported
}

struct Reader {
    imported: Imported,
    /// The field that a line without a label goes on with.
    field: Field,
    people: String,
    /// Brackets that `people` has open.
    open: i32,
}

impl Reader {
    fn line(&mut self, line: &Line, gap: bool) {
        let text = links::plain(line.no, vocabulary::hashes(line.text()).1, &mut self.imported.warnings);
        if self.field == Field::Contents {
            return toc::read(line.no, &text, !gap, &mut self.imported.toc);
        }
        match label(&text) {
            Some((field, rest)) => {
                self.field = field;
                if field == Field::Other {
                    self.unplaced(line, &text);
                } else if !rest.is_empty() {
                    self.value(line, rest);
                }
            }
            None => self.value(line, &text),
        }
    }

    fn value(&mut self, line: &Line, text: &str) {
        match self.field {
            Field::Title => self.title(line, text),
            Field::Date => self.date(line, text),
            Field::Place if self.imported.place.is_none() => self.imported.place = Some(text.to_owned()),
            Field::Participants if list::marked(line).is_some() || self.goes_on_with_people(text) => {
                self.add_people(line, text)
            }
            Field::Contents => toc::read(line.no, text, true, &mut self.imported.toc),
            Field::Place | Field::Participants | Field::Other => self.unplaced(line, text),
        }
    }

    fn unplaced(&mut self, line: &Line, text: &str) {
        self.imported.unplaced.push(Note::new(line.no, text));
    }

    fn title(&mut self, line: &Line, text: &str) {
        let rest = match (self.imported.kind, TITLE.captures(text)) {
            (None, Some(found)) => {
                self.imported.kind = Some(match found[1].to_lowercase().as_str() {
                    "dagsorden" => Kind::Agenda,
                    "tillægsdagsorden" => Kind::Supplement,
                    _ => Kind::Minutes,
                });
                found.get(2).map_or("", |rest| rest.as_str()).to_owned()
            }
            (Some(_), _) if self.imported.forum.is_none() || self.imported.date.is_none() => text.to_owned(),
            _ => return self.unplaced(line, text),
        };
        self.forum_and_date(line, &rest);
    }

    fn forum_and_date(&mut self, line: &Line, text: &str) {
        let (before, after) = match date::find(text) {
            Some((date, range)) if self.imported.date.is_none() => {
                self.imported.date = Some(date.to_string());
                (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default())
            }
            _ => (text, ""),
        };
        let end = BEFORE_DATE.find(before).map_or(before.len(), |glue| glue.start());
        let forum = before.get(..end).unwrap_or(before).trim();
        if forum.is_empty() {
        } else if self.imported.forum.is_none() {
            self.imported.forum = Some(forum.to_owned());
        } else {
            self.unplaced(line, forum);
        }
        self.rest(line, after);
    }

    /// Notes what is left of a line when it holds more than weekday, "d." and the like.
    fn rest(&mut self, line: &Line, text: &str) {
        let rest = GLUE.replace(text, "");
        if rest.chars().any(char::is_alphanumeric) {
            self.unplaced(line, &rest.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    fn date(&mut self, line: &Line, text: &str) {
        let mut rest = text.to_owned();
        if let Some((date, range)) = date::find(text) {
            rest.replace_range(range, " ");
            let iso = date.to_string();
            if let Some(known) = self.imported.date.replace(iso.clone()).filter(|known| *known != iso) {
                let text = format!("Overskriften har datoen {known}, mødedatoen er {iso}.");
                self.imported.warnings.push(Note::new(line.no, text));
            }
            if let Some(day) = date::weekday(text).filter(|day| *day != date.weekday()) {
                let (said, is) = (danish::weekday(day), danish::weekday(date.weekday()));
                self.imported
                    .warnings
                    .push(Note::new(line.no, format!("Mødedatoen er en {is}, ikke en {said}.")));
            }
        }
        if let Some((time, range)) = date::find_time(&rest).filter(|_| self.imported.time.is_none()) {
            rest.replace_range(range, " ");
            self.imported.time = Some(time);
        }
        self.rest(line, &rest);
    }

    /// Whether a line without a label still lists people: it has a role in brackets, or the
    /// list before it is not at an end.
    fn goes_on_with_people(&self, text: &str) -> bool {
        self.people.is_empty() || text.contains(['(', ')']) || !self.people.ends_with(')')
    }

    fn add_people(&mut self, line: &Line, text: &str) {
        let marked = list::marked(line);
        let text = marked.as_ref().map_or(text, |_| text.trim_start_matches(|c: char| !c.is_alphanumeric()));
        let open = self.open > 0 || vocabulary::goes_on(text) || text.starts_with('(');
        let separator = match self.people.trim_end() {
            "" => "",
            _ if marked.is_some() => ", ",
            people
                if open || people.ends_with([',', ';']) || !people.ends_with(')') && text.contains(')') =>
            {
                " "
            }
            _ => ", ",
        };
        self.people.push_str(separator);
        self.people.push_str(text);
        self.open = text.chars().fold(self.open, |open, c| open + i32::from(c == '(') - i32::from(c == ')'));
    }
}

fn label(text: &str) -> Option<(Field, &str)> {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let word = word.to_lowercase();
    let (_, field, everyday) = LABELS.iter().find(|(name, ..)| *name == word)?;
    let (colon, value) = rest.trim_start().strip_prefix(':').map_or((false, rest), |value| (true, value));
    (!everyday || colon || value.trim().is_empty()).then(|| (*field, value.trim()))
}

/// Splits at commas outside brackets, since roles contain commas.
fn participants(people: &str) -> Vec<Participant> {
    let mut open = 0;
    let mut from = 0;
    let mut found = Vec::new();
    for (index, c) in people.char_indices() {
        match c {
            '(' => open += 1,
            ')' => open = i32::max(open - 1, 0),
            ',' | ';' if open == 0 || people.get(..index).is_some_and(|before| before.ends_with("),")) => {
                found.push(people.get(from..index).unwrap_or_default());
                from = index + 1;
            }
            _ => {}
        }
    }
    found.push(people.get(from..).unwrap_or_default());
    found.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(participant).collect()
}

fn participant(text: &str) -> Participant {
    let text = text.trim_end_matches('.');
    let Some((name, roles)) = text.split_once('(') else {
        return Participant { name: text.to_owned(), roles: Vec::new() };
    };
    let (roles, after) = roles.rsplit_once(')').unwrap_or((roles, ""));
    let name = format!("{} {}", name.trim(), after.trim()).trim().to_owned();
    let roles = roles.split(" + ").map(str::trim).filter(|role| !role.is_empty());
    Participant { name, roles: roles.map(str::to_owned).collect() }
}
