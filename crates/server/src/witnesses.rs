//! Asks witnesses, on other hands, to cosign each new checkpoint (C2SP tlog-witness), and keeps what they answered
//! beside the newest one, in `data/checkpoint.txt`. Who trusts a witness then knows that nobody was shown
//! another history up to there. Nothing waits for a witness.

use crate::{
    app::App,
    mirror::{CHECKPOINT, write_checkpoint},
};
use eventlog::EventLog;
use proof::{
    checkpoint::{MAX_BYTES, SignedCheckpoint},
    cosignature::WitnessKey,
    witness::AddCheckpoint,
};
use reqwest::{Client, StatusCode, redirect::Policy};
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// The longest that a witness may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// A witness is asked once more when it says how far it has come.
const TRIES: u32 = 2;

/// One to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessSettings {
    /// Where it is asked: "https://vidne.example.dk"; `add-checkpoint` is put behind it.
    pub url: String,
    pub key: WitnessKey,
}

/// The newest checkpoint that was cosigned.
#[derive(Default)]
struct Cosigned {
    /// The note as the service signed it, and the lines that came to it.
    note: String,
    lines: Vec<String>,
}

pub struct Witnesses {
    settings: Vec<WitnessSettings>,
    http: Client,
    data: PathBuf,
    cosigned: Mutex<Cosigned>,
    due: Notify,
}

/// Why a witness has not cosigned.
#[derive(Debug, thiserror::Error)]
enum Unwitnessed {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("it has seen {0} commits of this log, which are more than there are: the log has lost its end")]
    Ahead(u64),
    #[error("it has seen another history of this log")]
    Forked,
    #[error("it answered {0}: {1}")]
    Answer(StatusCode, String),
    #[error("what it answered is no cosignature of its key")]
    Signature,
    #[error("the cosignature cannot be kept: {0}")]
    Io(#[from] io::Error),
}

impl Witnesses {
    /// `newest`: the checkpoint that stands in the log.
    pub fn open(
        data: &Path,
        settings: Vec<WitnessSettings>,
        newest: Option<&str>,
    ) -> Result<Self, reqwest::Error> {
        let kept = fs::read_to_string(data.join(CHECKPOINT)).unwrap_or_default();
        let lines = newest.and_then(|note| kept.strip_prefix(note)).unwrap_or_default();
        let cosigned = Cosigned {
            note: newest.unwrap_or_default().to_owned(),
            lines: lines.lines().map(str::to_owned).collect(),
        };
        let http = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build()?;
        Ok(Self { settings, http, data: data.to_owned(), cosigned: Mutex::new(cosigned), due: Notify::new() })
    }

    /// The note with the cosignatures that came to it.
    pub fn note(&self, note: &str) -> String {
        let cosigned = self.cosigned.lock().unwrap_or_else(PoisonError::into_inner);
        if cosigned.note == note { cosigned.text() } else { note.to_owned() }
    }

    /// There is a new checkpoint.
    pub fn signed(&self) {
        self.due.notify_one();
    }

    /// Those that have not cosigned this note yet.
    fn missing(&self, note: &str) -> Vec<&WitnessSettings> {
        let signed = SignedCheckpoint::parse(&self.note(note)).ok();
        let has = |witness: &&WitnessSettings| {
            signed.as_ref().is_some_and(|signed| signed.witnessed_by(&witness.key).is_some())
        };
        self.settings.iter().filter(|witness| !has(witness)).collect()
    }

    /// Keeps a line beside its note, unless a newer checkpoint came meanwhile.
    fn keep(&self, note: &str, line: &str) -> io::Result<()> {
        let mut cosigned = self.cosigned.lock().unwrap_or_else(PoisonError::into_inner);
        if cosigned.note != note {
            *cosigned = Cosigned { note: note.to_owned(), lines: Vec::new() };
        }
        cosigned.lines.push(line.to_owned());
        write_checkpoint(&self.data, &cosigned.text())
    }
}

impl Cosigned {
    fn text(&self) -> String {
        self.lines.iter().fold(self.note.clone(), |text, line| text + line + "\n")
    }
}

