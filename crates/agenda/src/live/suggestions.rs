//! Suggestions where the documents are: what a case takes in flows into its open suggestions,
//! what a suggestion has beyond its case, and which refused words can become a suggestion.

use super::{Audit, Effect, LiveDocument, Room};
use crate::{
    document::is_server_actor,
    event::{DocumentKind, EditRefused},
    forum::Actor,
    id::{Bytes, DocumentId, Hash, UserId},
    meeting::{MeetingCommand, Owner, Suggested},
    rejection::Rejection,
    sync::{
        change::{Change, binding_actor},
        chunk,
        history::{Origin, Verdict},
        trial,
    },
};
use std::{collections::BTreeMap, sync::Arc};

/// The bytes of refused changes to cases, by document and author, in the order of the log.
pub(super) type Refused = BTreeMap<(DocumentId, UserId), Vec<Arc<[u8]>>>;

impl Room {
    /// Keeps a refused change at hand: its author may hand it over later.
    pub(super) fn keep_refused(&mut self, by: &UserId, event: &EditRefused) {
        let kind = self.meeting.documents.get(&event.document).map(|document| document.kind);
        let suggestion = self.meeting.suggestions.contains_key(&event.document);
        if kind == Some(DocumentKind::Case) && !suggestion {
            let kept = self.refused_changes.entry((event.document, by.clone())).or_default();
            kept.push(event.change.0.as_slice().into());
        }
    }

    /// Brings changes that a case has taken in into its open suggestions; these are returned.
    pub(super) fn flow(&mut self, case: DocumentId, changes: &[Arc<[u8]>], sequence: u64) -> Vec<DocumentId> {
        let open: Vec<DocumentId> = self.meeting.open_suggestions_to(case).collect();
        for id in &open {
            let Some(document) = self.documents.get_mut(id) else { continue };
            let taken = changes.iter().try_for_each(|change| document.replay(change, sequence));
            if let Err(error) = taken {
                let author = self.meeting.suggestions.get(id).map(|suggestion| suggestion.author.clone());
                let Some(user) = author else { continue };
                let what = format!("a change of the case does not apply to the suggestion: {error}");
                self.outbox.now(Effect::Audit(Audit { user, document: *id, what }));
            }
        }
        open
    }

    /// What the decision of the command must know of the documents.
    pub(super) fn suggested(
        &mut self,
        actor: &Actor,
        command: &MeetingCommand,
    ) -> Result<Vec<Suggested>, Rejection> {
        match command {
            MeetingCommand::AcceptSuggestion { suggestion, heads } => self.beyond_case(*suggestion, heads),
            MeetingCommand::SuggestRefused { document } => Ok(self.refused_words(actor, *document)),
            _ => Ok(Vec::new()),
        }
    }

    /// What the suggestion has and its case has not. All of it must be among what was seen at
    /// `heads`; the case may have gone on since.
    fn beyond_case(&self, id: DocumentId, heads: &[Hash]) -> Result<Vec<Suggested>, Rejection> {
        let suggestion = self.meeting.suggestions.get(&id).ok_or(Rejection::Unknown("forslag"))?;
        let (case, document) = self.case_and(suggestion.case, id).ok_or(Rejection::Unknown("dokument"))?;
        let graph = document.history().graph();
        let unseen = graph.changes_since(heads);
        let unseen = unseen.into_iter().filter_map(|index| graph.hash_at(index));
        if unseen.into_iter().any(|hash| !case.history().graph().contains(&hash)) {
            return Err(Rejection::ChangedMeanwhile);
        }
        // It passed when it came in; that the case takes it too is tried on a copy all the same.
        let mut copy = case.clone();
        let own: Vec<&Arc<[u8]>> = document.beyond(case).collect();
        let fits = own.iter().try_for_each(|change| copy.replay(change, 0));
        fits.map_err(|_| Rejection::Invalid("forslag"))?;
        Ok(own.into_iter().filter_map(read).collect())
    }

    fn case_and(&self, case: DocumentId, suggestion: DocumentId) -> Option<(&LiveDocument, &LiveDocument)> {
        Some((self.documents.get(&case)?, self.documents.get(&suggestion)?))
    }

    /// The person's words that the document refused, as far as they fit on the case as it is
    /// now, and were not handed over before.
    fn refused_words(&self, actor: &Actor, id: DocumentId) -> Vec<Suggested> {
        let item = self.meeting.documents.get(&id).and_then(|document| self.meeting.item(document.item));
        let kept = self.refused_changes.get(&(id, actor.user.clone()));
        let (Some(item), Some(kept)) = (item, kept) else { return Vec::new() };
        let case = item.documents.case;
        let Some(mut copy) = self.documents.get(&case).cloned() else { return Vec::new() };
        let mut fitting = Vec::new();
        for change in kept {
            if self.fits(&mut copy, &actor.user, (id, case), change) {
                fitting.extend(read(change));
            }
        }
        fitting
    }

    /// Takes the change into the copy, if it is the person's own and sound there.
    fn fits(
        &self,
        copy: &mut LiveDocument,
        user: &UserId,
        (refused_by, case): (DocumentId, DocumentId),
        bytes: &[u8],
    ) -> bool {
        let chunks = chunk::split(bytes).unwrap_or_default();
        let [chunk] = chunks.as_slice() else { return false };
        let Ok(change) = Change::parse(chunk) else { return false };
        let actor = binding_actor(change.actor);
        let claimed = change.author.is_some_and(|author| author != user.as_str().as_bytes());
        let mut documents = [refused_by, case].into_iter().map(|id| self.meeting.owner(id, actor));
        let own = documents.all(|owner| match owner {
            Owner::Nobody => true,
            Owner::Person(owner) => owner == user,
            Owner::Elsewhere => false,
        });
        if claimed || !own || is_server_actor(actor) || self.was_handed_over(&change.hash, user) {
            return false;
        }
        let sound = match copy.history().check(&change, Origin::Client) {
            Verdict::Plain(_) => true,
            Verdict::Unusual(..) => trial::try_changes(copy.materialise(), &[bytes]).is_ok(),
            Verdict::Known | Verdict::Missing(_) | Verdict::Refused(_) => false,
        };
        sound && copy.replay(bytes, 0).is_ok()
    }

    fn was_handed_over(&self, hash: &Hash, user: &UserId) -> bool {
        let mut handed = self.meeting.suggestions.iter().filter(|(_, s)| s.handed_over && s.author == *user);
        handed.any(|(id, _)| self.documents.get(id).is_some_and(|d| d.history().graph().contains(hash)))
    }

    /// The open suggestions to a case that was frozen, with their heads.
    pub(super) fn stopped_suggestions(&self, case: DocumentId) -> Vec<(DocumentId, Vec<Hash>)> {
        let heads = |id| Some((id, self.documents.get(&id)?.heads().to_vec()));
        self.meeting.open_suggestions_to(case).filter_map(heads).collect()
    }
}

fn read(bytes: &Arc<[u8]>) -> Option<Suggested> {
    let chunks = chunk::split(bytes).ok()?;
    let change = Change::parse(chunks.first()?).ok()?;
    Some(Suggested { actor: binding_actor(change.actor).to_vec(), change: Bytes(bytes.to_vec()) })
}
