//! Artefacts: what is cheap is made here, what is costly in a process of its own. The program
//! calls itself, so that a text that costs too much ends one process and nothing else, and no
//! memory of it stays here.

use agenda::language::Language;
use publish::{Job, Outcome, RenderError, Rendered, render};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    sync::Semaphore,
    time::timeout,
};

/// The hidden subcommand that reads a job and writes an artefact.
pub const SUBCOMMAND: &str = "render";

/// What the process has in its environment. In one heap what is freed after the pages are laid out serves the
/// writing of the file; in a heap for each thread it may not, and up to 50 MB more are taken.
pub const ENVIRONMENT: [(&str, &str); 1] = [("MALLOC_ARENA_MAX", "1")];

/// The running program, also when its file was replaced meanwhile.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Processes at once, and callers that wait for one.
const AT_ONCE: usize = 2;
const MAX_WAITING: usize = 32;

/// Longest artefact that is taken, in bytes. A PDF of 200 pages has some 2 MB.
const MAX_ARTEFACT_BYTES: u64 = 64 * 1024 * 1024;

/// Longest report beside it, in bytes.
const MAX_REPORT_BYTES: u64 = 64 * 1024;

/// Longest part of a report that is no answer, in characters.
const MAX_SAID: usize = 500;

/// What the process says when it needs more memory than it may have, while it works and while it reads.
const OUT_OF_MEMORY: [&str; 2] = ["memory allocation of", "out of memory"];

/// What one artefact may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkLimits {
    pub time: Duration,
    pub memory_bytes: u64,
}

impl Default for WorkLimits {
    /// A PDF of 200 dense pages takes some 2 s and 270 MB.
    fn default() -> Self {
        Self { time: Duration::from_secs(30), memory_bytes: 1 << 30 }
    }
}

/// Why there is no artefact.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    #[error(transparent)]
    Refused(#[from] RenderError),
    #[error("the file was not ready within {0:?}")]
    TooSlow(Duration),
    #[error("the file needed more than {0} MiB of memory")]
    TooLarge(u64),
    #[error("too many files are being made at once")]
    Busy,
    #[error("the process that renders ended without an answer ({status}): {said}")]
    NoAnswer { status: String, said: String },
    #[error("the process that renders cannot be run: {0}")]
    Io(#[from] std::io::Error),
    #[error("the job cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("rendering was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl WorkError {
    /// Whether the text is at fault, so that trying again would end the same.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::TooSlow(_) | Self::TooLarge(_))
    }

    /// What a person is told, with what to do about it.
    pub fn explain(&self, language: Language) -> String {
        let shorten = language.pick(
            "Afkort dagsordenen, eller vedlæg de største tabeller som bilag.",
            "Shorten the agenda, or attach its largest tables.",
        );
        match self {
            Self::Refused(error) => error.explain(language),
            Self::TooSlow(time) => language.pick(
                format!("Filen var ikke færdig efter {} sekunder. {shorten}", time.as_secs()),
                format!("The file was not ready after {} seconds. {shorten}", time.as_secs()),
            ),
            Self::TooLarge(mib) => language.pick(
                format!("Filen krævede mere end {mib} MiB hukommelse. {shorten}"),
                format!("The file needed more than {mib} MiB of memory. {shorten}"),
            ),
            Self::Busy => language
                .pick(
                    "Der bliver lavet mange filer lige nu. Prøv igen om lidt.",
                    "Many files are being made. Try again shortly.",
                )
                .to_owned(),
            Self::NoAnswer { .. } | Self::Io(_) | Self::Json(_) | Self::Interrupted(_) => language
                .pick(
                    "Filen kunne ikke laves. Prøv igen, og meld fejlen, hvis den bliver ved.",
                    "The file could not be made. Try again, and report it if it goes on.",
                )
                .to_owned(),
        }
    }
}

/// Who makes artefacts, a few at a time.
pub struct Workers {
    program: PathBuf,
    limits: WorkLimits,
    working: Semaphore,
    /// Those at work and those who wait.
    taken: Semaphore,
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            program: THIS_PROGRAM.into(),
            limits: WorkLimits::default(),
            working: Semaphore::new(AT_ONCE),
            taken: Semaphore::new(AT_ONCE + MAX_WAITING),
        }
    }
}

impl Workers {
    /// For what is asked for often and may wait.
    pub fn one_at_a_time() -> Self {
        Self { working: Semaphore::new(1), taken: Semaphore::new(1 + MAX_WAITING), ..Self::default() }
    }

