//! The demonstration: an invented municipality's forum with members in all roles, and one
//! coming meeting whose agenda is being written. Made once, in an empty data folder.

use crate::{
    Outcome,
    open::{command_meta, found_forum},
};
use agenda::{
    content::{Block, Cell, Inline, Row},
    event::{DocumentKind, ItemState, ItemType, Participant, Role},
    forum::ForumCommand,
    id::{ItemId, MeetingId, UserId},
    live::Done,
    meeting::MeetingCommand,
};
use server::{
    app::{App, CommandError},
    clock::{fresh, now},
};

const SECRETARY: &str = "sofie";

/// User, name, title, roles.
const PEOPLE: [(&str, &str, &str, &[Role]); 7] = [
    ("henrik", "Henrik Toft", "Kommunaldirektør", &[Role::Director]),
    ("amina", "Amina Yıldız", "Direktør for Børn & Velfærd", &[Role::Director]),
    ("bo", "Bo Ærø", "Afdelingschef for Plan & Klima", &[Role::HeadOfDepartment]),
    (
        "gitte",
        "Gitte Sønderby",
        "Afdelingschef for Økonomi + konst. digitaliseringschef",
        &[Role::HeadOfDepartment, Role::Coordinator],
    ),
    ("lasse", "Lasse Hjorth", "Chefkonsulent, Plan & Klima", &[Role::Author]),
    ("karen", "Karen Bjerre", "Dagsordenssamler, Børn & Velfærd", &[Role::Coordinator]),
    ("per", "Per Lund", "Kommunikationsmedarbejder", &[Role::Reader]),
];

/// Fills an empty log; leaves any other as it is.
pub async fn prepare(app: &App) -> Outcome {
    if !app.forums.latest().is_empty() {
        return Ok(());
    }
    let secretary = UserId::new(SECRETARY)?;
    let forum = found_forum(app, "Chefforum", &secretary, "Sofie Krog").await?;
    let title = "Forumsekretær".to_owned();
    let roles = vec![Role::Secretariat];
    let member = ForumCommand::ChangeMemberRole { user: secretary.clone(), title, roles };
    app.forums.command(forum.id, &command_meta(&secretary), &member).await?;
    for (user, name, title, roles) in PEOPLE {
        let member = ForumCommand::AddMember {
            user: UserId::new(user)?,
            name: name.into(),
            title: title.into(),
            roles: roles.to_vec(),
        };
        app.forums.command(forum.id, &command_meta(&secretary), &member).await?;
    }
    let forum = app.forums.get(forum.id).ok_or("the demonstration forum is not there")?;
    let meeting = MeetingId::from_bytes(fresh());
    let details = (next_wednesday(), jiff::civil::time(9, 0, 0, 0), "Mødelokale Lærken, Lindeby Rådhus");
    app.schedule(&forum, meeting, &command_meta(&secretary), details, None).await.map_err(explain)?;
    Demonstration { app, meeting, secretary }.fill().await.map_err(explain)
}

fn explain(error: CommandError) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        CommandError::Rejected(rejection) => rejection.explain(agenda::language::Language::Danish).into(),
        other => other.into(),
    }
}

/// The Wednesday of next week.
fn next_wednesday() -> jiff::civil::Date {
    let days = i32::try_from(now().0 / 86_400_000).unwrap_or(20_000);
    let today = jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days));
    today.nth_weekday(2, jiff::civil::Weekday::Wednesday).unwrap_or(today)
}

struct Demonstration<'a> {
    app: &'a App,
    meeting: MeetingId,
    secretary: UserId,
}

type Carried = Result<(), CommandError>;

