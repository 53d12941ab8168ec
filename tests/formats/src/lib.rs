//! What the tests of published files need: made-up agendas, and other people's validators, run
//! as programs. A validator that is not there is told of, never passed over in silence.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

#[path = "../../../crates/publish/tests/sample/mod.rs"]
pub mod sample;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

/// Where `scripts/install-test-tools` puts the validators that come from PyPI.
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools");

/// Prints that a test was skipped and why, and counts it where `make test` asks for it.
pub fn skip(reason: &str) {
    let line = format!("FORMAT TEST SKIPPED: {reason}; run make tools\n");
    eprint!("{line}");
    if let Some(path) = std::env::var_os("DAGSORDEN_SKIPPED") {
        let mut file =
            fs::File::options().create(true).append(true).open(path).expect("the list of skipped tests");
        file.write_all(line.as_bytes()).expect("the list of skipped tests");
    }
}

/// A program of the Python environment with the validators; tells of its absence.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = Path::new(TOOLS).join("bin").join(name);
    if !path.exists() {
        skip(&format!("{name} is not installed"));
    }
    path.exists().then_some(path)
}

/// LibreOffice, if it is there; tells of its absence.
pub fn libreoffice() -> Option<&'static str> {
    let found = Command::new("soffice").arg("--version").output().is_ok();
    if !found {
        skip("LibreOffice is not installed");
    }
    found.then_some("soffice")
}

/// A folder of its own for one test, empty.
pub fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("dagsorden-formats-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// Runs a program; what it printed, and whether it was content.
pub fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}
