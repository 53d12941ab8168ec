//! `dagsorden verify`: re-reads the log, checks every hash and reproduces every freeze. Exits
//! non-zero, and says where, if anything is not as it was written.

use crate::{Outcome, open::log_folder};
use agenda::language::Language;
use clap::Args;
use server::{edition::FreezeChecker, files::FileChecker};
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Also check that the file of every attachment lies in the data folder, unchanged.
    #[arg(long)]
    files: bool,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let (mut freezes, mut files) = (FreezeChecker::default(), FileChecker::default());
    let checked = eventlog::verify::verify_with(&log_folder(&arguments.data), |recorded| {
        files.read(recorded);
        freezes.check(recorded).map_err(|error| error.to_string())
    });
    let report = checked.map_err(|finding| language.pick(finding.danish(), finding.to_string()))?;
    let (commits, streams, freezes) = (report.commits, report.streams, freezes.freezes());
    let (position, hash) = (report.head.position, report.head.hash);
    println!(
        "{}",
        language.pick(
            format!(
                "Loggen er hel: {commits} poster i {streams} strømme, {freezes} låsninger genskabt.\n\
                 Sidste position {position}, kæde {hash}."
            ),
            format!(
                "The log is whole: {commits} commits in {streams} streams, {freezes} freezes reproduced.\n\
                 Last position {position}, chain {hash}."
            ),
        )
    );
    if arguments.files {
        let count = files.check(&arguments.data)?;
        let told =
            language.pick("bilag ligger, som de blev gemt.", "attached files are as they were stored.");
        println!("{count} {told}");
    }
    Ok(())
}
