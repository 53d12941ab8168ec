//! The attachments of an item, as members see them.

use super::{Person, person};
use agenda::{
    event::{FileKind, Position, Timestamp},
    forum::Forum,
    id::{AttachmentId, Hash},
    live::{Room, Viewer},
    meeting::{Attachment, Closed, Item, Version},
};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttachmentView {
    pub id: AttachmentId,
    /// Counted from 1 in the item.
    pub number: usize,
    /// The title.
    pub name: String,
    /// Versions of the file, oldest first; none where only the title is known.
    pub versions: Vec<VersionView>,
    #[schema(required)]
    pub closed: Option<ClosedView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionView {
    /// Counted from 1.
    pub number: usize,
    /// As the file was called where it came from.
    pub file: String,
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    pub sha256: Hash,
    pub by: Person,
    pub at: Timestamp,
    pub url: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosedView {
    pub reason: String,
    pub by: Person,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreatedAttachment {
    /// Where the log has it.
    pub position: Position,
    /// Null for a new version of one that was there.
    #[schema(required)]
    pub created: Option<AttachmentId>,
}

pub fn attachments(room: &Room, viewer: &Viewer<'_>, item: &Item) -> Vec<AttachmentView> {
    let (forum, meeting) = (room.forum(), room.meeting().id);
    let address =
        |one: &Attachment| format!("/api/meetings/{meeting}/items/{}/attachments/{}", item.id, one.id);
    let view = |(one, number): (&Attachment, usize)| AttachmentView {
        id: one.id,
        number,
        name: one.name.clone(),
        versions: versions(forum, viewer.versions(one), &address(one)),
        closed: one.closed.as_ref().map(|why| closed(forum, why)),
    };
    item.attachments.iter().zip(1..).map(view).collect()
}

pub fn closed(forum: &Forum, why: &Closed) -> ClosedView {
    ClosedView { reason: why.reason.clone(), by: person(forum, &why.by), at: why.at }
}

fn versions<'v>(
    forum: &Forum,
    shown: impl Iterator<Item = (usize, &'v Version)>,
    address: &str,
) -> Vec<VersionView> {
    let view = |(number, version): (usize, &Version)| VersionView {
        number,
        file: version.file.name.clone(),
        kind: version.file.kind,
        size: version.file.size,
        sha256: version.file.sha256,
        by: person(forum, &version.by),
        at: version.at,
        url: format!("{address}?version={number}"),
    };
    shown.map(view).collect()
}
