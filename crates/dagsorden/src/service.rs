//! A running service, asked over HTTP: what everyone may ask (checkpoint and tiles), and what its operator may
//! (the log itself and its files).

use futures::{StreamExt, TryStreamExt};
use proof::{checkpoint, hash::Hash, merkle, tiles::Tiles};
use reqwest::{Client, Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use server::{
    auth::OperatorKey,
    clock::now,
    files::ByteStream,
    mirror::{Extent, Page},
};
use std::{error::Error, io, time::Duration};

/// The longest wait for a connection, and for the next bytes of an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The wait when the service has had too many questions, and how often it is asked again.
const PAUSE: Duration = Duration::from_millis(500);
const TRIES: u32 = 60;
/// No page of the log is longer, in bytes.
const MAX_PAGE: usize = 64 << 20;
/// Nothing else is longer, in bytes.
const MAX_ANSWER: usize = 16 << 20;
/// No tile is longer, in bytes.
const MAX_TILE: usize = 256 * 32;

type Failure = Box<dyn Error + Send + Sync>;

pub struct Service {
    http: Client,
    /// "https://dagsorden.example.dk", without a slash at its end.
    origin: String,
    operator: Option<OperatorKey>,
}

impl Service {
    /// `operator`: the secret of its data folder, for whoever has it.
    pub fn new(origin: &str, operator: Option<[u8; 32]>) -> Result<Self, Failure> {
        if !is_address(origin) {
            return Err(format!("{origin}: an address begins with https:// or http://").into());
        }
        let http = Client::builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).build()?;
        let origin = origin.trim_end_matches('/').to_owned();
        Ok(Self { http, origin, operator: operator.map(OperatorKey::new) })
    }

    /// `None`: it has no such thing.
    async fn ask(&self, method: Method, path: &str) -> Result<Option<Response>, Failure> {
        let url = format!("{}{path}", self.origin);
        for _ in 0..TRIES {
            let mut request = self.http.request(method.clone(), &url);
            if let Some(key) = &self.operator {
                request = request.bearer_auth(key.issue(now())?);
            }
            let answer = request.send().await.map_err(|error| format!("{url}: {}", with_causes(&error)))?;
            match answer.status() {
                StatusCode::TOO_MANY_REQUESTS => tokio::time::sleep(PAUSE).await,
                StatusCode::NOT_FOUND => return Ok(None),
                status if status.is_success() => return Ok(Some(answer)),
                status => return Err(format!("{url}: {status}").into()),
            }
        }
        Err(format!("{url}: {}", StatusCode::TOO_MANY_REQUESTS).into())
    }

    async fn bytes(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, Failure> {
        let Some(answer) = self.ask(Method::GET, path).await? else { return Ok(None) };
        let (mut pieces, mut bytes) = (answer.bytes_stream(), Vec::new());
        while let Some(piece) = pieces.try_next().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > limit {
                return Err(format!("{}{path}: more than {limit} bytes", self.origin).into());
            }
        }
        Ok(Some(bytes))
    }

    /// The newest signed checkpoint; who signed it is for the caller to ask.
    pub async fn checkpoint(&self) -> Result<Option<String>, Failure> {
        let bytes = self.bytes("/log/checkpoint", checkpoint::MAX_BYTES).await?;
        Ok(bytes.map(String::from_utf8).transpose()?)
    }

    /// What a public address answers.
    pub async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Failure> {
        let bytes = self.bytes(path, MAX_ANSWER).await?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
    }

    /// Asks something of a tree of which the service has the tiles. `None`: they do not reach so far.
    pub async fn of_tiles<T>(
        &self,
        tiles: &mut Tiles,
        question: impl Fn(&Tiles) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        loop {
            if let Some(answer) = question(tiles) {
                return Ok(Some(answer));
            }
            let Some(missing) = tiles.missing() else { return Ok(None) };
            let path = format!("/log/tile/{missing}");
            let Some(bytes) = self.bytes(&path, MAX_TILE).await? else { return Ok(None) };
            if !tiles.put(missing, &bytes) {
                return Err(format!("{}{path}: not a tile", self.origin).into());
            }
        }
    }

    /// The root of the first so many commits, as the service's tiles have it.
    pub async fn root(&self, size: u64) -> Result<Option<Hash>, Failure> {
        self.of_tiles(&mut Tiles::new(size), |tiles| merkle::root(tiles, size)).await
    }

    // ---- as the operator ----

    /// Signs a checkpoint to back up to. `None`: the log is empty.
    pub async fn extent(&self) -> Result<Option<Extent>, Failure> {
        let Some(answer) = self.ask(Method::POST, "/api/operator/backup").await? else { return Ok(None) };
        Ok(Some(serde_json::from_slice(&answer.bytes().await?)?))
    }

    pub async fn page(&self, from: u64) -> Result<Page, Failure> {
        let path = format!("/api/operator/commits/{from}");
        let bytes = self.bytes(&path, MAX_PAGE).await?.unwrap_or_default();
        Page::from_bytes(&bytes).ok_or_else(|| format!("{}{path}: not a page of a log", self.origin).into())
    }

    pub async fn file(&self, sha256: Hash) -> Result<Option<ByteStream>, Failure> {
        let answer = self.ask(Method::GET, &format!("/api/operator/files/{sha256}")).await?;
        Ok(answer.map(|answer| answer.bytes_stream().map_err(io::Error::other).boxed()))
    }
}

/// Whether a word on the command line names a service and not a file.
pub fn is_address(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

/// What went wrong, and why: an error of HTTP says by itself only that there was one.
fn with_causes(error: &dyn Error) -> String {
    let (mut told, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        told += &format!(": {error}");
        cause = error.source();
    }
    told
}
