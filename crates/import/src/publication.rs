//! A document that was read, as the publication that it was printed from.

use crate::model::{Imported, Item, Kind};
use agenda::{
    document::{DECISION_SECTIONS, SectionText},
    event::{EditionKind, Participant},
    id::{ItemId, MeetingId},
    publication::{MODEL_VERSION, Publication, PublishedItem, PublishedSection, clock_time},
};

impl Imported {
    /// The publication, or `None` where the document names no date. Meeting and items get no
    /// ids of their own, for they are in no log: those that they get follow from the order.
    pub fn publication(&self) -> Option<Publication> {
        Some(Publication {
            model: MODEL_VERSION,
            kind: self.edition_kind(),
            correction: None,
            meeting: MeetingId::from_bytes([0; 16]),
            forum: self.forum.clone().unwrap_or_default(),
            date: self.date.as_deref()?.parse().ok()?,
            time: self.time.as_deref().and_then(clock_time::parse).unwrap_or_default(),
            place: self.place.clone().unwrap_or_default(),
            participants: self
                .participants
                .iter()
                .map(|p| Participant { name: p.name.clone(), roles: p.roles.clone() })
                .collect(),
            items: self.items.iter().zip(1..).map(|(item, order)| published(item, order)).collect(),
        })
    }

    /// What the document calls itself; one that does not say has decisions if it is minutes.
    fn edition_kind(&self) -> EditionKind {
        match self.kind {
            Some(Kind::Minutes) => EditionKind::Minutes,
            Some(Kind::Supplement) => EditionKind::Supplement,
            _ if self.items.iter().any(|item| item.decision.is_some()) => EditionKind::Minutes,
            Some(Kind::Agenda) | None => EditionKind::Agenda,
        }
    }
}

fn published(item: &Item, order: u128) -> PublishedItem {
    let sections = item.sections.iter().filter_map(|section| {
        let (key, blocks) = (section.key.clone(), section.blocks.clone());
        PublishedSection::new(&section.heading, SectionText { key, nothing: section.nothing, blocks })
    });
    let decision = item.decision.as_ref().and_then(|decision| {
        let [(key, _)] = DECISION_SECTIONS;
        let (key, blocks) = (key.to_owned(), decision.blocks.clone());
        PublishedSection::new(&decision.heading, SectionText { key, nothing: false, blocks })
    });
    PublishedItem {
        id: ItemId::from_bytes(order.to_be_bytes()),
        number: item.number,
        title: item.title.clone(),
        journal_number: item.journal_number.clone(),
        minutes: item.minutes.and_then(|minutes| u16::try_from(minutes).ok()),
        item_type: None,
        sections: sections.chain(decision).collect(),
        attachments: item.attachments.iter().map(|title| title.as_str().into()).collect(),
        closed: false,
    }
}

#[cfg(test)]
mod tests {
    use crate::parse;

    const TEXT: &str = "REFERAT Havneforum d. 03-02-2031\n\nMødedato Mandag d. 03. februar 2031 kl. 08:30\n\n\
        Mødested Broen\n\nPunkt 1: Fyret\n\n00.01.00-A00-7-31\n\nSagsfremstilling\n\n(10 min.)\n\nFyret blinker.\n\n\
        Økonomi\n\nIntet at bemærke.\n\nBeslutning\n\nGodkendt.\n\nBilag\n\nKort\n";

    #[test]
    fn everything_that_was_read_is_in_the_publication() {
        let publication = parse(TEXT).publication().unwrap();
        assert_eq!(publication.forum, "Havneforum");
        assert_eq!(
            (publication.date.year(), publication.time.hour(), publication.time.minute()),
            (2031, 8, 30)
        );
        assert_eq!(publication.place, "Broen");
        let item = &publication.items[0];
        let keys: Vec<_> = item.sections.iter().map(|section| section.key.as_str()).collect();
        assert_eq!(keys, ["sagsfremstilling", "oekonomi", "beslutning"]);
        assert_eq!((item.minutes, item.sections[1].nothing), (Some(10), true));
        assert_eq!(item.attachment_titles().collect::<Vec<_>>(), ["Kort"]);
        assert_eq!(item.journal_number.as_deref(), Some("00.01.00-A00-7-31"));
    }

    #[test]
    fn without_a_date_there_is_none() {
        assert_eq!(parse("Punkt 1: Fyret\n\n00.01.00-A00-7-31\n").publication(), None);
    }
}
