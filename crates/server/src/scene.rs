//! What tests of the whole service begin with: a forum with two meetings, and an item with a text.

use crate::{
    app::App,
    bringing::Place,
    config::{Config, Limits},
};
use agenda::{
    content::Block,
    event::{DocumentKind, Role},
    forum::ForumCommand,
    id::{CommandId, ForumId, ItemId, MeetingId, SessionId, UserId},
    live::CommandMeta,
    meeting::MeetingCommand,
};
use eventlog::{EventLog, backend::memory::MemoryLog};
use jiff::civil::{date, time};
use std::sync::Arc;

pub const MAY: MeetingId = MeetingId::from_bytes([5; 16]);
pub const JUNE: MeetingId = MeetingId::from_bytes([6; 16]);

pub struct Given {
    pub app: Arc<App>,
    pub log: Arc<dyn EventLog>,
    pub folder: tempfile::TempDir,
    pub place: Place,
}

pub fn meta(number: u8, user: &str) -> CommandMeta {
    let user = UserId::new(user).unwrap();
    CommandMeta { id: CommandId::from_bytes([number; 16]), user, session: SessionId::from_bytes([1; 16]) }
}

pub async fn opened(log: &Arc<dyn EventLog>, folder: &std::path::Path) -> Arc<App> {
    let config = Config {
        data: folder.to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        demo: true,
        tokens: None,
        public_origin: None,
        files: crate::files::FileSettings::default(),
        mirror: None,
        mirror_bucket: None,
        witnesses: Vec::new(),
        limits: Limits::default(),
    };
    App::open(config, log.clone()).await.unwrap()
}

/// An item in May with a text by Bo; and a meeting in June.
pub async fn given() -> Given {
    let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
    let folder = tempfile::tempdir().unwrap();
    let app = opened(&log, folder.path()).await;
    let sofie = meta(1, "sofie");
    let id = ForumId::from_bytes([1; 16]);
    app.forums.found(id, "Chefforum", &sofie, "Sofie").await.unwrap();
    let bo = ForumCommand::AddMember {
        user: UserId::new("bo").unwrap(),
        name: "Bo".into(),
        title: String::new(),
        roles: vec![Role::HeadOfDepartment],
    };
    app.forums.command(id, &meta(2, "sofie"), &bo).await.unwrap();
    let forum = app.forums.get(id).unwrap();
    for (number, meeting, day) in [(3, MAY, date(2027, 5, 6)), (4, JUNE, date(2027, 6, 6))] {
        let details = (day, time(9, 0, 0, 0), "Lærken");
        app.schedule(&forum, meeting, &meta(number, "sofie"), details, None).await.unwrap();
    }
    let add = MeetingCommand::AddItem {
        title: "Cykelstier".into(),
        journal_number: None,
        minutes: None,
        item_type: None,
        source: None,
    };
    let added = app.command(MAY, &meta(5, "sofie"), &add).await.unwrap();
    let item = ItemId::from_bytes(added.created.unwrap());
    app.command(MAY, &meta(6, "bo"), &write(item)).await.unwrap();
    Given { app, log, folder, place: Place { meeting: MAY, item } }
}

pub fn write(item: ItemId) -> MeetingCommand {
    MeetingCommand::WriteSection {
        item,
        document: DocumentKind::Case,
        section: "resume".into(),
        blocks: vec![Block::paragraph("Bo skrev")],
        nothing: false,
        source: None,
    }
}
