//! `dagsorden import`: published agendas and minutes into meetings, or, with `--dry-run`,
//! what would be made.

use crate::{
    Outcome,
    open::{command_meta, found_forum, open_app},
    runtime,
};
use agenda::{forum::Forum, id::UserId, language::Language};
use clap::{Args, ValueEnum};
use import::Imported;
use server::{
    app::{App, CommandError},
    import::{MAX_FILE_BYTES, carry_out},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

#[derive(Args)]
pub struct Arguments {
    /// Text or Markdown files, UTF-8.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// The forum by name; by default the one that the document names.
    #[arg(long)]
    forum: Option<String>,
    /// Whom the import is recorded under; by default the forum's first secretary.
    #[arg(long)]
    user: Option<UserId>,
    /// Show what would be made, and write nothing.
    #[arg(long)]
    dry_run: bool,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    /// One JSON object per file.
    Json,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub fn run(arguments: &Arguments) -> Outcome {
    let documents = arguments.files.iter().map(|path| Ok((path.as_path(), read_document(path)?)));
    let documents = documents.collect::<Result<Vec<_>, Failure>>()?;
    if arguments.dry_run {
        return documents.iter().try_for_each(|(path, imported)| print(path, imported, arguments.format));
    }
    runtime()?.block_on(async {
        let app = open_app(&arguments.data, None).await?;
        let outcome = import_all(&app, arguments, &documents).await;
        app.stop().await;
        outcome
    })
}

/// Reads a file as an agenda or minutes.
pub fn read_document(path: &Path) -> Result<Imported, Failure> {
    let refuse = |reason: String| Failure::from(format!("{}: {reason}", path.display()));
    let size = std::fs::metadata(path).map_err(|e| refuse(e.to_string()))?.len();
    if size > MAX_FILE_BYTES as u64 {
        return Err(refuse(format!("{size} bytes; an agenda may be at most {MAX_FILE_BYTES}")));
    }
    let bytes = std::fs::read(path).map_err(|e| refuse(e.to_string()))?;
    let text =
        String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8 text; save it as UTF-8".into()))?;
    Ok(import::parse(&text))
}

fn print(path: &Path, imported: &Imported, format: Format) -> Outcome {
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(imported)?),
        Format::Text => print_summary(path, imported),
    }
    Ok(())
}

fn print_summary(path: &Path, imported: &Imported) {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".into());
    println!(
        "{}: {} d. {} kl. {}, {} ({} deltagere, {} punkter)",
        path.display(),
        known(&imported.forum),
        known(&imported.date),
        known(&imported.time),
        known(&imported.place),
        imported.participants.len(),
        imported.items.len()
    );
    for item in &imported.items {
        let sections: Vec<&str> = item.sections.iter().map(|section| section.heading.as_str()).collect();
        println!("  {}. {} [{}]", item.number, item.title, sections.join(", "));
    }
    for note in &imported.warnings {
        println!("  advarsel, linje {}: {}", note.line, note.text);
    }
    for note in &imported.unplaced {
        println!("  ikke placeret, linje {}: {}", note.line, note.text);
    }
}

async fn import_all(app: &App, arguments: &Arguments, documents: &[(&Path, Imported)]) -> Outcome {
    for (path, imported) in documents {
        let (forum, user) = forum_and_user(app, arguments, imported).await?;
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let session = command_meta(&user).session;
        let made = carry_out(app, &forum, &user, session, &file, imported).await;
        let made = made.map_err(|error| format!("{}: {}", path.display(), explain(&error)))?;
        print_summary(path, imported);
        println!("  -> {} /moede/{}", forum.name, made.meeting);
    }
    Ok(())
}

fn explain(error: &CommandError) -> String {
    match error {
        CommandError::Rejected(rejection) => rejection.explain(Language::Danish),
        other => other.to_string(),
    }
}

/// The forum that the document belongs to; a first one is founded, with `--user` as its
/// secretary, so that an empty data folder can be filled.
async fn forum_and_user(
    app: &App,
    arguments: &Arguments,
    imported: &Imported,
) -> Result<(Arc<Forum>, UserId), Failure> {
    let all = app.forums.latest();
    let wanted = arguments.forum.as_deref().or(imported.forum.as_deref());
    let found = wanted.and_then(|name| all.values().find(|forum| forum.name == name).cloned());
    let forum = match (found, all.len(), wanted) {
        (Some(forum), _, _) => forum,
        (None, 0, Some(name)) => {
            let user = arguments.user.clone().map_or_else(|| UserId::new("sekretariatet"), Ok)?;
            found_forum(app, name, &user, "Sekretariatet").await?
        }
        (None, _, _) => {
            let names: Vec<&str> = all.values().map(|forum| forum.name.as_str()).collect();
            let wanted = wanted.unwrap_or("?");
            return Err(format!(
                "no forum is called «{wanted}»; say which with --forum: {}",
                names.join(", ")
            )
            .into());
        }
    };
    let secretary =
        forum.members.keys().find(|user| forum.actor(user).is_some_and(|actor| actor.is_secretariat()));
    let user = arguments.user.clone().or_else(|| secretary.cloned());
    let user = user.ok_or_else(|| format!("{} has no secretary; say who imports with --user", forum.name))?;
    Ok((forum, user))
}