/// Asks until the service goes down. Who cannot be reached is asked again at the next checkpoint.
pub async fn run(app: Arc<App>) {
    let (mut stopping, witnesses) = (app.stopping(), &app.witnesses);
    // How far each has come, by its key.
    let mut seen: HashMap<String, u64> = HashMap::new();
    if witnesses.settings.is_empty() {
        return;
    }
    loop {
        if let Some(known) = app.directory.checkpoint() {
            for witness in witnesses.missing(&known.note) {
                let seen = seen.entry(witness.key.to_string()).or_default();
                if let Err(error) = ask(&app, witness, &known.note, known.size, seen).await {
                    let (witness, size) = (witness.key.name(), known.size);
                    tracing::error!(%error, witness, size, "a witness has not cosigned the checkpoint; it is asked again with the next");
                }
            }
        }
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            () = witnesses.due.notified() => {}
        }
    }
}

async fn ask(
    app: &App,
    witness: &WitnessSettings,
    note: &str,
    size: u64,
    seen: &mut u64,
) -> Result<(), Unwitnessed> {
    let url = format!("{}/add-checkpoint", witness.url.trim_end_matches('/'));
    for _ in 0..TRIES {
        let request = request(&*app.log, *seen, size, note).ok_or(Unwitnessed::Ahead(*seen))?;
        let answer = app.witnesses.http.post(&url).body(request.to_string()).send().await?;
        let status = answer.status();
        let text = text(answer).await?;
        match status {
            StatusCode::OK => {
                let signed = SignedCheckpoint::parse(note).map_err(|_| Unwitnessed::Signature)?;
                let good = |line: &&str| witness.key.cosigned(signed.text(), line).is_some();
                let line = text.lines().find(good).ok_or(Unwitnessed::Signature)?;
                app.witnesses.keep(note, line)?;
                *seen = size;
                return Ok(());
            }
            StatusCode::CONFLICT => match text.trim().parse() {
                Ok(known) if known != *seen => *seen = known,
                _ => return Err(Unwitnessed::Forked),
            },
            StatusCode::UNPROCESSABLE_ENTITY => return Err(Unwitnessed::Forked),
            status => return Err(Unwitnessed::Answer(status, text.trim().chars().take(200).collect())),
        }
    }
    Err(Unwitnessed::Forked)
}

/// `None`: the witness has seen more commits than the checkpoint has.
fn request(log: &dyn EventLog, old: u64, size: u64, note: &str) -> Option<AddCheckpoint> {
    let tree = log.tree();
    let tree = tree.read().unwrap_or_else(PoisonError::into_inner);
    let proof = if old == 0 { Vec::new() } else { tree.consistency(old, size)? };
    Some(AddCheckpoint { old, proof, note: note.to_owned() })
}

/// As much of the answer as a note may have.
async fn text(mut answer: reqwest::Response) -> Result<String, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > MAX_BYTES {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proof::{checkpoint::Checkpoint, cosignature::Cosigner, hash::Hash, note::Signer};

    fn note(size: u64) -> String {
        let checkpoint = Checkpoint { origin: "dagsorden/00".into(), size, root: Hash([7; 32]) };
        checkpoint.sign(&Signer::new("by", &[1; 32]).unwrap())
    }

    #[test]
    fn cosignatures_stay_beside_their_checkpoint_and_outlive_a_restart() {
        let data = tempfile::tempdir().unwrap();
        let witness = |seed| Cosigner::new(Signer::new("vidne", &[seed; 32]).unwrap());
        let setting = |seed| WitnessSettings { url: "http://vidne".into(), key: witness(seed).key() };
        let (settings, first, later) = (vec![setting(1), setting(2)], note(4), note(9));
        let witnesses = Witnesses::open(data.path(), settings.clone(), Some(&first)).unwrap();
        let line = witness(2).sign(SignedCheckpoint::parse(&first).unwrap().text(), 77);
        witnesses.keep(&first, &line).unwrap();
        assert_eq!(witnesses.note(&first), format!("{first}{line}\n"));
        assert_eq!(witnesses.missing(&first), [&settings[0]]);
        let again = Witnesses::open(data.path(), settings.clone(), Some(&first)).unwrap();
        assert_eq!(again.note(&first), format!("{first}{line}\n"));
        assert_eq!((again.note(&later), again.missing(&later).len()), (later.clone(), 2));
        let newer = Witnesses::open(data.path(), settings, Some(&later)).unwrap();
        assert_eq!(newer.note(&later), later, "what was kept is of another checkpoint");
    }
}
