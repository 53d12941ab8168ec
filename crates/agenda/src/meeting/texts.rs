//! The texts of a meeting's items as values, and the publication that they make.

use super::{Attachment, Meeting};
use crate::{
    document::SectionText,
    event::{DocumentKind, FrozenDocument},
    id::{DocumentId, Hash},
    publication::{
        ClosedAttachment, MODEL_VERSION, Publication, PublishedAttachment, PublishedFile, PublishedItem,
        PublishedSection, content_hash,
    },
};
use std::collections::BTreeMap;

/// What one document says, at its heads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentText {
    pub heads: Vec<Hash>,
    pub sections: Vec<SectionText>,
}

/// The texts of documents, by id. A document that is missing here reads as empty.
pub type Texts = BTreeMap<DocumentId, DocumentText>;

impl Meeting {
    /// The agenda as it would be published with these texts; `None` before it is scheduled.
    pub fn publication(&self, texts: &Texts) -> Option<Publication> {
        let details = self.details.as_ref()?;
        let items = self.items.iter().zip(1..).map(|(item, number)| match &item.closed {
            Some(_) => PublishedItem::closed(item.id, number),
            None => PublishedItem {
                id: item.id,
                number,
                title: item.title.clone(),
                journal_number: item.journal_number.clone(),
                minutes: item.minutes,
                item_type: item.item_type,
                sections: self.published_sections(DocumentKind::Case, texts.get(&item.documents.case)),
                attachments: published_attachments(&item.attachments),
                closed: false,
            },
        });
        Some(Publication {
            model: MODEL_VERSION,
            meeting: self.id,
            forum: details.forum_name.clone(),
            date: details.date,
            time: details.time,
            place: details.place.clone(),
            participants: self.participants.clone(),
            items: items.collect(),
        })
    }

    fn published_sections(&self, kind: DocumentKind, text: Option<&DocumentText>) -> Vec<PublishedSection> {
        let Some(text) = text else { return Vec::new() };
        let section = |(key, heading): (&str, &str)| {
            let text = text.sections.iter().find(|section| section.key == key)?;
            PublishedSection::new(heading, text.clone())
        };
        self.sections(kind).into_iter().filter_map(section).collect()
    }

    /// What a freeze fixes: the case and the planning form of every item. Decisions are
    /// written afterwards, so they stay open.
    pub fn frozen_documents(&self, texts: &Texts) -> Vec<FrozenDocument> {
        let fixed = |kind: &DocumentKind| !matches!(kind, DocumentKind::Decision);
        self.items
            .iter()
            .flat_map(|item| item.documents.all().map(|(kind, document)| (item.id, kind, document)))
            .filter(|(_, kind, _)| fixed(kind))
            .map(|(item, kind, document)| {
                let text = texts.get(&document).cloned().unwrap_or_default();
                let sections = self.published_sections(kind, Some(&text));
                FrozenDocument {
                    item,
                    kind,
                    document,
                    heads: text.heads,
                    content_hash: content_hash(&sections),
                }
            })
            .collect()
    }
}

/// Of a closed attachment nothing but its place is published, so nothing but that is handed on.
fn published_attachments(attachments: &[Attachment]) -> Vec<PublishedAttachment> {
    let published = |(attachment, number): (&Attachment, u32)| match (&attachment.closed, attachment.file()) {
        (Some(_), _) => PublishedAttachment::Closed(ClosedAttachment { number, closed: true }),
        (None, None) => PublishedAttachment::Name(attachment.name.clone()),
        (None, Some(file)) => PublishedAttachment::File(PublishedFile {
            id: attachment.id,
            number,
            title: attachment.name.clone(),
            kind: file.kind,
            size: file.size,
            sha256: file.sha256,
        }),
    };
    attachments.iter().zip(1..).map(published).collect()
}
