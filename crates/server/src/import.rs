//! Carries out an import: a read document becomes a meeting with its items, texts,
//! attachments and decisions, as events that each name the source line they came from.

use crate::{
    app::{App, CommandError},
    clock::fresh,
};
use agenda::{
    event::{DocumentKind, Participant, Source},
    forum::Forum,
    id::{CommandId, ItemId, MeetingId, SessionId, UserId},
    live::{CommandMeta, Done},
    meeting::MeetingCommand,
    publication::clock_time,
    rejection::Rejection,
};
use import::{Decision, Imported, Item, Section};

/// Longest file that is read, in bytes. A published agenda has some 30 kB.
pub const MAX_FILE_BYTES: usize = 900 * 1024;

/// What an import made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedMeeting {
    pub meeting: MeetingId,
    pub items: usize,
}

struct Importer<'a> {
    app: &'a App,
    meeting: MeetingId,
    user: &'a UserId,
    session: SessionId,
    file: &'a str,
}

/// Creates the meeting that the document tells of. Stops at the first command that is
/// rejected; what was carried out before stays, as every event does.
pub async fn carry_out(
    app: &App,
    forum: &Forum,
    user: &UserId,
    session: SessionId,
    file: &str,
    imported: &Imported,
) -> Result<ImportedMeeting, CommandError> {
    let date =
        imported.date.as_deref().and_then(|date| date.parse().ok()).ok_or(Rejection::Empty("Mødedato"))?;
    let time = imported.time.as_deref().and_then(clock_time::parse);
    let time = time.unwrap_or(jiff::civil::Time::midnight());
    let meeting = MeetingId::from_bytes(fresh());
    let importer = Importer { app, meeting, user, session, file };
    let details = (date, time, imported.place.as_deref().unwrap_or_default());
    app.schedule(forum, meeting, &importer.meta(), details, Some(importer.source(1))).await?;
    if !imported.participants.is_empty() {
        let participants = imported.participants.iter();
        let participants = participants.map(|p| Participant { name: p.name.clone(), roles: p.roles.clone() });
        importer.command(MeetingCommand::ChangeParticipants { participants: participants.collect() }).await?;
    }
    for item in &imported.items {
        importer.item(item).await?;
    }
    Ok(ImportedMeeting { meeting, items: imported.items.len() })
}

impl Importer<'_> {
    fn meta(&self) -> CommandMeta {
        CommandMeta { id: CommandId::from_bytes(fresh()), user: self.user.clone(), session: self.session }
    }

    fn source(&self, line: usize) -> Source {
        Source { file: self.file.to_owned(), line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    async fn command(&self, command: MeetingCommand) -> Result<Done, CommandError> {
        self.app.command(self.meeting, &self.meta(), &command).await
    }

    async fn item(&self, item: &Item) -> Result<(), CommandError> {
        let added = self.command(MeetingCommand::AddItem {
            title: item.title.clone(),
            journal_number: item.journal_number.clone(),
            minutes: item.minutes.and_then(|minutes| u16::try_from(minutes).ok()),
            item_type: None,
            source: Some(self.source(item.line)),
        });
        let id = added.await?.created.map(ItemId::from_bytes).ok_or(CommandError::Unavailable)?;
        for section in &item.sections {
            self.section(id, section).await?;
        }
        if let Some(decision) = &item.decision {
            self.decision(id, decision).await?;
        }
        for (name, line) in item.attachments.iter().zip(&item.attachment_lines) {
            let source = Some(self.source(*line));
            self.command(MeetingCommand::AddAttachment { item: id, name: name.clone(), source }).await?;
        }
        Ok(())
    }

    async fn section(&self, item: ItemId, section: &Section) -> Result<(), CommandError> {
        let write = MeetingCommand::WriteSection {
            item,
            document: DocumentKind::Case,
            section: section.key.clone(),
            blocks: section.blocks.clone(),
            nothing: section.nothing,
            source: Some(self.source(section.line)),
        };
        self.command(write).await.map(drop)
    }

    async fn decision(&self, item: ItemId, decision: &Decision) -> Result<(), CommandError> {
        let write = MeetingCommand::WriteSection {
            item,
            document: DocumentKind::Decision,
            section: "beslutning".into(),
            blocks: decision.blocks.clone(),
            nothing: false,
            source: Some(self.source(decision.line)),
        };
        self.command(write).await.map(drop)
    }
}
