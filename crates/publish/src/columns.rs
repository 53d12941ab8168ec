//! How a table shares the width of the page among its columns, on paper and in Word alike: the longest word of
//! each column fits, and what is left goes to those with long texts. If the words do not fit, the text becomes
//! smaller. All widths are in characters, so that the same texts always give the same widths.

/// Longer words may break anywhere, on a line of the page's width.
pub const PAGE_WORD: usize = 48;

/// No column is narrower, in characters.
const MIN_COLUMN: usize = 4;

/// What a table is set on.
pub struct Sheet {
    /// Sizes of the text, in tenths of a point, the largest first, with the characters of a line across the page.
    pub sizes: &'static [(u32, usize)],
    /// Two sides of white space and a rule, in characters.
    pub padding: usize,
}

/// How a table shares the width that it has.
pub struct Columns {
    /// Of the text, in tenths of a point.
    pub size: u32,
    pub widths: Vec<usize>,
    /// Characters of a line across the table.
    pub room: usize,
}

impl Sheet {
    /// Characters of a line across the page, in the largest text.
    fn line(&self) -> usize {
        self.sizes.first().map_or(1, |(_, line)| *line)
    }

    /// The widths of `count` columns that have these texts, each with the column that it stands in alone.
    /// `room` is how many characters of the largest text a line across the table has.
    pub fn share<'a>(
        &self,
        texts: impl Iterator<Item = (usize, &'a str)>,
        count: usize,
        room: usize,
    ) -> Columns {
        let mut words = vec![MIN_COLUMN; count];
        let mut widths = vec![MIN_COLUMN; count];
        for (column, text) in texts {
            // An amount is one word with its unit.
            let longest = if is_number(text) { length(text.trim()) } else { longest_word(text) };
            let longest = longest.min(PAGE_WORD) + self.padding;
            let fair = wanted(text.chars().count(), room) + self.padding;
            if let (Some(word), Some(width)) = (words.get_mut(column), widths.get_mut(column)) {
                *word = longest.max(*word);
                *width = longest.max(fair).max(*width);
            }
        }
        let all: usize = words.iter().sum();
        let rooms = self.sizes.iter().map(|(size, line)| (*size, line * room / self.line()));
        let (mut size, mut widest) = (0, 0);
        for one in rooms {
            (size, widest) = one;
            if all <= widest {
                break;
            }
        }
        // Where there is no room to share, the words alone say who gets what.
        let is_wide = widths.iter().sum::<usize>() > widest;
        let widths = if is_wide { share_rest(words, &widths, widest) } else { widths };
        Columns { size, widths, room: widest }
    }
}

/// "1.239.000 kr.", "75%", "-3,5".
pub fn is_number(text: &str) -> bool {
    let text = text.trim().trim_end_matches("kr.").trim_end_matches("kr");
    let fits = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,%+-\u{2212}\u{2013}".contains(c);
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(fits)
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(length).max().unwrap_or(0)
}

/// How long a word is when it is drawn, in characters of ordinary width; at least their number.
fn length(word: &str) -> usize {
    let drawn = word.chars().map(tenths).sum::<usize>().div_ceil(10);
    drawn.max(word.chars().count())
}

/// The width of a character in a typeface such as Source Sans or Calibri, ten for half the height of the text.
fn tenths(c: char) -> usize {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' => 5,
        ' ' | 'f' | 'r' | 't' | '-' | '/' | '(' | ')' => 7,
        'm' | 'w' | 'æ' | 'M' | 'W' | 'Æ' | '%' | '@' | '—' => 17,
        c if c.is_uppercase() => 13,
        _ => 11,
    }
}

/// What a text wants: its own length, and less of what goes beyond a line, so that one long text does not leave
/// the others their words alone.
fn wanted(characters: usize, line: usize) -> usize {
    if characters <= line { characters } else { characters.saturating_mul(line).isqrt() }
}

/// Every column gets its longest word, and what is left is shared as wanted.
fn share_rest(words: Vec<usize>, wanted: &[usize], room: usize) -> Vec<usize> {
    let rest = room.saturating_sub(words.iter().sum());
    let more: usize = wanted.iter().zip(&words).map(|(wanted, word)| wanted - word).sum();
    let share = |(word, wanted): (usize, &usize)| word + (wanted - word) * rest / more.max(1);
    words.into_iter().zip(wanted).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: Sheet = Sheet { sizes: &[(100, 40), (80, 50)], padding: 2 };

    fn shared(texts: &[&str]) -> (u32, Vec<usize>) {
        let columns = SHEET.share(texts.iter().copied().enumerate(), texts.len(), 40);
        (columns.size, columns.widths)
    }

    #[test]
    fn every_word_fits_and_the_rest_goes_to_the_long_texts() {
        assert_eq!(shared(&["a", "Eftersyn af kaj"]), (100, vec![4, 17]));
        let (long, longer) = ("ord ".repeat(15), "ord ".repeat(240));
        let (size, widths) = shared(&["Sagsbehandler", &long, &longer]);
        assert_eq!((size, widths.iter().sum::<usize>()), (100, 39));
        assert!(widths[0] == 16 && widths[1] > 5 && widths[2] > widths[1], "{widths:?}");
    }

    #[test]
    fn a_word_of_broad_letters_has_more_room_than_one_of_narrow_ones() {
        assert_eq!(["Kommune", "filtrer", "Ejendomme"].map(length), [10, 7, 11]);
        assert_eq!(shared(&["12.000 kr.", "Eftersyn"]), (100, vec![12, 10]));
    }

    #[test]
    fn words_that_do_not_fit_make_the_text_smaller_and_at_last_break() {
        let words = ["Sagsbehandler", "Ansvarlig", "Fyrtårnet", "x"];
        assert_eq!(shared(&words), (80, vec![16, 11, 11, 4]));
        assert_eq!(shared(&["Sagsbehandlingstiderne"; 4]), (80, vec![24; 4]));
    }
}