    /// Makes an artefact, away from the threads that serve requests.
    pub async fn make(&self, job: Job) -> Result<Rendered, WorkError> {
        if !job.artefact.is_costly() {
            let here = move || render(job.artefact, &job.publication, job.stand.stand());
            return Ok(tokio::task::spawn_blocking(here).await??);
        }
        let _taken = self.taken.try_acquire().map_err(|_| WorkError::Busy)?;
        let _working = self.working.acquire().await.map_err(|_| WorkError::Busy)?;
        work(&self.program, &job, self.limits).await
    }
}

/// Makes the artefact in a new process of `program`, which is this program's own file. When this
/// returns the process has ended.
pub async fn work(program: &Path, job: &Job, limits: WorkLimits) -> Result<Rendered, WorkError> {
    let job = job.to_message()?;
    let mut child = Command::new(program)
        .arg(SUBCOMMAND)
        .arg(format!("--memory-bytes={}", limits.memory_bytes))
        .arg(format!("--seconds={}", limits.time.as_secs().max(1)))
        // It needs nothing else from here, and least of all what the settings hold.
        .env_clear()
        .envs(ENVIRONMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    match timeout(limits.time, answer(&mut child, &job)).await {
        Ok(answer) => read(answer?, limits),
        Err(_) => {
            child.kill().await?;
            Err(WorkError::TooSlow(limits.time))
        }
    }
}

/// What the process left behind.
struct Answer {
    status: std::process::ExitStatus,
    bytes: Vec<u8>,
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
    let ((), bytes, report) =
        tokio::join!(write, drain(stdout, MAX_ARTEFACT_BYTES), drain(stderr, MAX_REPORT_BYTES));
    Ok(Answer { bytes: bytes?, report: report?, status: child.wait().await? })
}

async fn drain(pipe: Option<impl AsyncRead + Unpin>, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(limit).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

fn read(answer: Answer, limits: WorkLimits) -> Result<Rendered, WorkError> {
    let said = String::from_utf8_lossy(&answer.report);
    match serde_json::from_str::<Outcome>(&said) {
        Ok(Ok(warnings)) if answer.status.success() => Ok(Rendered { bytes: answer.bytes, warnings }),
        Ok(Err(error)) => Err(WorkError::Refused(error)),
        _ if OUT_OF_MEMORY.iter().any(|words| said.contains(words)) => {
            Err(WorkError::TooLarge(limits.memory_bytes >> 20))
        }
        _ => Err(WorkError::NoAnswer {
            status: answer.status.to_string(),
            said: said.chars().take(MAX_SAID).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenda::{
        event::EditionKind,
        id::MeetingId,
        publication::{MODEL_VERSION, Publication},
    };
    use publish::{Artefact, Files, Format, JobStand};
    use std::os::unix::fs::PermissionsExt;

    fn job(format: Format) -> Job {
        let publication = Publication {
            model: MODEL_VERSION,
            kind: EditionKind::Agenda,
            correction: None,
            meeting: MeetingId::from_bytes([1; 16]),
            forum: "Havneforum".into(),
            date: jiff::civil::date(2031, 2, 3),
            time: jiff::civil::time(8, 30, 0, 0),
            place: "Broen".into(),
            participants: vec![],
            items: vec![],
        };
        Job { publication, stand: JobStand::Draft, artefact: Artefact::Whole(format), files: Files::new() }
    }

    #[tokio::test]
    async fn what_is_cheap_needs_no_place_and_what_is_costly_is_told_to_come_back() {
        let full = Workers { taken: Semaphore::new(0), ..Workers::default() };
        assert!(matches!(full.make(job(Format::Pdf)).await, Err(WorkError::Busy)));
        assert!(matches!(full.make(job(Format::Zip)).await, Err(WorkError::Busy)));
        assert!(full.make(job(Format::Html)).await.is_ok());
    }

    /// The program here fails where another of its kind is at work.
    #[tokio::test]
    async fn no_more_are_at_work_than_there_are_places() {
        let folder = tempfile::tempdir().unwrap();
        let (program, lock) = (folder.path().join("program"), folder.path().join("lock"));
        let lock = lock.display();
        let script = format!(
            "#!/bin/sh\ncat >/dev/null\nmkdir {lock} || exit 1\nsleep 0.05\nrmdir {lock}\necho '{{\"Ok\":[]}}' >&2\n"
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let workers = Workers { program, working: Semaphore::new(1), ..Workers::default() };
        let (a, b, c) = tokio::join!(
            workers.make(job(Format::Pdf)),
            workers.make(job(Format::Pdf)),
            workers.make(job(Format::Pdf))
        );
        for made in [a, b, c] {
            assert!(made.is_ok(), "{made:?}");
        }
    }
}
