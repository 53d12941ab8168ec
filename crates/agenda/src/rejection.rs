//! Why a command was not carried out. A rejection is an answer, not a failure: nothing has
//! changed, and its text says what to do.

use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// `What` is the words that name a thing or a field: owned in what was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection<What = &'static str> {
    /// The person is not a member of the forum (or no longer one).
    NotMember,
    /// Only the secretariat may do this.
    NeedsSecretariat,
    /// The person may read but not write.
    ReadOnly,
    /// The agenda is frozen.
    Frozen,
    /// The agenda is published; from then on corrections are additions.
    Published,
    /// There is nothing frozen to publish or thaw.
    NotFrozen,
    /// The agenda must be published first.
    NotPublished,
    /// A supplement or a correction is open, or something is frozen and not yet published.
    EditionUnderWay,
    /// The item is on an agenda that is being written.
    InWork,
    /// There is a hold on the item.
    Held,
    /// The item is not due under the forum's retention plan.
    NotDue,
    /// No supplement and no correction is open.
    NothingOpened,
    /// The minutes are published; from then on it is they that are corrected.
    HasMinutes,
    /// A correction of that edition is published already.
    Superseded,
    /// No such item on this agenda.
    UnknownItem,
    /// No such document, section, attachment or member.
    Unknown(What),
    /// A field that must say something says nothing.
    Empty(What),
    /// A field is longer than it may be (characters).
    TooLong { field: What, limit: usize },
    /// The agenda or the list is full.
    TooMany { what: What, limit: usize },
    /// It is so already.
    NoChange,
    /// The thing exists already.
    Exists(What),
    /// The last member of the secretariat cannot leave.
    LastSecretary,
    /// The suggestion was accepted, rejected or ended before.
    Settled,
    /// The suggestion has changed since the person saw it.
    ChangedMeanwhile,
    /// A value cannot be read.
    Invalid(What),
    /// The other meeting is of another forum.
    OtherForum,
    /// The item is on that agenda already.
    SameMeeting,
    /// The other meeting's agenda takes no items now.
    OtherAgendaShut,
    /// Somebody wrote in the item while it was being moved.
    WrittenMeanwhile,
}

impl<What: Display> Rejection<What> {
    /// What a person is told, with what to do about it.
    pub fn explain(&self, language: Language) -> String {
        let fixed = |danish: &str, english: &str| language.pick(danish, english).to_owned();
        let stage = |(danish, english)| fixed(danish, english);
        match self {
            Self::NotMember => fixed(
                "Du er ikke medlem af dette forum. Bed sekretariatet om at tilføje dig.",
                "You are not a member of this forum. Ask the secretariat to add you.",
            ),
            Self::NeedsSecretariat => fixed(
                "Det kan kun sekretariatet gøre. Bed dem om det.",
                "Only the secretariat can do this. Ask them to.",
            ),
            Self::ReadOnly => fixed(
                "Du har læseadgang her. Bed sekretariatet om skriveadgang.",
                "You may read here but not write. Ask the secretariat for write access.",
            ),
            Self::Frozen => fixed(
                "Teksten er låst. Bed sekretariatet om at genåbne den.",
                "The text is frozen. Ask the secretariat to reopen it.",
            ),
            Self::Published => stage(PUBLISHED),
            Self::NotFrozen => stage(NOT_FROZEN),
            Self::NotPublished => stage(NOT_PUBLISHED),
            Self::EditionUnderWay => stage(EDITION_UNDER_WAY),
            Self::InWork => stage(IN_WORK),
            Self::Held => stage(HELD),
            Self::NotDue => stage(NOT_DUE),
            Self::NothingOpened => stage(NOTHING_OPENED),
            Self::HasMinutes => stage(HAS_MINUTES),
            Self::Superseded => stage(SUPERSEDED),
            Self::UnknownItem => fixed(
                "Punktet findes ikke på denne dagsorden. Genindlæs siden.",
                "The item is not on this agenda. Reload the page.",
            ),
            Self::Unknown(what) => language.pick(
                format!("Findes ikke: {what}. Genindlæs siden."),
                format!("Not found: {what}. Reload the page."),
            ),
            Self::Empty(field) => {
                language.pick(format!("Udfyld feltet «{field}»."), format!("Fill in the field «{field}»."))
            }
            Self::TooLong { field, limit } => language.pick(
                format!("«{field}» må højst være {limit} tegn. Forkort teksten."),
                format!("«{field}» may be at most {limit} characters. Shorten it."),
            ),
            Self::TooMany { what, limit } => language.pick(
                format!("Der kan højst være {limit}: {what}."),
                format!("There can be at most {limit}: {what}."),
            ),
            Self::NoChange => {
                fixed("Der er intet at ændre: sådan er det allerede.", "Nothing to change: it is so already.")
            }
            Self::Exists(what) => {
                language.pick(format!("Findes allerede: {what}."), format!("Exists already: {what}."))
            }
            Self::LastSecretary => stage(LAST_SECRETARY),
            Self::Settled => stage(SETTLED),
            Self::ChangedMeanwhile => fixed(
                "Forslaget er ændret, siden du så det. Se det igen, og godkend det så.",
                "The suggestion has changed since you saw it. Look at it again, then accept it.",
            ),
            Self::Invalid(field) => language.pick(
                format!("Feltet «{field}» kan ikke læses. Ret det."),
                format!("The field «{field}» cannot be read. Correct it."),
            ),
            Self::OtherForum => stage(OTHER_FORUM),
            Self::SameMeeting => stage(SAME_MEETING),
            Self::OtherAgendaShut => stage(OTHER_AGENDA_SHUT),
            Self::WrittenMeanwhile => stage(WRITTEN_MEANWHILE),
        }
    }

