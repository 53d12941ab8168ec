//! The copy of the record in an object store that speaks S3. Objects are only ever created, so that whoever holds
//! the bucket need not let the service overwrite or delete anything: the log in segments, each attachment, each
//! public key and each checkpoint as an object of its own.

use super::{FILES, MirrorError, Page, SEGMENTS, Segment, chosen};
use crate::{app::App, files::CopyError, keys};
use agenda::{event::Position, id::Hash};
use eventlog::MAX_PAGE;
use futures::{StreamExt, TryStreamExt};
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
    path::{Path as Place, PathPart},
};
use proof::log::{self, LogCheck, Writer};
use sha2::{Digest, Sha256};
use std::{io, sync::Arc, time::Duration};
use tokio::time::sleep;

/// How long commits are gathered before they become a segment, unless there is a page of them or something is
/// frozen, published or sealed.
const GATHER: Duration = Duration::from_secs(30);
/// A freeze, a publication and a seal are soon followed by a checkpoint, which belongs beside them.
const SETTLE: Duration = Duration::from_secs(2);

struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// What is there, as the log has it.
    check: LogCheck,
    writer: Writer,
}

/// Ends without an error when the log is closed.
pub async fn keep_up(app: &Arc<App>, store: Arc<dyn ObjectStore>) -> Result<(), MirrorError> {
    let mut bucket = Bucket::open(app, store).await?;
    let mut new = app.log.follow(Position(bucket.held() + 1));
    let mut milestones = app.directory.milestones();
    loop {
        let mut page = Page::read(app, Position(bucket.held() + 1)).await?;
        if page.commits.is_empty() {
            match new.next().await {
                Some(recorded) => recorded?,
                None => return Ok(()),
            };
            continue;
        }
        if page.commits.len() < MAX_PAGE {
            tokio::select! {
                () = sleep(GATHER) => {}
                changed = milestones.changed() => match changed {
                    Ok(()) => sleep(SETTLE).await,
                    Err(_) => return Ok(()),
                },
            }
            page = Page::read(app, Position(bucket.held() + 1)).await?;
        }
        for sha256 in page.files {
            bucket.file(app, sha256).await.map_err(|error| MirrorError::File(sha256, error))?;
        }
        for key in keys::verifiers(&app.config.data)? {
            // Its number is part of the key: "name+number+base64".
            let text = key.to_string();
            let number = text.split('+').nth(1).unwrap_or_default();
            bucket.put("keys", &format!("{number}.txt"), format!("{text}\n")).await?;
        }
        bucket.add(&page.commits).await?;
        if let Some(known) = app.directory.checkpoint().filter(|known| known.position.0 <= bucket.held()) {
            let note = app.witnesses.note(&known.note);
            // Cosignatures may come later: then the note is another object.
            let name =
                format!("{:012}-{}.txt", known.size, note.lines().filter(|l| l.starts_with('—')).count());
            bucket.put("checkpoints", &name, note).await?;
        }
    }
}

impl Bucket {
    /// What is there must be the beginning of the log; its last line says so of all before it, by its chain.
    async fn open(app: &App, store: Arc<dyn ObjectStore>) -> Result<Self, MirrorError> {
        let segments = segments(&*store).await?;
        let held = segments.last().map_or(0, |segment| segment.last);
        let mut bucket = Self { store, check: LogCheck::default(), writer: Writer::default() };
        let mut line = String::new();
        while bucket.held() < held {
            let rest = usize::try_from(held - bucket.held()).unwrap_or(MAX_PAGE);
            let commits = app.log.bytes(Position(bucket.held() + 1), rest.min(MAX_PAGE)).await?;
            if commits.is_empty() {
                return Err(MirrorError::Diverged(bucket.held() + 1));
            }
            for bytes in commits {
                line = bucket.writer.line(&bytes);
                bucket.check.take(&bytes).map_err(MirrorError::BadSource)?;
            }
        }
        if let Some(last) = segments.last() {
            let text = bucket.text(&Place::from_iter([SEGMENTS, &last.name()])).await?;
            if text.lines().last() != Some(&line) {
                return Err(bucket.first_other(app, &segments).await?);
            }
        }
        Ok(bucket)
    }

    fn held(&self) -> u64 {
        self.check.tree().size()
    }

    /// Where what is there and the log part: read piece by piece, since one of them is another.
    async fn first_other(&self, app: &App, segments: &[Segment]) -> Result<MirrorError, MirrorError> {
        let mut writer = Writer::default();
        for segment in segments {
            let text = self.text(&Place::from_iter([SEGMENTS, &segment.name()])).await?;
            let mut lines = text.lines().filter(|line| !log::is_header(line));
            let mut at = segment.first;
            while at <= segment.last {
                let rest = usize::try_from(segment.last + 1 - at).unwrap_or(MAX_PAGE);
                let commits = app.log.bytes(Position(at), rest.min(MAX_PAGE)).await?;
                if commits.is_empty() {
                    return Ok(MirrorError::Diverged(at));
                }
                for bytes in commits {
                    if lines.next() != Some(&writer.line(&bytes)) {
                        return Ok(MirrorError::Diverged(at));
                    }
                    at += 1;
                }
            }
        }
        Ok(MirrorError::Unsound)
    }

    /// Adds the next commits as one segment. It is there, as it was written, when this returns.
    async fn add(&mut self, commits: &[Vec<u8>]) -> Result<(), MirrorError> {
        let segment = Segment { first: self.held() + 1, last: self.held() + commits.len() as u64 };
        for commit in commits {
            self.check.take(commit).map_err(MirrorError::BadSource)?;
        }
        let head = if segment.first == 1 { log::header() + "\n" } else { String::new() };
        let lines = commits.iter().map(|bytes| self.writer.line(bytes) + "\n");
        let text: String = std::iter::once(head).chain(lines).collect();
        self.put(SEGMENTS, &segment.name(), text).await
    }

