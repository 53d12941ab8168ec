//! What was done to an attachment, as entries of the history.

use super::{Entry, HistoryKind, Reader, Words};
use crate::{
    event::{Event, Recorded},
    id::{AttachmentId, ItemId},
    language::Language,
    meeting::Attachment,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Did {
    Added {
        title: String,
    },
    /// The file, counted from 1.
    Replaced {
        title: String,
        version: usize,
    },
    Renamed {
        title: String,
    },
    Moved {
        title: String,
        number: u32,
    },
    Closed {
        title: String,
        reason: String,
    },
    Opened {
        title: String,
    },
    Removed {
        title: String,
    },
}

impl Did {
    pub fn sentence(&self, name: &str, language: Language) -> String {
        let danish = |what: String| format!("{name} {what}");
        match self {
            Self::Added { title } => language
                .pick(danish(format!("tilføjede bilaget «{title}».")), format!("{name} added «{title}».")),
            Self::Replaced { title, version: 1 } => language.pick(
                danish(format!("lagde filen til bilaget «{title}» op.")),
                format!("{name} uploaded the file of «{title}»."),
            ),
            Self::Replaced { title, version } => language.pick(
                danish(format!("lagde version {version} af bilaget «{title}» op.")),
                format!("{name} uploaded version {version} of «{title}»."),
            ),
            Self::Renamed { title } => language.pick(
                danish(format!("gav et bilag titlen «{title}».")),
                format!("{name} gave an attachment the title «{title}»."),
            ),
            Self::Moved { title, number } => language.pick(
                danish(format!("flyttede bilaget «{title}» til nummer {number}.")),
                format!("{name} moved «{title}» to number {number}."),
            ),
            Self::Closed { title, reason } => language.pick(
                danish(format!("lukkede bilaget «{title}»: {reason}")),
                format!("{name} closed «{title}»: {reason}"),
            ),
            Self::Opened { title } => language.pick(
                danish(format!("åbnede bilaget «{title}».")),
                format!("{name} opened «{title}» again."),
            ),
            Self::Removed { title } => language
                .pick(danish(format!("fjernede bilaget «{title}».")), format!("{name} removed «{title}».")),
        }
    }
}

impl Reader {
    /// The meeting has taken the event in already.
    pub(super) fn attachment(&mut self, recorded: &Recorded, event: &Event) {
        let Some((item, did)) = self.did(event) else { return };
        let entry = Self::entry(recorded, HistoryKind::Attachment, Words::Attachment(did));
        self.acts.push(Entry { item: Some(item), ..entry });
    }

    fn did(&self, event: &Event) -> Option<(ItemId, Did)> {
        let title = |item, id| Some(self.known(item, id)?.name.clone());
        Some(match event {
            Event::AttachmentAdded(e) => (e.item, Did::Added { title: e.name.clone() }),
            Event::AttachmentRenamed(e) => (e.item, Did::Renamed { title: e.name.clone() }),
            Event::AttachmentReplaced(e) => {
                let known = self.known(e.item, e.attachment)?;
                (e.item, Did::Replaced { title: known.name.clone(), version: known.versions.len() })
            }
            Event::AttachmentReordered(e) => {
                let number = e.index.saturating_add(1);
                (e.item, Did::Moved { title: title(e.item, e.attachment)?, number })
            }
            Event::AttachmentClosed(e) => {
                (e.item, Did::Closed { title: title(e.item, e.attachment)?, reason: e.reason.clone() })
            }
            Event::AttachmentOpened(e) => (e.item, Did::Opened { title: title(e.item, e.attachment)? }),
            Event::AttachmentRemoved(e) => (e.item, Did::Removed { title: title(e.item, e.attachment)? }),
            _ => return None,
        })
    }

    fn known(&self, item: ItemId, id: AttachmentId) -> Option<&Attachment> {
        let item = self.meeting.as_ref()?.item(item)?;
        item.attachments.iter().chain(&item.removed_attachments).find(|attachment| attachment.id == id)
    }
}