impl Demonstration<'_> {
    async fn command(&self, command: MeetingCommand) -> Result<Done, CommandError> {
        self.app.command(self.meeting, &command_meta(&self.secretary), &command).await
    }

    async fn item(
        &self,
        title: &str,
        journal_number: &str,
        minutes: Option<u16>,
        item_type: Option<ItemType>,
    ) -> Result<ItemId, CommandError> {
        let add = MeetingCommand::AddItem {
            title: title.into(),
            journal_number: Some(journal_number.into()),
            minutes,
            item_type,
            source: None,
        };
        self.command(add).await?.created.map(ItemId::from_bytes).ok_or(CommandError::Unavailable)
    }

    async fn write(&self, item: ItemId, section: &str, blocks: Vec<Block>) -> Carried {
        self.section(item, DocumentKind::Case, section, blocks, false).await
    }

    async fn nothing(&self, item: ItemId, sections: &[&str]) -> Carried {
        for section in sections {
            self.section(item, DocumentKind::Case, section, Vec::new(), true).await?;
        }
        Ok(())
    }

    async fn section(
        &self,
        item: ItemId,
        document: DocumentKind,
        section: &str,
        blocks: Vec<Block>,
        nothing: bool,
    ) -> Carried {
        let section = section.to_owned();
        let write = MeetingCommand::WriteSection { item, document, section, blocks, nothing, source: None };
        self.command(write).await.map(drop)
    }

    async fn fill(&self) -> Carried {
        let present = [("Sofie Krog", "Forumsekretær")]
            .into_iter()
            .chain(PEOPLE.map(|(_, name, title, _)| (name, title)));
        let participants = present
            .filter(|(name, _)| *name != "Per Lund")
            .map(|(name, title)| Participant {
                name: name.into(),
                roles: title.split(" + ").map(str::to_owned).collect(),
            })
            .collect();
        self.command(MeetingCommand::ChangeParticipants { participants }).await?;
        self.opening().await?;
        self.cycle_paths().await?;
        self.meals().await?;
        self.closing().await
    }

    async fn opening(&self) -> Carried {
        let item = self.item("Godkendelse af dagsorden og referat", "00.01.00-A00-7-26", None, None).await?;
        self.write(
            item,
            "indstilling",
            recommends(
                "Kommunaldirektøren",
                &["dagsordenen godkendes", "referatet af sidste møde godkendes"],
            ),
        )
        .await?;
        self.command(MeetingCommand::SetItemState { item, state: ItemState::Ready }).await.map(drop)
    }

    async fn cycle_paths(&self) -> Carried {
        let item = self
            .item(
                "Drøftelse af cykelstier til de nye skoler",
                "05.01.02-P20-3-26",
                Some(25),
                Some(ItemType::Discussion),
            )
            .await?;
        let sender = "Afdelingschefen for Plan & Klima";
        self.write(
            item,
            "indstilling",
            recommends(
                sender,
                &["de to linjeføringer drøftes", "der vælges én linjeføring til det videre arbejde"],
            ),
        )
        .await?;
        self.write(item, "resume", vec![Block::paragraph("To nye skoler åbner i 2028. Forummet drøfter, hvilken af to cykelstier der først skal anlægges, og hvad det kræver af de øvrige afdelinger.")]).await?;
        self.write(item, "sagsfremstilling", vec![
            Block::paragraph("Formålet er, at børn fra fjerde klasse kan cykle alene til skole fra den første skoledag."),
            Block::Heading { level: 2, text: vec![Inline::plain("De to linjeføringer")] },
            bullet(0, "Langs Ådalen: 2,4 km, uden krydsning af større veje"),
            bullet(1, "kræver tilladelse efter naturbeskyttelsesloven"),
            bullet(0, "Langs Gammel Landevej: 1,7 km, med to signalregulerede kryds"),
            Block::Table { rows: vec![
                row(true, &["Linjeføring", "Anlæg", "Drift pr. år"]),
                row(false, &["Ådalen", "8,2 mio. kr.", "140.000 kr."]),
                row(false, &["Gammel Landevej", "9,6 mio. kr.", "95.000 kr."]),
            ] },
            Block::paragraph("Høringen af skolebestyrelserne er ikke afsluttet; svarene ventes i næste uge."),
        ]).await?;
        self.write(
            item,
            "oekonomi",
            vec![Block::paragraph("Der er afsat 9 mio. kr. i anlægsbudgettet for 2027.")],
        )
        .await?;
        self.nothing(item, &["lov", "historik"]).await?;
        self.section(
            item,
            DocumentKind::Planning,
            "formaal",
            vec![Block::paragraph("At få valgt én linjeføring, så projekteringen kan begynde før jul.")],
            false,
        )
        .await?;
        let file = "Kort over de to linjeføringer".to_owned();
        self.command(MeetingCommand::AddAttachment { item, name: file, source: None }).await.map(drop)
    }

    async fn meals(&self) -> Carried {
        let item = self
            .item(
                "Orientering om skolemad i indskolingen",
                "17.01.00-G01-12-26",
                Some(10),
                Some(ItemType::Orientation),
            )
            .await?;
        self.write(
            item,
            "indstilling",
            recommends("Direktøren for Børn & Velfærd", &["orienteringen tages til efterretning"]),
        )
        .await?;
        self.nothing(item, &["vision", "oekonomi", "lov", "borger"]).await
    }

    async fn closing(&self) -> Carried {
        let item =
            self.item("Temaer til kommende møder og eventuelt", "00.01.00-A00-7-26", None, None).await?;
        self.write(item, "indstilling", recommends("Kommunaldirektøren", &["punktet drøftes"])).await
    }
}

fn recommends(sender: &str, points: &[&str]) -> Vec<Block> {
    let lead = Block::paragraph(format!("{sender} indstiller,"));
    let points = points.iter().map(|point| Block::ListItem {
        ordered: true,
        indent: 0,
        text: vec![
            Inline { text: "at".into(), bold: true, ..Inline::default() },
            Inline::plain(format!(" {point}")),
        ],
    });
    std::iter::once(lead).chain(points).collect()
}

fn bullet(indent: u8, text: &str) -> Block {
    Block::ListItem { ordered: false, indent, text: vec![Inline::plain(text)] }
}

fn row(header: bool, cells: &[&str]) -> Row {
    let cell = |text: &&str| Cell { header, colspan: 1, rowspan: 1, blocks: vec![Block::paragraph(*text)] };
    Row { cells: cells.iter().map(cell).collect() }
}
