//! The texts of a meeting's items as values, and the publication that they make.

use super::Meeting;
use crate::{
    document::SectionText,
    event::{DocumentKind, FrozenDocument},
    id::{DocumentId, Hash},
    publication::{MODEL_VERSION, Publication, PublishedItem, PublishedSection, content_hash},
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
        let items = self.items.iter().zip(1..).map(|(item, number)| PublishedItem {
            id: item.id,
            number,
            title: item.title.clone(),
            journal_number: item.journal_number.clone(),
            minutes: item.minutes,
            item_type: item.item_type,
            sections: self.published_sections(DocumentKind::Case, texts.get(&item.documents.case)),
            attachments: item.attachments.iter().map(|attachment| attachment.name.clone()).collect(),
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
