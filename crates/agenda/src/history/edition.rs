//! What was done with the editions of a meeting: frozen, reopened, published, opened, given up.

use super::{Reader, Words, sentence::with_reason};
use crate::{
    event::{EditionKind, Event, Fork},
    language::Language,
    meeting::Meeting,
};

/// Which edition a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OfEdition {
    kind: EditionKind,
    correction: bool,
}

impl OfEdition {
    /// The one that is being written.
    pub fn now(meeting: &Meeting) -> Self {
        Self { kind: meeting.work.kind(), correction: meeting.work.correction.is_some() }
    }

    /// "rettelsen af referatet".
    fn name(self, language: Language) -> String {
        let kind = self.kind.definite(language);
        if !self.correction {
            return kind.to_owned();
        }
        language.pick(format!("rettelsen af {kind}"), format!("the correction of {kind}"))
    }
}

impl Reader {
    /// What an event did to an edition, in words.
    pub(super) fn on_edition(&mut self, event: &Event) -> Option<Words> {
        let of = self.edition?;
        Some(match event {
            Event::AgendaFrozen(e) => Words::Frozen(of, e.reason.clone()),
            Event::AgendaThawed(e) => {
                self.fork(&e.documents);
                Words::Thawed(of, e.reason.clone())
            }
            Event::AgendaPublished(e) => Words::Published(of, e.edition),
            Event::SupplementOpened(e) => Words::SupplementOpened(e.reason.clone()),
            Event::CorrectionOpened(e) => {
                self.fork(&e.documents);
                Words::CorrectionOpened(e.edition, e.reason.clone())
            }
            Event::EditionAbandoned(e) => Words::Abandoned(of, e.reason.clone()),
            _ => return None,
        })
    }

    fn fork(&mut self, forks: &[Fork]) {
        for fork in forks {
            if let Some(index) = self.bodies.get(&fork.from).cloned() {
                self.bodies.insert(fork.to, index);
            }
        }
    }
}

pub(super) fn sentence(words: &Words, name: &str, language: Language) -> String {
    let (danish, english, reason) = match words {
        Words::Frozen(of, reason) => (
            format!("låste {}", of.name(Language::Danish)),
            format!("froze {}", of.name(Language::English)),
            reason.as_str(),
        ),
        Words::Thawed(of, reason) => (
            format!("genåbnede {}", of.name(Language::Danish)),
            format!("reopened {}", of.name(Language::English)),
            reason.as_str(),
        ),
        Words::Published(of, edition) => (
            format!("udsendte {} (udgave {edition})", of.name(Language::Danish)),
            format!("published {} (edition {edition})", of.name(Language::English)),
            "",
        ),
        Words::SupplementOpened(reason) => {
            ("åbnede en tillægsdagsorden".to_owned(), "opened a supplement".to_owned(), reason.as_str())
        }
        Words::CorrectionOpened(edition, reason) => (
            format!("begyndte at rette udgave {edition}"),
            format!("began to correct edition {edition}"),
            reason.as_str(),
        ),
        Words::Abandoned(of, reason) => (
            format!("opgav {}", of.name(Language::Danish)),
            format!("gave up {}", of.name(Language::English)),
            reason.as_str(),
        ),
        _ => return String::new(),
    };
    with_reason(format!("{name} {}", language.pick(danish, english)), reason)
}