    /// Creates an object, and reads it again. That it is there already is fine, if it is the same.
    async fn put(&self, folder: &str, name: &str, text: String) -> Result<(), MirrorError> {
        let place = Place::from_iter([folder, name]);
        create(&*self.store, &place, text.clone().into()).await.map_err(io::Error::other)?;
        if self.text(&place).await? == text { Ok(()) } else { Err(MirrorError::Busy) }
    }

    async fn text(&self, place: &Place) -> Result<String, MirrorError> {
        let read = async { self.store.get(place).await?.bytes().await };
        let bytes = read.await.map_err(io::Error::other)?;
        String::from_utf8(bytes.into()).map_err(|_| MirrorError::Unsound)
    }

    /// Copies an attachment's file unless it is there; read again in any case.
    async fn file(&self, app: &App, sha256: Hash) -> Result<(), CopyError> {
        let name = sha256.to_string();
        let shelf: String = name.chars().take(2).collect();
        let place = Place::from_iter([FILES, &shelf, &name]);
        let there = self.store.head(&place).await;
        if matches!(there, Err(Error::NotFound { .. })) {
            let pieces = app.files.stored(sha256).await?.ok_or(CopyError::Missing)?;
            // No file that was taken in is larger than `attachment::MAX_BYTES`.
            let bytes = pieces.try_collect::<Vec<_>>().await?.concat();
            create(&*self.store, &place, bytes.into()).await.map_err(io::Error::other)?;
        }
        let read = async {
            let mut pieces = self.store.get(&place).await?.into_stream();
            let mut hash = Sha256::new();
            while let Some(piece) = pieces.try_next().await? {
                hash.update(&piece);
            }
            Ok::<_, Error>(hash)
        };
        require(sha256, read.await.map_err(io::Error::other)?)
    }
}

fn require(sha256: Hash, hash: Sha256) -> Result<(), CopyError> {
    if Hash(hash.finalize().into()) == sha256 { Ok(()) } else { Err(CopyError::Altered) }
}

async fn create(store: &dyn ObjectStore, place: &Place, content: PutPayload) -> object_store::Result<()> {
    let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
    match store.put_opts(place, content, options).await {
        Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn segments(store: &dyn ObjectStore) -> Result<Vec<Segment>, MirrorError> {
    let folder = Place::from(SEGMENTS);
    let listed = store.list(Some(&folder)).map_ok(|object| object.location);
    let places = listed.try_collect::<Vec<Place>>().await.map_err(io::Error::other)?;
    let named =
        |place: &Place| place.parts().next_back().as_ref().map(PathPart::as_ref).and_then(Segment::named);
    chosen(places.iter().filter_map(named).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{MAY, given, meta, write};
    use object_store::memory::InMemory;

    async fn commits(app: &App, from: u64, count: usize) -> Vec<Vec<u8>> {
        app.log.bytes(Position(from), count).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_there_is_continued_and_another_history_is_named_by_its_position() {
        let given = given().await;
        let (app, store) = (&given.app, Arc::new(InMemory::new()));
        let mut bucket = Bucket::open(app, store.clone()).await.unwrap();
        bucket.add(&commits(app, 1, 3).await).await.unwrap();
        bucket.add(&commits(app, 4, 1).await).await.unwrap();
        let mut again = Bucket::open(app, store.clone()).await.unwrap();
        assert_eq!(again.held(), 4);
        again.add(&commits(app, 5, 1).await).await.unwrap();
        let names: Vec<String> = segments(&*store).await.unwrap().iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), 3, "{names:?}");

        // The same town once more: other times, so another history from the first commit on.
        let other = given_again().await;
        let refused = Bucket::open(&other, store.clone()).await.map(|_| ());
        assert!(matches!(refused, Err(MirrorError::Diverged(1))), "{refused:?}");

        let changed = Place::from_iter([SEGMENTS, "000000000005-000000000005.jsonl"]);
        store.put(&changed, "another line\n".into()).await.unwrap();
        let refused = Bucket::open(app, store.clone()).await.map(|_| ());
        assert!(matches!(refused, Err(MirrorError::Diverged(5))), "{refused:?}");
        store.delete(&Place::from_iter([SEGMENTS, "000000000004-000000000004.jsonl"])).await.unwrap();
        let refused = Bucket::open(app, store).await.map(|_| ());
        assert!(matches!(refused, Err(MirrorError::Gap(4))), "{refused:?}");
    }

    async fn given_again() -> Arc<App> {
        let other = given().await;
        other.app.command(MAY, &meta(60, "bo"), &write(other.place.item)).await.unwrap();
        other.app
    }

    #[tokio::test]
    async fn a_segment_that_came_through_unheard_is_taken_for_written_and_anothers_is_not() {
        let given = given().await;
        let (app, store) = (&given.app, Arc::new(InMemory::new()));
        let page = commits(app, 1, 2).await;
        Bucket::open(app, store.clone()).await.unwrap().add(&page).await.unwrap();
        let mut unheard =
            Bucket { store: store.clone(), check: LogCheck::default(), writer: Writer::default() };
        unheard.add(&page).await.unwrap();
        let place = Place::from_iter([SEGMENTS, "000000000003-000000000003.jsonl"]);
        store.put(&place, "somebody else's\n".into()).await.unwrap();
        let refused = unheard.add(&commits(app, 3, 1).await).await;
        assert!(matches!(refused, Err(MirrorError::Busy)), "{refused:?}");
        let there = unheard.text(&place).await.unwrap();
        assert_eq!(there, "somebody else's\n", "it was written over");
    }
}