    /// As it is stored.
    pub fn stored(&self) -> Rejection<String> {
        use Rejection as R;
        match self {
            R::NotMember => R::NotMember,
            R::NeedsSecretariat => R::NeedsSecretariat,
            R::ReadOnly => R::ReadOnly,
            R::Frozen => R::Frozen,
            R::Published => R::Published,
            R::NotFrozen => R::NotFrozen,
            R::NotPublished => R::NotPublished,
            R::EditionUnderWay => R::EditionUnderWay,
            R::InWork => R::InWork,
            R::Held => R::Held,
            R::NotDue => R::NotDue,
            R::NothingOpened => R::NothingOpened,
            R::HasMinutes => R::HasMinutes,
            R::Superseded => R::Superseded,
            R::UnknownItem => R::UnknownItem,
            R::NoChange => R::NoChange,
            R::LastSecretary => R::LastSecretary,
            R::OtherForum => R::OtherForum,
            R::SameMeeting => R::SameMeeting,
            R::OtherAgendaShut => R::OtherAgendaShut,
            R::WrittenMeanwhile => R::WrittenMeanwhile,
            R::Settled => R::Settled,
            R::ChangedMeanwhile => R::ChangedMeanwhile,
            R::Unknown(what) => R::Unknown(what.to_string()),
            R::Empty(field) => R::Empty(field.to_string()),
            R::TooLong { field, limit } => R::TooLong { field: field.to_string(), limit: *limit },
            R::TooMany { what, limit } => R::TooMany { what: what.to_string(), limit: *limit },
            R::Exists(what) => R::Exists(what.to_string()),
            R::Invalid(field) => R::Invalid(field.to_string()),
        }
    }
}

const SETTLED: (&str, &str) = (
    "Forslaget er allerede afgjort. Genindlæs siden.",
    "The suggestion has been settled already. Reload the page.",
);
const LAST_SECRETARY: (&str, &str) = (
    "Et forum skal have mindst én i sekretariatet. Tilføj en anden først.",
    "A forum needs at least one member of the secretariat. Add another first.",
);

// What is said of the stages of an edition, in both languages.
const PUBLISHED: (&str, &str) = (
    "Det er udsendt og kan ikke ændres. Ret ved at tilføje: en tillægsdagsorden eller en rettelse.",
    "This is published and cannot change. Correct it by addition: a supplement or a correction.",
);
const NOT_FROZEN: (&str, &str) =
    ("Dagsordenen er ikke låst. Lås den først.", "The agenda is not frozen. Freeze it first.");
