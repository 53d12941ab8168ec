//! A plan in words.

use super::{Class, RetentionPlan};
use crate::language::Language;

impl Class {
    pub const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::Withdrawn];

    /// What items of the class are called.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::Closed => language.pick("lukkede punkter", "closed items"),
            Self::Open => language.pick("åbne punkter", "open items"),
            Self::Withdrawn => language.pick("tilbagetrukne punkter", "withdrawn items"),
        }
    }
}

impl RetentionPlan {
    /// "lukkede punkter efter 5 år, åbne punkter aldrig".
    pub fn told(self, language: Language) -> String {
        let one = |class: Class| {
            let time = self.months(class).map_or_else(
                || language.pick("aldrig", "never").to_owned(),
                |months| format!("{} {}", language.pick("efter", "after"), span(months, language)),
            );
            format!("{} {time}", class.word(language))
        };
        Class::ALL.map(one).join(", ")
    }
}

/// "1 år og 6 måneder".
fn span(months: u16, language: Language) -> String {
    let (years, months) = (months / 12, months % 12);
    let years_word = language.pick("år", if years == 1 { "year" } else { "years" });
    let months_word = match months {
        1 => language.pick("måned", "month"),
        _ => language.pick("måneder", "months"),
    };
    match (years, months) {
        (0, _) => format!("{months} {months_word}"),
        (_, 0) => format!("{years} {years_word}"),
        _ => format!("{years} {years_word} {} {months} {months_word}", language.pick("og", "and")),
    }
}
