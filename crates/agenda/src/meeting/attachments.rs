//! The attachments of an item: their titles, their order, the versions of their files, and which
//! of them are closed. None of it goes from the log, only from the agenda.

use super::{
    Closed, Item, Meeting, MeetingCommand, Meta, Supplies,
    decide::{Decided, MAX_NAME, MAX_REASON, one},
};
use crate::{
    event::{
        AttachedFile, AttachmentAdded, AttachmentClosed, AttachmentOpened, AttachmentRemoved,
        AttachmentRenamed, AttachmentReordered, AttachmentReplaced, Event, Source, Timestamp,
    },
    forum::Actor,
    id::{AttachmentId, ItemId, UserId},
    rejection::{Rejection, required},
};

/// Most attachments of one item.
const MAX_OF_ITEM: usize = 200;
/// Most attachments of all items of one agenda.
const MAX_OF_MEETING: usize = 1_000;
/// Most versions of one attachment's file.
const MAX_VERSIONS: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    /// The title.
    pub name: String,
    /// The file and what it was before, oldest first; none while only its title is known.
    pub versions: Vec<Version>,
    pub closed: Option<Closed>,
}

/// One version of an attachment's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub file: AttachedFile,
    pub by: UserId,
    pub at: Timestamp,
    pub sequence: u64,
}

type Applied = Result<(), String>;

impl Attachment {
    /// The file as it is now.
    pub fn file(&self) -> Option<&AttachedFile> {
        self.versions.last().map(|version| &version.file)
    }
}

impl Item {
    pub fn attachment(&self, id: AttachmentId) -> Option<&Attachment> {
        self.attachments.iter().find(|attachment| attachment.id == id)
    }

    fn require_attachment(&self, id: AttachmentId) -> Result<&Attachment, Rejection> {
        self.attachment(id).ok_or(Rejection::Unknown("bilag"))
    }
}

impl Meeting {
    /// Whether the person may give the item a file now. It is asked before a file is taken in,
    /// and decided again when it is there.
    pub fn require_attach(&self, actor: &Actor, item: ItemId) -> Result<(), Rejection> {
        actor.require_writer()?;
        self.require_item_open(item)
    }

    pub(super) fn attachment_events(&self, command: &MeetingCommand, supplies: &mut Supplies<'_>) -> Decided {
        match command {
            MeetingCommand::AddAttachment { item, name, source } => {
                self.add_attachment(*item, name, source.clone(), None, supplies)
            }
            MeetingCommand::AttachFile { item, name, file } => {
                self.add_attachment(*item, name, None, Some(file.clone()), supplies)
            }
            MeetingCommand::ReplaceFile { item, attachment, file } => {
                self.replace_file(*item, *attachment, file)
            }
            MeetingCommand::RenameAttachment { item, attachment, name } => {
                let name = required("Titel", name, MAX_NAME)?;
                if self.require_item(*item)?.require_attachment(*attachment)?.name == name {
                    return Err(Rejection::NoChange);
                }
                one(AttachmentRenamed { item: *item, attachment: *attachment, name })
            }
            MeetingCommand::MoveAttachment { item, attachment, index } => {
                self.move_attachment(*item, *attachment, *index)
            }
            MeetingCommand::CloseAttachment { item, attachment, reason } => {
                let reason = required("Begrundelse", reason, MAX_REASON)?;
                let closed = &self.require_item(*item)?.require_attachment(*attachment)?.closed;
                if closed.as_ref().is_some_and(|closed| closed.reason == reason) {
                    return Err(Rejection::NoChange);
                }
                one(AttachmentClosed { item: *item, attachment: *attachment, reason })
            }
            MeetingCommand::OpenAttachment { item, attachment } => {
                let closed = &self.require_item(*item)?.require_attachment(*attachment)?.closed;
                closed.as_ref().ok_or(Rejection::NoChange)?;
                one(AttachmentOpened { item: *item, attachment: *attachment })
            }
            MeetingCommand::RemoveAttachment { item, attachment } => {
                self.require_item(*item)?.require_attachment(*attachment)?;
                one(AttachmentRemoved { item: *item, attachment: *attachment })
            }
            _ => Err(Rejection::Unknown("bilag")),
        }
    }

