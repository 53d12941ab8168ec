//! The floor: a bare broadcast server without documents, authors or a log. It shows what the
//! machine and the WebSockets alone cost. With a file it also appends each batch of 5 ms and
//! waits for the disk before it sends.

use axum::{
    Router,
    extract::{
        Path, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::any,
    serve::ListenerExt,
};
use client::Failure;
use futures::{SinkExt, StreamExt};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};

const GROUP_COMMIT: Duration = Duration::from_millis(5);
const QUEUE: usize = 65_536;

type Frame = axum::body::Bytes;
/// Who sent it, and the frame.
type Cast = (u64, Frame);

struct Hall {
    rooms: Mutex<HashMap<String, broadcast::Sender<Cast>>>,
    commit: Option<mpsc::Sender<(broadcast::Sender<Cast>, Cast)>>,
    next: std::sync::atomic::AtomicU64,
}

/// Runs in a process of its own, so that its CPU time can be told from the generator's.
pub async fn serve(file: Option<&str>) -> Result<(), Failure> {
    let commit = file.map(start_committer).transpose()?;
    let hall = Arc::new(Hall { rooms: Mutex::default(), commit, next: Default::default() });
    let router = Router::new().route("/{room}", any(join)).with_state(hall);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, router).await?)
}

async fn join(
    State(hall): State<Arc<Hall>>,
    Path(room): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.read_buffer_size(4_096).write_buffer_size(0);
    upgrade.on_upgrade(|socket| async move { drop(pass_on(hall, room, socket).await) })
}

async fn pass_on(hall: Arc<Hall>, room: String, socket: WebSocket) -> Result<(), Failure> {
    let own = hall.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let room = {
        let mut rooms = hall.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.entry(room).or_insert_with(|| broadcast::channel(QUEUE).0).clone()
    };
    let mut others = room.subscribe();
    let (mut sink, mut stream) = socket.split();
    let writing = tokio::spawn(async move {
        while let Ok((from, frame)) = others.recv().await {
            if from != own && sink.send(Message::Binary(frame)).await.is_err() {
                return;
            }
        }
    });
    while let Some(Ok(Message::Binary(frame))) = stream.next().await {
        match &hall.commit {
            Some(commit) => commit.send((room.clone(), (own, frame))).await?,
            None => drop(room.send((own, frame))),
        }
    }
    writing.abort();
    Ok(())
}

fn start_committer(path: &str) -> Result<mpsc::Sender<(broadcast::Sender<Cast>, Cast)>, Failure> {
    let mut file = File::options().append(true).create(true).open(path)?;
    let (sender, mut waiting) = mpsc::channel(QUEUE);
    std::thread::spawn(move || -> Result<(), std::io::Error> {
        while let Some(first) = waiting.blocking_recv() {
            std::thread::sleep(GROUP_COMMIT);
            let mut batch: Vec<(broadcast::Sender<Cast>, Cast)> = vec![first];
            while let Ok(more) = waiting.try_recv() {
                batch.push(more);
            }
            let bytes: Vec<u8> = batch.iter().flat_map(|(_, (_, frame))| frame.to_vec()).collect();
            file.write_all(&bytes)?;
            file.sync_data()?;
            batch.into_iter().for_each(|(room, cast)| drop(room.send(cast)));
        }
        Ok(())
    });
    Ok(sender)
}

/// The floor as a child process.
pub struct Floor {
    process: Child,
    address: String,
}

impl Floor {
    pub fn start(file: Option<&std::path::Path>) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--floor").args(file).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let mut address = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut address)?;
        }
        Ok(Self { process, address: address.trim().to_owned() })
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn url(&self, room: usize) -> String {
        format!("ws://{}/{room}", self.address)
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        // An error means that it ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
