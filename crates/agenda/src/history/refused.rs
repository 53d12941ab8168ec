//! Refused commands as entries of the trail.

use super::{HistoryKind, Reader, Words, sentence::quoted};
use crate::{
    event::{CommandKind, CommandRefused, Recorded},
    language::Language,
    rejection::Rejection,
};

/// What somebody tried, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tried {
    command: CommandKind,
    /// The name of the member it was about.
    member: Option<String>,
    rejection: Rejection<String>,
    last: bool,
}

impl Tried {
    pub fn new(event: &CommandRefused, member: Option<String>) -> Self {
        Self { command: event.command, member, rejection: event.rejection.clone(), last: event.last }
    }

    /// The reason stands in the words in which the person was told.
    pub fn sentence(&self, name: &str, language: Language) -> String {
        let what = language.pick(danish(self.command), english(self.command));
        let member = self.member.as_ref().map_or_else(String::new, |member| format!(" ({member})"));
        let told = quoted(&self.rejection.explain(language));
        let last = if self.last {
            language.pick(
                " Kommer der flere i samme time, bliver de ikke gemt.",
                " Any more in the same hour are not kept.",
            )
        } else {
            ""
        };
        language.pick(
            format!("{name} ville {what}{member}, men blev afvist: {told}{last}"),
            format!("{name} wanted to {what}{member}, and was refused: {told}{last}"),
        )
    }
}

impl Reader {
    pub(super) fn command_refused(&mut self, recorded: &Recorded, event: &CommandRefused) {
        let words = Words::CommandRefused(Tried::new(event, None));
        let mut entry = Self::entry(recorded, HistoryKind::Refused, words);
        (entry.item, entry.trail_only) = (event.item, true);
        self.acts.push(entry);
    }
}

fn danish(command: CommandKind) -> &'static str {
    match command {
        CommandKind::ChangeDetails => "ændre mødets tid eller sted",
        CommandKind::ChangeParticipants => "ændre deltagerne",
        CommandKind::AddItem => "oprette et punkt",
        CommandKind::ChangeItem => "ændre punktets oplysninger",
        CommandKind::MoveItem => "flytte punktet",
        CommandKind::WithdrawItem => "tage punktet af dagsordenen",
        CommandKind::EraseItem => "slette punktets tekst for altid",
        CommandKind::HoldItem => "sætte slettestop på punktet",
        CommandKind::ReleaseItem => "ophæve slettestoppet på punktet",
        CommandKind::CloseItem => "gøre punktet lukket",
        CommandKind::OpenItem => "gøre punktet åbent",
        CommandKind::SetItemState => "melde punktet klar eller sætte det tilbage til kladde",
        CommandKind::SetContributors => "ændre bidragyderne",
        CommandKind::AddAttachment => "tilføje et bilag",
        CommandKind::ReplaceFile => "lægge en ny version af et bilag op",
        CommandKind::RenameAttachment => "give et bilag en ny titel",
        CommandKind::MoveAttachment => "flytte et bilag",
        CommandKind::CloseAttachment => "lukke et bilag",
        CommandKind::OpenAttachment => "åbne et bilag",
        CommandKind::RemoveAttachment => "fjerne et bilag",
        CommandKind::WriteSection => "indsætte tekst i et afsnit",
        CommandKind::OpenSuggestion => "begynde på et forslag til rettelser",
        CommandKind::AcceptSuggestion => "godkende et forslag",
        CommandKind::RejectSuggestion => "afvise et forslag",
        CommandKind::SuggestRefused => "sende tekst, der ikke kom med, som forslag",
        CommandKind::Comment => "kommentere teksten",
        CommandKind::ResolveComment => "afslutte en kommentar",
        CommandKind::ReopenComment => "genåbne en kommentar",
        CommandKind::Freeze => "låse dagsordenen",
        CommandKind::Thaw => "genåbne det, der var låst",
        CommandKind::Publish => "udsende det, der var låst",
        CommandKind::FreezeMinutes => "låse referatet",
        CommandKind::OpenSupplement => "åbne en tillægsdagsorden",
        CommandKind::OpenCorrection => "begynde at rette en udgave",
        CommandKind::AbandonEdition => "opgive en udgave",
        CommandKind::AddMember => "tilføje et medlem",
        CommandKind::ChangeMemberRole => "ændre et medlems roller",
        CommandKind::RemoveMember => "fjerne et medlem",
        CommandKind::ChangeTemplate => "ændre skabelonen",
        CommandKind::ChangeDraftPolicy => "ændre, hvor længe udkast vises",
        CommandKind::ChangeRetentionPlan => "ændre sletteplanen",
        CommandKind::ScheduleMeeting => "planlægge et møde",
        CommandKind::ImportAgenda => "importere en dagsorden",
        CommandKind::BringItem => "hente et punkt fra et andet møde",
        CommandKind::MoveItemAway => "flytte punktet til et andet møde",
    }
}

fn english(command: CommandKind) -> &'static str {
    match command {
        CommandKind::ChangeDetails => "change the meeting's time or place",
        CommandKind::ChangeParticipants => "change the participants",
        CommandKind::AddItem => "create an item",
        CommandKind::ChangeItem => "change the item's details",
        CommandKind::MoveItem => "move the item",
        CommandKind::WithdrawItem => "withdraw the item",
        CommandKind::EraseItem => "erase the words of the item for good",
        CommandKind::HoldItem => "put a hold on the item",
        CommandKind::ReleaseItem => "release the hold on the item",
        CommandKind::CloseItem => "close the item to the public",
        CommandKind::OpenItem => "open the item to the public",
        CommandKind::SetItemState => "mark the item ready or set it back to draft",
        CommandKind::SetContributors => "change the contributors",
        CommandKind::AddAttachment => "add an attachment",
        CommandKind::ReplaceFile => "upload a new version of an attachment",
        CommandKind::RenameAttachment => "give an attachment a new title",
        CommandKind::MoveAttachment => "move an attachment",
        CommandKind::CloseAttachment => "close an attachment",
        CommandKind::OpenAttachment => "open an attachment",
        CommandKind::RemoveAttachment => "remove an attachment",
        CommandKind::WriteSection => "put text into a section",
        CommandKind::OpenSuggestion => "begin a suggestion",
        CommandKind::AcceptSuggestion => "accept a suggestion",
        CommandKind::RejectSuggestion => "reject a suggestion",
        CommandKind::SuggestRefused => "hand over text that was not taken in, as a suggestion",
        CommandKind::Comment => "comment on the text",
        CommandKind::ResolveComment => "resolve a comment",
        CommandKind::ReopenComment => "reopen a comment",
        CommandKind::Freeze => "freeze the agenda",
        CommandKind::Thaw => "reopen what was frozen",
        CommandKind::Publish => "publish what was frozen",
        CommandKind::FreezeMinutes => "freeze the minutes",
        CommandKind::OpenSupplement => "open a supplement",
        CommandKind::OpenCorrection => "begin to correct an edition",
        CommandKind::AbandonEdition => "give up an edition",
        CommandKind::AddMember => "add a member",
        CommandKind::ChangeMemberRole => "change a member's roles",
        CommandKind::RemoveMember => "remove a member",
        CommandKind::ChangeTemplate => "change the template",
        CommandKind::ChangeDraftPolicy => "change how long drafts are shown",
        CommandKind::ChangeRetentionPlan => "change the retention plan",
        CommandKind::ScheduleMeeting => "schedule a meeting",
        CommandKind::ImportAgenda => "import an agenda",
        CommandKind::BringItem => "bring an item from another meeting",
        CommandKind::MoveItemAway => "move the item to another meeting",
    }
}
