//! `dagsorden verify`: re-reads the log, checks every hash, reproduces every freeze and checks every
//! signature; then says of each file that it is given what it is and whether it holds: a receipt, a
//! checkpoint, an exported log, a published file. Exits non-zero, and says where, if anything is not as it was
//! written. Given receipts or exported logs and no data folder, it needs none; nor with a manifest.

use crate::{
    Outcome, evidence, files::FileArguments, open::log_folder, runtime, service::is_address, verdict,
};
use agenda::language::Language;
use clap::Args;
use eventlog::keys::TextKeys;
use proof::{cosignature::WitnessKey, note::Verifier};
use server::{
    edition::FreezeChecker,
    files::{FileChecker, FileSettings},
    keys,
    seals::Seals,
};
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    /// Published files, to be told which edition they are and whether they are unchanged; receipts,
    /// checkpoints and exported logs, to be checked, together with the log if --data names one. The address of a
    /// running service (https://…): whether the log that it shows now continues all of these.
    published: Vec<PathBuf>,
    /// Hold the files against this signed manifest, and not against a log.
    #[arg(long, requires = "key", requires = "published")]
    manifest: Option<PathBuf>,
    /// A public key to trust, instead of those in the data folder; may be given again.
    #[arg(long)]
    key: Vec<String>,
    /// The public key of a witness: says of each checkpoint when the witness confirmed it; may be given again.
    #[arg(long)]
    witness: Vec<WitnessKey>,
    /// The data folder; "data" if nothing else is given that could be checked.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Also check that the file of every attachment lies where it was stored, unchanged.
    #[arg(long)]
    files: bool,
    #[command(flatten)]
    stored: FileArguments,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

impl Arguments {
    fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| "data".into())
    }

    fn keys(&self) -> Result<Vec<Verifier>, Box<dyn std::error::Error + Send + Sync>> {
        if self.key.is_empty() {
            return Ok(keys::verifiers(&self.data())?);
        }
        Ok(self.key.iter().map(|key| key.parse()).collect::<Result<_, _>>()?)
    }
}

/// What cannot be made again, because its words were erased.
fn told_erased(erased: usize, language: Language) {
    if erased > 0 {
        println!(
            "{}",
            language.pick(
                format!("{erased} låsninger kan ikke genskabes, fordi tekst i dem er slettet; loggen siger hvornår, af hvem og hvorfor."),
                format!("{erased} freezes cannot be reproduced, because words in them were erased; the log says when, by whom and why."),
            )
        );
    }
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let keys = arguments.keys()?;
    if let Some(manifest) = &arguments.manifest {
        return verdict::by_manifest(manifest, &keys, &arguments.published, language);
    }
    let (addresses, files): (Vec<_>, Vec<_>) =
        arguments.published.iter().cloned().partition(|word| word.to_str().is_some_and(is_address));
    let mut given = evidence::read(&files, &keys)?;
    given.witnesses.clone_from(&arguments.witness);
    match addresses.as_slice() {
        [] => {}
        [address] => {
            trusted(&keys, language)?;
            runtime()?.block_on(given.ask(&address.to_string_lossy()))?;
        }
        _ => return Err(language.pick("giv én adresse ad gangen", "give one address at a time").into()),
    }
    if arguments.data.is_none() && given.stands_alone() {
        return given.judge(keys, None, language);
    }
    let mut checkpoints = Vec::new();
    let (mut freezes, mut files) = (FreezeChecker::default(), FileChecker::default());
    let mut seals = Seals::default();
    let folder = log_folder(&arguments.data());
    let text_keys = TextKeys::beside(&folder)?;
    let checked = eventlog::verify::verify_with(&folder, &text_keys, |recorded| {
        files.read(recorded);
        freezes.check(recorded).map_err(|error| error.to_string())?;
        evidence::checkpoints(recorded, &mut checkpoints);
        verdict::read(&mut seals, &keys, recorded)
    });
    let report = checked.map_err(|finding| language.pick(finding.danish(), finding.to_string()))?;
    freezes.finish()?;
    evidence::check(&checkpoints, &report.tree, &keys, language)?;
    let (commits, streams, reproduced) = (report.commits, report.streams, freezes.freezes());
    let (position, hash, signed) = (report.head.position, report.head.hash, checkpoints.len());
    println!(
        "{}",
        language.pick(
            format!(
                "Loggen er hel: {commits} poster i {streams} strømme, {reproduced} låsninger genskabt, \
                 {signed} kontrolpunkter holder.\n\
                 Sidste position {position}, kæde {hash}."
            ),
            format!(
                "The log is whole: {commits} commits in {streams} streams, {reproduced} freezes reproduced, \
                 {signed} checkpoints hold.\n\
                 Last position {position}, chain {hash}."
            ),
        )
    );
    told_erased(freezes.erased(), language);
    if arguments.files {
        let settings = FileSettings { s3: arguments.stored.s3(), scanner: None };
        let store = settings.store(&arguments.data())?;
        let count = runtime()?.block_on(files.check(store.as_ref()))?;
        let told =
            language.pick("bilag ligger, som de blev gemt.", "attached files are as they were stored.");
        println!("{count} {told}");
    }
    let published = verdict::by_log(&seals, &freezes, &given.files, language);
    given.judge(keys, Some(&report.tree), language).and(published)
}

/// A service's word about its own key is no proof.
fn trusted(keys: &[Verifier], language: Language) -> Outcome {
    if !keys.is_empty() {
        return Ok(());
    }
    let told = language.pick(
        "giv tjenestens nøgle, som du har skrevet den ned, med --key",
        "give the service's key, as you took it down, with --key",
    );
    Err(told.into())
}
