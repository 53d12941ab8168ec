//! What was inserted and deleted, told apart: by colour on a terminal, by signs everywhere else.

use agenda::history::Change;

#[derive(Debug, Clone, Copy)]
pub struct Paint {
    colours: bool,
}

impl Paint {
    /// Colours only on a terminal, and not for who asks for none (`NO_COLOR`).
    pub fn for_output(terminal: bool) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colours: terminal && !refused }
    }

    pub fn words(self, change: Change, words: &str) -> String {
        match (change, self.colours) {
            (Change::Kept, _) => words.to_owned(),
            (Change::Inserted, true) => format!("\x1b[32;4m{words}\x1b[0m"),
            (Change::Deleted, true) => format!("\x1b[31;9m{words}\x1b[0m"),
            (Change::Inserted, false) => format!("{{+{words}+}}"),
            (Change::Deleted, false) => format!("[-{words}-]"),
        }
    }

    pub fn strong(self, words: &str) -> String {
        if self.colours { format!("\x1b[1m{words}\x1b[0m") } else { words.to_owned() }
    }
}

/// Text of people's on a terminal: without the signs that would steer it.
pub fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
