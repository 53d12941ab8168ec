//! A PDF from a process of its own: the program calls itself, so that a text that costs too
//! much ends one process and nothing else, and no memory of it stays here.

use agenda::language::Language;
use publish::pdf::{Job, Outcome, Pdf, PdfError};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    time::timeout,
};

/// The hidden subcommand that reads a job and writes a PDF.
pub const SUBCOMMAND: &str = "render-pdf";

/// Longest PDF that is taken, in bytes. 200 pages have some 2 MB.
const MAX_PDF_BYTES: u64 = 64 * 1024 * 1024;

/// Longest report beside it, in bytes.
const MAX_REPORT_BYTES: u64 = 64 * 1024;

/// What one PDF may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdfLimits {
    pub time: Duration,
    pub memory_bytes: u64,
}

impl Default for PdfLimits {
    /// 200 pages take some 2 s and 300 MB.
    fn default() -> Self {
        Self { time: Duration::from_secs(30), memory_bytes: 1 << 30 }
    }
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("{}", .0.explain(Language::English))]
    Refused(PdfError),
    #[error("the PDF was not ready within {0:?}; shorten the agenda, or attach its largest tables")]
    TooSlow(Duration),
    #[error("the PDF needed more than {0} MiB of memory; shorten the agenda, or attach its largest tables")]
    TooLarge(u64),
    #[error("the process that sets PDFs ended without an answer ({status}): {said}")]
    NoAnswer { status: String, said: String },
    #[error("the process that sets PDFs cannot be started: {0}")]
    Io(#[from] std::io::Error),
    #[error("the job cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Sets the PDF in a new process of `program`, which is this program's own file. When this
/// returns the process has ended.
pub async fn render(program: &Path, job: &Job, limits: PdfLimits) -> Result<Pdf, RenderError> {
    let job = serde_json::to_vec(job)?;
    let mut child = Command::new(program)
        .arg(SUBCOMMAND)
        .arg(format!("--memory-bytes={}", limits.memory_bytes))
        .arg(format!("--seconds={}", limits.time.as_secs().max(1)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    match timeout(limits.time, answer(&mut child, &job)).await {
        Ok(answer) => read(answer?, limits),
        Err(_) => {
            child.kill().await?;
            Err(RenderError::TooSlow(limits.time))
        }
    }
}

/// What the process left behind.
struct Answer {
    status: std::process::ExitStatus,
    pdf: Vec<u8>,
    report: Vec<u8>,
}

async fn answer(child: &mut Child, job: &[u8]) -> Result<Answer, std::io::Error> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // A process that ends early says why in its report.
            let _ = stdin.write_all(job).await;
        }
    };
    let ((), pdf, report) =
        tokio::join!(write, drain(stdout, MAX_PDF_BYTES), drain(stderr, MAX_REPORT_BYTES));
    Ok(Answer { pdf: pdf?, report: report?, status: child.wait().await? })
}

async fn drain(pipe: Option<impl AsyncRead + Unpin>, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(limit).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

fn read(answer: Answer, limits: PdfLimits) -> Result<Pdf, RenderError> {
    let said = String::from_utf8_lossy(&answer.report);
    match serde_json::from_str::<Outcome>(&said) {
        Ok(Ok(warnings)) if answer.status.success() => Ok(Pdf { bytes: answer.pdf, warnings }),
        Ok(Err(error)) => Err(RenderError::Refused(error)),
        _ if said.contains("memory allocation of") => Err(RenderError::TooLarge(limits.memory_bytes >> 20)),
        _ => Err(RenderError::NoAnswer {
            status: answer.status.to_string(),
            said: said.chars().take(500).collect(),
        }),
    }
}
