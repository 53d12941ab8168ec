//! The texts of a meeting's items as values, and the publication that they make.

use super::{Attachment, Corrects, Item, Meeting, Scope};
use crate::{
    document::SectionText,
    event::{DocumentKind, FrozenDocument},
    id::{DocumentId, Hash, ItemId},
    publication::{
        ClosedAttachment, MODEL_VERSION, Publication, PublishedAttachment, PublishedCorrection,
        PublishedFile, PublishedItem, PublishedSection, content_hash,
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
    /// The edition that would be published next, with these texts; `None` before the meeting is scheduled.
    pub fn publication(&self, texts: &Texts) -> Option<Publication> {
        let details = self.details.as_ref()?;
        let scope = self.work.scope;
        let numbered = self.items.iter().zip(1..).filter(|(item, _)| scope.has(item));
        let items = numbered.map(|(item, number)| match &item.closed {
            Some(_) => PublishedItem::closed(item.id, number),
            None => PublishedItem {
                id: item.id,
                number,
                title: item.title.clone(),
                journal_number: item.journal_number.clone(),
                minutes: item.minutes,
                item_type: item.item_type,
                sections: self.sections_of(scope, item, texts),
                attachments: published_attachments(&item.attachments),
                closed: false,
            },
        });
        Some(Publication {
            model: MODEL_VERSION,
            kind: scope.kind(),
            correction: self.work.corrects().map(published_correction),
            meeting: self.id,
            forum: details.forum_name.clone(),
            date: details.date,
            time: details.time,
            place: details.place.clone(),
            participants: self.participants_of(scope).to_vec(),
            items: items.collect(),
        })
    }

    /// What each item on the agenda says now to members, its decision last.
    pub fn written(&self, texts: &Texts) -> Vec<(ItemId, Vec<PublishedSection>)> {
        self.items.iter().map(|item| (item.id, self.sections_of(Scope::Minutes, item, texts))).collect()
    }

    /// Whether the correction says just what the edition says that it corrects.
    pub(super) fn corrects_nothing(&self, publication: &Publication) -> bool {
        let corrected = self.work.corrects().and_then(|corrects| self.edition(corrects.edition));
        corrected.is_some_and(|edition| {
            let correction = edition.corrects.as_ref().map(published_correction);
            Publication { correction, ..publication.clone() }.content_hash() == edition.content_hash
        })
    }

    /// The minutes have the decision after the case.
    fn sections_of(&self, scope: Scope, item: &Item, texts: &Texts) -> Vec<PublishedSection> {
        let of = |kind: DocumentKind| self.published_sections(kind, texts.get(&item.documents.of(kind)));
        let mut sections = of(DocumentKind::Case);
        if scope == Scope::Minutes {
            sections.extend(of(DocumentKind::Decision));
        }
        sections
    }

    /// The sections of a text that say something, with their headings.
    pub(crate) fn published_sections(
        &self,
        kind: DocumentKind,
        text: Option<&DocumentText>,
    ) -> Vec<PublishedSection> {
        let Some(text) = text else { return Vec::new() };
        let section = |(key, heading): (&str, &str)| {
            let text = text.sections.iter().find(|section| section.key == key)?;
            PublishedSection::new(heading, text.clone())
        };
        self.sections(kind).into_iter().filter_map(section).collect()
    }

    /// What a freeze fixes: of an agenda and a supplement the case and the planning form of every
    /// item, of the minutes the decisions, of a correction the texts that it corrects.
    pub fn frozen_documents(&self, texts: &Texts) -> Vec<FrozenDocument> {
        self.documents_in_work()
            .map(|(item, kind, document)| {
                let text = texts.get(&document).cloned().unwrap_or_default();
                let sections = self.published_sections(kind, Some(&text));
                FrozenDocument {
                    item: item.id,
                    kind,
                    document,
                    heads: text.heads,
                    content_hash: content_hash(&sections),
                }
            })
            .collect()
    }
}

fn published_correction(corrects: &Corrects) -> PublishedCorrection {
    PublishedCorrection { edition: corrects.edition, reason: corrects.reason.clone() }
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
