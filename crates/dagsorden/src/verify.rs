//! `dagsorden verify`: re-reads the log, checks every hash, reproduces every freeze and checks every
//! signature; then says of each file that it is given which edition it is. Exits non-zero, and says
//! where, if anything is not as it was written. With a manifest and a key it needs no log.

use crate::{Outcome, open::log_folder, verdict};
use agenda::language::Language;
use clap::Args;
use proof::note::Verifier;
use server::{edition::FreezeChecker, files::FileChecker, keys, seals::Seals};
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    /// Published files, to be told which edition they are and whether they are unchanged.
    published: Vec<PathBuf>,
    /// Hold the files against this signed manifest, and not against a log.
    #[arg(long, requires = "key", requires = "published")]
    manifest: Option<PathBuf>,
    /// A public key to trust, instead of those in the data folder; may be given again.
    #[arg(long)]
    key: Vec<String>,
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Also check that the file of every attachment lies in the data folder, unchanged.
    #[arg(long)]
    files: bool,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

impl Arguments {
    fn keys(&self) -> Result<Vec<Verifier>, Box<dyn std::error::Error + Send + Sync>> {
        if self.key.is_empty() {
            return Ok(keys::verifiers(&self.data)?);
        }
        Ok(self.key.iter().map(|key| key.parse()).collect::<Result<_, _>>()?)
    }
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let keys = arguments.keys()?;
    if let Some(manifest) = &arguments.manifest {
        return verdict::by_manifest(manifest, &keys, &arguments.published, language);
    }
    let (mut freezes, mut files) = (FreezeChecker::default(), FileChecker::default());
    let mut seals = Seals::default();
    let checked = eventlog::verify::verify_with(&log_folder(&arguments.data), |recorded| {
        files.read(recorded);
        freezes.check(recorded).map_err(|error| error.to_string())?;
        verdict::read(&mut seals, &keys, recorded)
    });
    let report = checked.map_err(|finding| language.pick(finding.danish(), finding.to_string()))?;
    let (commits, streams, reproduced) = (report.commits, report.streams, freezes.freezes());
    let (position, hash) = (report.head.position, report.head.hash);
    println!(
        "{}",
        language.pick(
            format!(
                "Loggen er hel: {commits} poster i {streams} strømme, {reproduced} låsninger genskabt.\n\
                 Sidste position {position}, kæde {hash}."
            ),
            format!(
                "The log is whole: {commits} commits in {streams} streams, {reproduced} freezes reproduced.\n\
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
    verdict::by_log(&seals, &freezes, &arguments.published, language)
}
