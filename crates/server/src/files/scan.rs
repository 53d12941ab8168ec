//! ClamAV, asked over its socket: the file is streamed (`INSTREAM`), the answer is one line.
//! Whatever is not a clear "OK" keeps the file out.

use std::{io, path::Path, path::PathBuf, str::FromStr, time::Duration};
use tokio::{
    fs::File,
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// The longest that a scan may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes that are sent at a time.
const PIECE_BYTES: usize = 64 * 1024;
/// Longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: u64 = 4 * 1024;

/// Where clamd listens: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerAddress {
    Unix(PathBuf),
    Tcp(String),
}

impl FromStr for ScannerAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(("tcp", address)) if address.contains(':') => Ok(Self::Tcp(address.to_owned())),
            _ => Err("write unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310".into()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    Clean,
    /// The name of what was found.
    Found(String),
    NoAnswer(String),
}

pub async fn scan(address: &ScannerAddress, path: &Path) -> Scan {
    match timeout(PATIENCE, ask(address, path)).await {
        Ok(Ok(answer)) => read_answer(&answer),
        Ok(Err(error)) => Scan::NoAnswer(error.to_string()),
        Err(_) => Scan::NoAnswer(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

async fn ask(address: &ScannerAddress, path: &Path) -> io::Result<String> {
    let file = File::open(path).await?;
    match address {
        ScannerAddress::Unix(socket) => converse(UnixStream::connect(socket).await?, file).await,
        ScannerAddress::Tcp(address) => converse(TcpStream::connect(address).await?, file).await,
    }
}

/// A NUL ends the answer. A scanner that has had enough hangs up while it is being told: what it
/// said is what counts, if it said anything.
async fn converse(mut socket: impl AsyncRead + AsyncWrite + Unpin, file: File) -> io::Result<String> {
    let sent = send(&mut socket, file).await;
    let mut answer = Vec::new();
    let heard = socket.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        heard?;
    }
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).to_owned())
}

/// Pieces with their length before them, an empty one last.
async fn send(socket: &mut (impl AsyncWrite + Unpin), mut file: File) -> io::Result<()> {
    socket.write_all(b"zINSTREAM\0").await?;
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        let read = file.read(&mut buffer).await?;
        let piece = buffer.get(..read).unwrap_or_default();
        socket.write_all(&u32::try_from(read).unwrap_or(u32::MAX).to_be_bytes()).await?;
        socket.write_all(piece).await?;
        if read == 0 {
            return socket.flush().await;
        }
    }
}

fn read_answer(answer: &str) -> Scan {
    match answer.strip_prefix("stream: ") {
        Some("OK") => Scan::Clean,
        Some(found) if found.ends_with(" FOUND") => Scan::Found(found.trim_end_matches(" FOUND").to_owned()),
        _ if answer.starts_with("INSTREAM size limit exceeded") => {
            let megabytes = attachment::MAX_FILE_BYTES / 1024 / 1024;
            Scan::NoAnswer(format!("«{answer}»: set StreamMaxLength to {megabytes}M in clamd.conf"))
        }
        _ => Scan::NoAnswer(format!("the answer was «{answer}»")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::{TcpListener, UnixListener};

    /// Speaks clamd's side of `INSTREAM` once: finds the word EICAR, as clamd finds its test file.
    async fn answer_as_clamd(mut socket: impl AsyncRead + AsyncWrite + Unpin) {
        let mut command = [0; 10];
        socket.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut bytes = Vec::new();
        loop {
            let length = socket.read_u32().await.unwrap() as usize;
            if length == 0 {
                break;
            }
            let mut piece = vec![0; length];
            socket.read_exact(&mut piece).await.unwrap();
            bytes.extend(piece);
        }
        let found = bytes.windows(5).any(|window| window == b"EICAR");
        let answer: &[u8] = if found { b"stream: Eicar-Test-Signature FOUND\0" } else { b"stream: OK\0" };
        socket.write_all(answer).await.unwrap();
    }

    async fn scanned(bytes: &[u8]) -> [Scan; 2] {
        let folder = tempfile::tempdir().unwrap();
        let (path, socket) = (folder.path().join("file"), folder.path().join("clamd.ctl"));
        std::fs::write(&path, bytes).unwrap();
        let unix = UnixListener::bind(&socket).unwrap();
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let clamd = tokio::spawn(async move {
            answer_as_clamd(unix.accept().await.unwrap().0).await;
            answer_as_clamd(tcp.accept().await.unwrap().0).await;
        });
        let by_unix = scan(&ScannerAddress::Unix(socket), &path).await;
        let by_tcp = scan(&ScannerAddress::Tcp(address.to_string()), &path).await;
        clamd.await.unwrap();
        [by_unix, by_tcp]
    }

    #[tokio::test]
    async fn a_clean_file_is_clean_and_a_found_one_is_named() {
        let large = vec![b'x'; 3 * PIECE_BYTES + 1];
        assert_eq!(scanned(&large).await, [Scan::Clean, Scan::Clean]);
        let found = Scan::Found("Eicar-Test-Signature".into());
        assert_eq!(scanned(b"... EICAR ...").await, [found.clone(), found]);
    }

    #[tokio::test]
    async fn whatever_is_no_clear_answer_keeps_the_file_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"x").unwrap();
        let nobody = ScannerAddress::Unix(folder.path().join("nobody"));
        assert!(matches!(scan(&nobody, &path).await, Scan::NoAnswer(_)));
        for answer in ["", "stream: ", "INSTREAM size limit exceeded. ERROR", "stream: OK\0stream: OK", "OK"]
        {
            assert!(matches!(read_answer(answer), Scan::NoAnswer(_)), "{answer}");
        }
    }

    #[test]
    fn an_address_says_which_socket() {
        assert_eq!("unix:/run/c.ctl".parse(), Ok(ScannerAddress::Unix("/run/c.ctl".into())));
        assert_eq!("tcp:127.0.0.1:3310".parse(), Ok(ScannerAddress::Tcp("127.0.0.1:3310".into())));
        for bad in ["", "/run/c.ctl", "unix:run/c.ctl", "tcp:localhost", "http://x:1"] {
            assert!(bad.parse::<ScannerAddress>().is_err(), "{bad}");
        }
    }
}
