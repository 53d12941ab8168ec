//! Exact differences widened to words for readers: where a word was changed in part, all of it
//! is shown as replaced ("godkendes" -> "afvises" is one replacement, though "es" stayed). One
//! pure function; the exact difference is untouched.

use super::Change;

/// One element of an exact difference, as far as this matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub change: Change,
    /// A letter or a digit; all else ends a word.
    pub word: bool,
}

/// Elements `start..end` are shown as one replacement: first all that stood there before, as
/// deleted, then all that stands there after, as inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Replaced {
    pub start: usize,
    pub end: usize,
}

/// The words that were changed in part, in order and apart from each other.
pub(super) fn replaced(letters: &[Letter]) -> Vec<Replaced> {
    let before = words(letters, Change::Inserted);
    let after = words(letters, Change::Deleted);
    let mut groups = Groups::new(letters.len());
    for (letter, at) in letters.iter().zip(0..) {
        // A letter that stayed ties the word it was in to the word it is in.
        let ties = if letter.change == Change::Kept { [before[at], after[at]] } else { [None, None] };
        ties.into_iter().flatten().for_each(|first| groups.tie(first, at));
        if letter.change == Change::Deleted
            && let Some(first) = before[at]
        {
            groups.tie(first, at);
        }
        if letter.change == Change::Inserted
            && let Some(first) = after[at]
        {
            groups.tie(first, at);
        }
    }
    groups.mixed(letters)
}

/// For each letter of a word, where its word begins; without the letters of `other`, which were
/// not there at the time.
fn words(letters: &[Letter], other: Change) -> Vec<Option<usize>> {
    let mut current = None;
    let place = |(at, letter): (usize, &Letter)| {
        if !letter.word && letter.change != other {
            current = None;
        }
        if !letter.word || letter.change == other {
            return None;
        }
        let first = *current.get_or_insert(at);
        Some(first)
    };
    letters.iter().enumerate().map(place).collect()
}

/// Which letters belong together (union-find).
struct Groups(Vec<usize>);

impl Groups {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, of: usize) -> usize {
        let mut root = of;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn tie(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// The groups that have both letters that stayed and letters that did not.
    fn mixed(&mut self, letters: &[Letter]) -> Vec<Replaced> {
        let mut seen: Vec<(usize, bool, bool)> = vec![(0, false, false); letters.len()];
        for (at, letter) in letters.iter().enumerate().filter(|(_, letter)| letter.word) {
            let (last, kept, changed) = &mut seen[self.root(at)];
            *last = at;
            *kept |= letter.change == Change::Kept;
            *changed |= letter.change != Change::Kept;
        }
        let found = seen.iter().enumerate().filter(|(_, (_, kept, changed))| *kept && *changed);
        let mut found: Vec<Replaced> =
            found.map(|(start, (last, _, _))| Replaced { start, end: last + 1 }).collect();
        // Groups can lie across each other where many words became one; then they are one.
        found.dedup_by(|next, earlier| {
            let across = next.start < earlier.end;
            if across {
                earlier.end = earlier.end.max(next.end);
            }
            across
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "-" stands before what was deleted, "+" before what was inserted.
    fn letters(marked: &str) -> (Vec<Letter>, Vec<char>) {
        let mut change = Change::Kept;
        let mut found = (Vec::new(), Vec::new());
        for c in marked.chars() {
            match c {
                '-' => change = Change::Deleted,
                '+' => change = Change::Inserted,
                '=' => change = Change::Kept,
                _ => {
                    found.0.push(Letter { change, word: c.is_alphanumeric() });
                    found.1.push(c);
                }
            }
        }
        found
    }

    fn shown(marked: &str) -> Vec<(String, String)> {
        let (letters, characters) = letters(marked);
        let side = |range: &Replaced, not: Change| {
            let all = letters.iter().zip(&characters).skip(range.start).take(range.end - range.start);
            all.filter(|(letter, _)| letter.change != not).map(|(_, c)| c).collect::<String>()
        };
        let pair = |range: &Replaced| (side(range, Change::Inserted), side(range, Change::Deleted));
        replaced(&letters).iter().map(pair).collect()
    }

    fn pair(before: &str, after: &str) -> (String, String) {
        (before.to_owned(), after.to_owned())
    }

    #[test]
    fn a_word_changed_in_part_is_replaced_whole() {
        assert_eq!(shown("at -godkend+afvis=es nu"), [pair("godkendes", "afvises")]);
        assert_eq!(shown("vej+en= er"), [pair("vej", "vejen")]);
        assert_eq!(shown("ab+ x=cd"), [pair("abcd", "ab xcd")]);
        assert_eq!(shown("to- =o+rd= mere"), [pair("to o", "toord")]);
    }

    #[test]
    fn whole_words_and_spaces_stay_as_they_are() {
        for exact in
            ["et+ nyt= ord", "et- gammelt= ord", "en=+ =to", "en- =to", "-gammel+ny= sag", "", "uændret"]
        {
            assert_eq!(shown(exact), [], "{exact}");
        }
    }

    #[test]
    fn each_word_is_a_replacement_of_its_own() {
        assert_eq!(shown("sag+en= og vej+ene="), [pair("sag", "sagen"), pair("vej", "vejene")]);
    }
}
