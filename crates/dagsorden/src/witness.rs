//! `dagsorden witness`: cosigns the checkpoints of others' logs, as long as each only grows (C2SP tlog-witness). What it
//! cosigned last of each log is on the disk before it answers, so that it never cosigns two histories.

use crate::{Outcome, runtime};
use agenda::language::Language;
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::Args;
use proof::{
    checkpoint::{Checkpoint, MAX_BYTES, SignedCheckpoint},
    cosignature::Cosigner,
    note::Verifier,
    witness::{AddCheckpoint, Refusal},
};
use server::{clock::now, keys, mirror::replace};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    error::Error,
    fs::{self, File},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{net::TcpListener, task::spawn_blocking};

/// Its own media type, for the one answer that has a number.
const SIZE: &str = "text/x.tlog.size";

#[derive(Args)]
pub struct Arguments {
    /// Where the witness keeps its key and what it cosigned last.
    #[arg(long, default_value = "witness")]
    data: PathBuf,
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The witness's name in its signatures: "vidne.example.dk".
    #[arg(long, default_value = "dagsorden-witness")]
    name: String,
    /// A log to witness: its origin (the first line of its checkpoint) and the public key that signs it; may be given
    /// again.
    #[arg(long, num_args = 2, value_names = ["ORIGIN", "KEY"], required = true)]
    log: Vec<String>,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

struct Witness {
    cosigner: Cosigner,
    /// By origin.
    logs: HashMap<String, Vec<Verifier>>,
    data: PathBuf,
    /// Held from the check until the answer is on the disk.
    turn: Mutex<()>,
    /// Held by one process at a time.
    _lock: File,
}

/// Why a checkpoint was not cosigned.
enum Declined {
    Refused(Refusal),
    Disk(io::Error),
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let witness = Witness::open(arguments)?;
    let key = witness.cosigner.key().to_string();
    runtime()?.block_on(async {
        let listener = TcpListener::bind(arguments.listen).await?;
        let told = language.pick("Vidne", "Witness");
        println!("{told}: http://{} {key}", listener.local_addr()?);
        let router = Router::new()
            .route("/", get(|| async move { format!("{key}\n") }))
            .route("/add-checkpoint", post(add_checkpoint))
            .layer(DefaultBodyLimit::max(MAX_BYTES))
            .with_state(Arc::new(witness));
        let stop = crate::serve::stop_signal();
        Ok(axum::serve(listener, router).with_graceful_shutdown(stop).await?)
    })
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: String) -> Response {
    let answered = spawn_blocking(move || witness.answer(&body)).await;
    match answered.unwrap_or_else(|error| Err(Declined::Disk(io::Error::other(error)))) {
        Ok(line) => format!("{line}\n").into_response(),
        Err(Declined::Refused(Refusal::Behind(size))) => {
            (StatusCode::CONFLICT, [(header::CONTENT_TYPE, SIZE)], format!("{size}\n")).into_response()
        }
        Err(Declined::Refused(refusal)) => {
            tracing::warn!(%refusal, "a checkpoint was not cosigned");
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, format!("{refusal}\n")).into_response()
        }
        Err(Declined::Disk(error)) => {
            tracing::error!(%error, "a checkpoint could not be cosigned");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Witness {
    fn open(arguments: &Arguments) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut logs: HashMap<String, Vec<Verifier>> = HashMap::new();
        for [origin, key] in arguments.log.as_chunks::<2>().0 {
            logs.entry(origin.clone()).or_default().push(key.parse()?);
        }
        fs::create_dir_all(&arguments.data)?;
        let lock = File::create(arguments.data.join("lock"))?;
        lock.try_lock().map_err(|error| format!("{}: {error}", arguments.data.display()))?;
        let cosigner = Cosigner::new(keys::signer(&arguments.data, &arguments.name, now())?);
        Ok(Self { cosigner, logs, data: arguments.data.clone(), turn: Mutex::default(), _lock: lock })
    }

    /// The cosignature line; what it is of is on the disk by then.
    fn answer(&self, body: &str) -> Result<String, Declined> {
        let asked = AddCheckpoint::parse(body).map_err(Declined::Refused)?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = asked.note.lines().next().unwrap_or_default();
        let keys = self.logs.get(origin).ok_or(Declined::Refused(Refusal::UnknownLog))?;
        let name = file_of(origin);
        let last = last(&self.data.join(&name)).map_err(Declined::Disk)?;
        let signed = asked.judge(keys, last.as_ref()).map_err(Declined::Refused)?;
        replace(&self.data, &name, &asked.note).map_err(Declined::Disk)?;
        let seconds = u64::try_from(now().0 / 1_000).unwrap_or_default();
        Ok(self.cosigner.sign(signed.text(), seconds))
    }
}

/// An origin may have any letters; a file name not.
fn file_of(origin: &str) -> String {
    let digest: String = Sha256::digest(origin).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digest}.txt")
}

/// What was cosigned last. A file that cannot be read is an error: without it a fork would pass.
fn last(path: &Path) -> io::Result<Option<Checkpoint>> {
    match fs::read_to_string(path) {
        Ok(note) => {
            SignedCheckpoint::parse(&note).map(|signed| Some(signed.checkpoint)).map_err(io::Error::other)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
