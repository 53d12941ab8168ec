//! A PDF as other programs read it: poppler's tools, which `scripts/install-test-tools` installs.

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

pub struct Paper(Vec<u8>);

impl Paper {
    pub fn of(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The text in the order in which it is drawn.
    pub fn text(&self) -> String {
        self.run("pdftotext", &["-raw", "-enc", "UTF-8", "-", "-"])
    }

    pub fn pages(&self) -> Vec<String> {
        let text = self.text();
        text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
    }

    /// What the file says of itself.
    pub fn info(&self) -> BTreeMap<String, String> {
        let text = self.run("pdfinfo", &["-"]);
        let pairs = text.lines().filter_map(|line| line.split_once(':'));
        pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
    }

    /// Targets of links out of the file, in order.
    pub fn links(&self) -> Vec<String> {
        let text = self.run("pdfinfo", &["-url", "-"]);
        text.lines().skip(1).filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect()
    }

    /// The tree of tags, an element or attribute a line.
    pub fn structure(&self) -> Vec<String> {
        self.run("pdfinfo", &["-struct", "-"]).lines().map(str::to_owned).collect()
    }

    /// The text in the order in which it is read aloud: no footers, no repeated heads.
    pub fn read_aloud(&self) -> String {
        let tree = self.run("pdfinfo", &["-struct-text", "-"]);
        let text = tree.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'));
        text.collect::<Vec<_>>().join(" ")
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{program}: {e}; run make tools"));
        let mut stdin = child.stdin.take().unwrap();
        let output = std::thread::scope(|scope| {
            scope.spawn(move || stdin.write_all(&self.0).unwrap());
            child.wait_with_output().unwrap()
        });
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        // The tool copies some attributes as they are in the file.
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// Letters and digits, word by word; a line may break at any other character.
pub fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
