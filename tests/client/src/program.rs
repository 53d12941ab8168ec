//! The program as a process: started, found by the address that it prints, and ended in all
//! the ways in which a process ends.

use crate::Failure;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

/// What differs from the defaults.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub frames_per_second: u32,
    pub requests_per_second: u32,
}

impl Default for Settings {
    /// High enough that no test meets a limit that it does not test.
    fn default() -> Self {
        Self { frames_per_second: 100_000, requests_per_second: 100_000 }
    }
}

/// A running `dagsorden serve`. Killed when dropped.
pub struct Program {
    process: Child,
    address: String,
}

/// How it ended.
pub type Ended = ExitStatus;

/// `DAGSORDEN_BIN`, or the binary that was built beside this executable.
pub fn program_path() -> PathBuf {
    if let Some(path) = std::env::var_os("DAGSORDEN_BIN") {
        return path.into();
    }
    let own = std::env::current_exe().unwrap_or_default();
    let folder = own.parent().unwrap_or(Path::new("."));
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    folder.join("dagsorden")
}

fn command() -> Command {
    let mut command = Command::new(program_path());
    // The program's own log is for whoever looks for a failure.
    let heard = std::env::var_os("DAGSORDEN_LOG").is_some();
    command.stderr(if heard { Stdio::inherit() } else { Stdio::null() });
    command
}

impl Program {
    /// Starts it on a data folder in demonstration mode and waits until it listens.
    pub fn start(data: &Path, settings: Settings) -> Result<Self, Failure> {
        Self::start_with(data, settings, |_| ())
    }

    /// The same with more said on the command line or in the environment.
    pub fn start_with(
        data: &Path,
        settings: Settings,
        more: impl FnOnce(&mut Command),
    ) -> Result<Self, Failure> {
        let mut command = command();
        command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.args(["--frames-per-second", &settings.frames_per_second.to_string()]);
        command.args(["--requests-per-second", &settings.requests_per_second.to_string()]);
        more(&mut command);
        let path = program_path();
        let spawned = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn();
        let mut process = spawned.map_err(|e| format!("{}: {e}; build it first", path.display()))?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        match line.trim().strip_prefix("Dagsorden: http://") {
            Some(address) => Ok(Self { address: address.to_owned(), process }),
            None => {
                process.kill()?;
                Err(format!("{} did not start: {}", path.display(), process.wait()?).into())
            }
        }
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(mut self) -> Result<Ended, Failure> {
        self.process.kill()?;
        Ok(self.process.wait()?)
    }

    /// SIGTERM, and waits until it has ended by itself.
    pub fn terminate(mut self) -> Result<Ended, Failure> {
        Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        Ok(self.process.wait()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `dagsorden verify`: what it printed if the log is whole and every file that it names is there,
/// else what it complained of.
pub fn verify(data: &Path) -> Result<String, String> {
    let mut command = Command::new(program_path());
    let output =
        command.args(["verify", "--files", "--lang", "en", "--data"]).arg(data).stdin(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}
