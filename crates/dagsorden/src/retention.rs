//! `dagsorden retention`: what is due under the retention plan of each forum, out of a data folder whose service is
//! stopped. It only tells; a person of the secretariat erases.

use crate::{Outcome, open::stopped_log, runtime};
use agenda::{
    forum::Forum,
    language::Language,
    retention::{Standing, day_of},
};
use clap::Args;
use eventlog::EventLog;
use jiff::civil::Date;
use server::{
    clock::now,
    directory::Directory,
    forums::Forums,
    retention::{DryRun, Listed, Retention, Row},
};
use std::{fmt::Write, path::PathBuf, sync::Arc};

#[derive(Args)]
pub struct Arguments {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// As of this day (2027-01-31); by default today.
    #[arg(long)]
    at: Option<Date>,
    /// "da" or "en".
    #[arg(long, default_value = "da")]
    lang: String,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let language = Language::from_tag(&arguments.lang);
    let today = arguments.at.unwrap_or_else(|| day_of(now()));
    runtime()?.block_on(async {
        let log: Arc<dyn EventLog> = Arc::new(stopped_log(&arguments.data, language)?);
        let told = tell(log.clone(), today, language).await;
        log.shutdown().await?;
        print!("{}", told?);
        Ok(())
    })
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn tell(log: Arc<dyn EventLog>, today: Date, language: Language) -> Result<String, Failure> {
    let forums = Forums::load(log.clone()).await?.latest();
    let directory = Directory::load(&*log).await?;
    let retention = Retention::new(log);
    let mut all = Vec::new();
    for forum in forums.values() {
        let run = retention.dry_run(&directory, forum.id, forum.retention, today).await?;
        all.push(page(forum, &run, today, language)?);
    }
    if all.is_empty() {
        return Ok(language.pick("Der er ingen fora.\n", "There are no forums.\n").to_owned());
    }
    Ok(all.join("\n"))
}

fn page(forum: &Forum, run: &DryRun, today: Date, language: Language) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let (plan, on) = (forum.retention.told(language), day(today, language));
    writeln!(out, "{}", forum.name)?;
    writeln!(
        out,
        "{}",
        language.pick(
            format!("Sletteplan: {plan}. Opgjort {on}; intet er slettet."),
            format!("Retention plan: {plan}. As of {on}; nothing was erased."),
        )
    )?;
    let lists = [
        (language.pick("Har nået fristen", "Due"), &run.due),
        (language.pick("Kan ikke slettes lige nu", "Cannot be erased right now"), &run.blocked),
        (language.pick("Når fristen inden for et år", "Due within a year"), &run.soon),
        (language.pick("Slettestop", "Holds"), &run.held),
    ];
    for (title, listed) in lists {
        list(&mut out, title, listed, language)?;
    }
    let (later, for_ever, not_begun, erased) = (run.later, run.for_ever, run.not_begun, run.erased);
    writeln!(
        out,
        "{}",
        language.pick(
            format!(
                "Når fristen senere: {later}. Slettes ikke efter planen: {for_ever}. Ikke udsendt: {not_begun}. Slettet: {erased}."
            ),
            format!(
                "Due later: {later}. Not erased under the plan: {for_ever}. Not published: {not_begun}. Erased: {erased}."
            ),
        )
    )?;
    Ok(out)
}

fn list(out: &mut String, title: &str, listed: &Listed, language: Language) -> std::fmt::Result {
    writeln!(out, "{title} ({})", listed.total)?;
    for row in &listed.rows {
        writeln!(out, "  {}", line(row, language))?;
    }
    match listed.total - listed.rows.len() {
        0 => Ok(()),
        more => {
            writeln!(out, "  {}", language.pick(format!("… og {more} mere"), format!("… and {more} more")))
        }
    }
}

/// "19-10-2026  mødet 06-03-2030, punkt 2: Havnen (lukkede punkter)".
fn line(row: &Row, language: Language) -> String {
    let due = row.standing.due().map_or_else(|| "-".to_owned(), |due| day(due, language));
    let place = row.item.number.map_or_else(
        || language.pick("taget af dagsordenen", "withdrawn").to_owned(),
        |number| format!("{} {number}", language.pick("punkt", "item")),
    );
    let meeting = format!("{} {}", language.pick("mødet", "meeting of"), day(row.date, language));
    let why = match &row.standing {
        Standing::Held { hold, .. } => format!(": {}", hold.reason),
        Standing::Blocked { why, .. } => format!(": {}", why.explain(language)),
        _ => String::new(),
    };
    format!("{due:<10}  {meeting}, {place}: {} ({}){why}", row.item.title, row.item.class.word(language))
}

fn day(day: Date, language: Language) -> String {
    language.pick(day.strftime("%d-%m-%Y").to_string(), day.to_string())
}