const NOT_PUBLISHED: (&str, &str) = (
    "Dagsordenen er ikke udsendt endnu. Udsend den først.",
    "The agenda is not published yet. Publish it first.",
);
const IN_WORK: (&str, &str) = (
    "Punktet står på en dagsorden, der er ved at blive skrevet. Tag det af dagsordenen først; så kan teksten slettes.",
    "The item is on an agenda that is being written. Withdraw it first; then its words can be erased.",
);
const HELD: (&str, &str) = (
    "Der er slettestop på punktet, så teksten må ikke slettes. Ophæv slettestoppet på punktets side først, hvis grunden er faldet væk.",
    "There is a hold on the item, so its words may not be erased. Release it on the item's page first, if there is no more reason for it.",
);
const NOT_DUE: (&str, &str) = (
    "Punktet har ikke nået fristen i den sletteplan, der gælder nu. Genindlæs sletteplanen, og se listen igen.",
    "The item is not due under the retention plan in force. Reload the retention plan, and look at the list again.",
);
const EDITION_UNDER_WAY: (&str, &str) = (
    "Der er en udgave undervejs. Udsend den først, eller opgiv den.",
    "An edition is under way. Publish it first, or give it up.",
);
const NOTHING_OPENED: (&str, &str) = (
    "Der er ingen åben tillægsdagsorden eller rettelse at opgive.",
    "There is no open supplement or correction to give up.",
);
const HAS_MINUTES: (&str, &str) = (
    "Referatet er udsendt. Herefter kan kun referatet rettes.",
    "The minutes are published. From then on only the minutes can be corrected.",
);
const SUPERSEDED: (&str, &str) = (
    "Den udgave er allerede rettet. Ret den nyeste udgave i stedet.",
    "That edition has been corrected already. Correct the newest edition instead.",
);

// What is said when an item goes from one meeting to another, in both languages.
const OTHER_FORUM: (&str, &str) = (
    "Mødet hører til et andet forum. Vælg et møde i samme forum.",
    "The meeting belongs to another forum. Choose a meeting of the same forum.",
);
const SAME_MEETING: (&str, &str) = (
    "Punktet er allerede på den dagsorden. Vælg et andet møde.",
    "The item is on that agenda already. Choose another meeting.",
);
const OTHER_AGENDA_SHUT: (&str, &str) = (
    "Dagsordenen for det andet møde er låst eller udsendt. Vælg et andet møde, eller genåbn den først.",
    "The other meeting's agenda is frozen or published. Choose another meeting, or reopen it first.",
);
const WRITTEN_MEANWHILE: (&str, &str) = (
    "Nogen skrev i punktet, mens det blev flyttet. Det står, hvor det stod. Prøv igen.",
    "Somebody wrote in the item while it was being moved. It is where it was. Try again.",
);

/// A text that must say something and has a limit; surrounding white space is taken off.
pub fn required(field: &'static str, text: &str, limit: usize) -> Result<String, Rejection> {
    let text = optional(field, text, limit)?;
    if text.is_empty() { Err(Rejection::Empty(field)) } else { Ok(text) }
}

/// A text of several lines that must say something and has a limit; control characters other
/// than line breaks become spaces.
pub fn required_lines(field: &'static str, text: &str, limit: usize) -> Result<String, Rejection> {
    let plain = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
    let text: String = text.replace("\r\n", "\n").chars().map(plain).collect();
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Rejection::Empty(field)),
        length if length > limit => Err(Rejection::TooLong { field, limit }),
        _ => Ok(text.to_owned()),
    }
}

/// A text with a limit, in characters; control characters become spaces.
pub fn optional(field: &'static str, text: &str, limit: usize) -> Result<String, Rejection> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    if text.chars().count() > limit { Err(Rejection::TooLong { field, limit }) } else { Ok(text.to_owned()) }
}