    fn add_attachment(
        &self,
        item: ItemId,
        name: &str,
        source: Option<Source>,
        file: Option<AttachedFile>,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        if self.require_item(item)?.attachments.len() >= MAX_OF_ITEM {
            return Err(Rejection::TooMany { what: "bilag til ét punkt", limit: MAX_OF_ITEM });
        }
        self.require_room_for(1)?;
        let name = required("Titel", name, MAX_NAME)?;
        let attachment = AttachmentId::from_bytes((supplies.fresh)());
        one(AttachmentAdded { item, attachment, name, source, file: file.map(checked).transpose()? })
    }

    /// Whether the agenda has room for so many attachments more.
    pub(super) fn require_room_for(&self, more: usize) -> Result<(), Rejection> {
        let known: usize = self.items.iter().map(|item| item.attachments.len()).sum();
        if known + more > MAX_OF_MEETING {
            return Err(Rejection::TooMany { what: "bilag på én dagsorden", limit: MAX_OF_MEETING });
        }
        Ok(())
    }

    fn replace_file(&self, item: ItemId, attachment: AttachmentId, file: &AttachedFile) -> Decided {
        let known = self.require_item(item)?.require_attachment(attachment)?;
        if known.versions.len() >= MAX_VERSIONS {
            return Err(Rejection::TooMany { what: "versioner af ét bilag", limit: MAX_VERSIONS });
        }
        if known.file().is_some_and(|now| now.sha256 == file.sha256) {
            return Err(Rejection::NoChange);
        }
        one(AttachmentReplaced { item, attachment, file: checked(file.clone())? })
    }

    fn move_attachment(&self, item: ItemId, attachment: AttachmentId, index: u32) -> Decided {
        let all = &self.require_item(item)?.attachments;
        let from = all.iter().position(|one| one.id == attachment).ok_or(Rejection::Unknown("bilag"))?;
        match index as usize {
            to if to >= all.len() => Err(Rejection::Invalid("plads")),
            to if to == from => Err(Rejection::NoChange),
            _ => one(AttachmentReordered { item, attachment, index }),
        }
    }

    pub(super) fn attachment_changed(&mut self, meta: &Meta, event: &Event) -> Applied {
        match event {
            Event::AttachmentAdded(e) => {
                let versions = e.file.clone().map(|file| version(meta, file)).into_iter().collect();
                let added = Attachment { id: e.attachment, name: e.name.clone(), versions, closed: None };
                self.item_mut(e.item)?.attachments.push(added);
            }
            Event::AttachmentReplaced(e) => {
                self.attachment_mut(e.item, e.attachment)?.versions.push(version(meta, e.file.clone()));
            }
            Event::AttachmentRenamed(e) => {
                self.attachment_mut(e.item, e.attachment)?.name.clone_from(&e.name);
            }
            Event::AttachmentReordered(e) => {
                let attachments = &mut self.item_mut(e.item)?.attachments;
                let from = place(attachments, e.attachment)?;
                let moved = attachments.remove(from);
                let to = e.index as usize;
                if to > attachments.len() {
                    return Err(format!("no place {to} among the attachments"));
                }
                attachments.insert(to, moved);
            }
            Event::AttachmentClosed(e) => {
                self.attachment_mut(e.item, e.attachment)?.closed = Some(Closed::new(meta, &e.reason));
            }
            Event::AttachmentOpened(e) => self.attachment_mut(e.item, e.attachment)?.closed = None,
            Event::AttachmentRemoved(e) => {
                let item = self.item_mut(e.item)?;
                let removed = item.attachments.remove(place(&item.attachments, e.attachment)?);
                item.removed_attachments.push(removed);
            }
            _ => return Err(format!("{} is not about an attachment", event.kind().0)),
        }
        Ok(())
    }

    fn attachment_mut(&mut self, item: ItemId, id: AttachmentId) -> Result<&mut Attachment, String> {
        let attachments = &mut self.item_mut(item)?.attachments;
        attachments.iter_mut().find(|one| one.id == id).ok_or_else(|| format!("no attachment {id}"))
    }
}

fn version(meta: &Meta, file: AttachedFile) -> Version {
    Version { file, by: meta.by.clone(), at: meta.at, sequence: meta.sequence }
}

fn place(attachments: &[Attachment], id: AttachmentId) -> Result<usize, String> {
    attachments.iter().position(|one| one.id == id).ok_or_else(|| format!("no attachment {id}"))
}

/// The name that a file came with is kept as it is, without what no name should have.
fn checked(file: AttachedFile) -> Result<AttachedFile, Rejection> {
    Ok(AttachedFile { name: required("Filnavn", &file.name, MAX_NAME)?, ..file })
}
