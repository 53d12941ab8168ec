//! `dagsorden replay` as people run it: a text at a position, change sets with the words that they changed,
//! JSON for programs, and what it says when it cannot.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dagsorden");
const AGENDA: &str = "DAGSORDEN Havneforum d. 03-02-2031\n\n\
    Mødedato Mandag d. 03. februar 2031 kl. 08:30\n\nMødested Broen\n\n\
    Mødedeltagere Agnete Strandgaard (Havnechef), Bo Skov (Lods)\n\n\
    Punkt 1: Fyret\n\n00.01.00-A00-7-31\n\nIndstilling\n\nHavnechefen indstiller,\n\n1. at fyret tændes\n\n\
    Økonomi\n\nIntet at bemærke.\n";

struct Folder {
    root: tempfile::TempDir,
    meeting: String,
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.current_dir(root).env("DAGSORDEN_LOG", "warn").args(arguments).output().unwrap()
}

impl Folder {
    /// A data folder with one imported meeting.
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("agenda.txt"), AGENDA).unwrap();
        run(root.path(), &["found", "--name", "Havneforum", "--user", "sofie", "--user-name", "Sofie Krog"]);
        let imported = run(root.path(), &["import", "agenda.txt"]);
        let said = String::from_utf8(imported.stdout).unwrap();
        let meeting = said.split("/moede/").nth(1).unwrap().trim().to_owned();
        Self { root, meeting }
    }

    fn replay(&self, arguments: &[&str]) -> (bool, String) {
        let mut all = vec!["replay", self.meeting.as_str()];
        all.extend(arguments);
        let output = run(self.root.path(), &all);
        let said = if output.status.success() { output.stdout } else { output.stderr };
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    fn shown(&self, arguments: &[&str]) -> String {
        let (done, said) = self.replay(arguments);
        assert!(done, "{said}");
        said
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let (done, said) = self.replay(arguments);
        assert!(!done, "{said}");
        said
    }

    fn log(&self) -> PathBuf {
        self.root.path().join("data/log")
    }
}

#[test]
fn a_meeting_is_shown_as_it_was() {
    let folder = Folder::new();
    let now = folder.shown(&[]);
    assert!(now.starts_with("# Dagsorden: Havneforum\n"), "{now}");
    assert!(
        now.contains("## 1. Fyret\n\n### Indstilling\n\nHavnechefen indstiller,\n\n1. at fyret tændes\n")
    );
    assert!(now.contains("### Økonomi\n\nIntet at bemærke.\n"), "{now}");
    let empty = folder.shown(&["--at", "4", "--item", "1", "--lang", "en"]);
    assert!(empty.contains("As it was at position 4"), "{empty}");
    assert!(empty.contains("## 1. Fyret") && !empty.contains("Indstilling"), "{empty}");
}

#[test]
fn change_sets_are_told_with_the_words_that_they_changed_and_without_colours_in_a_pipe() {
    let folder = Folder::new();
    for way in ["--steps", "--play"] {
        let told = folder.shown(&[way, "--item", "1"]);
        let created = told.find("Sofie Krog oprettede punktet «Fyret».").unwrap();
        let wrote = told.find("  Indstilling\n    {+Havnechefen indstiller,+}\n    1. {+at fyret tændes+}\n");
        assert!(created < wrote.unwrap(), "{told}");
        assert!(!told.contains('\u{1b}'), "{told}");
    }
    let lines = folder.shown(&["--steps", "--json"]);
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&last["milestone"], &last["name"]), (&"imported".into(), &"Sofie Krog".into()));
    let page: serde_json::Value = serde_json::from_str(&folder.shown(&["--json"])).unwrap();
    assert_eq!(page["items"][0]["sections"][1]["nothing"], true, "{page}");
}

#[test]
fn what_cannot_be_shown_is_said_with_what_to_do() {
    let folder = Folder::new();
    assert!(folder.refused(&["--at", "1"]).contains("Det begynder ved position 2."));
    assert!(folder.refused(&["--at", "i går"]).contains("hverken en position eller et tidspunkt"));
    assert!(folder.refused(&["--item", "7"]).contains("Antal punkter på dagsordenen: 1."));
    assert!(folder.refused(&["--data", "andetsteds"]).contains("Angiv datamappen med --data."));
    assert!(!folder.root.path().join("andetsteds").exists(), "nothing is made");
    let serving =
        eventlog::SledLog::open(&folder.log(), eventlog::keys::TextKeys::beside(&folder.log()).unwrap())
            .unwrap();
    let locked = folder.refused(&[]);
    assert!(locked.contains("Hvis tjenesten kører, så stop den først"), "{locked}");
    drop(serving);
}
