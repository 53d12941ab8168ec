//! Opening a data folder without serving it, and founding a forum in it.

use crate::{Outcome, runtime};
use agenda::{
    forum::Forum,
    id::{CommandId, ForumId, SessionId, UserId},
    language::Language,
    live::CommandMeta,
};
use clap::Args;
use eventlog::{OpenError, SledLog, keys::TextKeys};
use server::{
    app::App,
    clock::fresh,
    config::{Config, Limits},
    files::{FileSettings, S3Settings},
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where the log lies in the data folder.
pub fn log_folder(data: &Path) -> PathBuf {
    data.join("log")
}

/// Opens the log; waits a while if another process is just closing it.
pub fn open_log(data: &Path) -> Result<SledLog, Box<dyn std::error::Error + Send + Sync>> {
    let folder = log_folder(data);
    let keys = TextKeys::beside(&folder).map_err(|error| stopped(data, &error))?;
    Ok(SledLog::open(&folder, keys).map_err(|error| stopped(data, &error))?)
}

/// Opens the log to take out what is stored, for which no keys are needed.
pub fn log_bytes(data: &Path) -> Result<SledLog, Box<dyn std::error::Error + Send + Sync>> {
    SledLog::open_bytes(&log_folder(data)).map_err(|error| stopped(data, &error).into())
}

fn stopped(data: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{error}\n(data folder {}; if the service is running, stop it first)", data.display())
}

/// Opens a log to be read, which a running service holds, and makes none where there is none.
pub fn stopped_log(data: &Path, language: Language) -> Result<SledLog, String> {
    let folder = log_folder(data);
    if !folder.is_dir() {
        return Err(language.pick(
            format!("Der er ingen log i {}. Angiv datamappen med --data.", folder.display()),
            format!("There is no log in {}. Name the data folder with --data.", folder.display()),
        ));
    }
    let opened =
        TextKeys::beside(&folder).map_err(OpenError::from).and_then(|keys| SledLog::open(&folder, keys));
    opened.map_err(|error| {
        language.pick(
            format!(
                "Loggen i {} kan ikke åbnes: {error}\nHvis tjenesten kører, så stop den først, eller brug en kopi af datamappen.",
                folder.display()
            ),
            format!(
                "The log in {} cannot be opened: {error}\nIf the service is running, stop it first, or use a copy of the data folder.",
                folder.display()
            ),
        )
    })
}

/// The application over a data folder, serving nobody. Attachments lie in `s3`, or in the data folder.
pub async fn open_app(
    data: &Path,
    s3: Option<S3Settings>,
) -> Result<Arc<App>, Box<dyn std::error::Error + Send + Sync>> {
    let config = Config {
        data: data.to_owned(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        demo: false,
        tokens: None,
        public_origin: None,
        files: FileSettings { s3, ..FileSettings::default() },
        mirror: None,
        mirror_bucket: None,
        witnesses: Vec::new(),
        limits: Limits::default(),
    };
    let log = open_log(data)?;
    Ok(App::open(config, Arc::new(log)).await?)
}

/// Acts for a person from the command line, as one session.
pub fn command_meta(user: &UserId) -> CommandMeta {
    CommandMeta {
        id: CommandId::from_bytes(fresh()),
        user: user.clone(),
        session: SessionId::from_bytes(*b"command line\0\0\0\0"),
    }
}

#[derive(Args)]
pub struct FoundArguments {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// The forum's name: "Chefforum".
    #[arg(long)]
    name: String,
    /// Its first secretary, by the subject of their token.
    #[arg(long)]
    user: UserId,
    /// The secretary's name.
    #[arg(long)]
    user_name: String,
}

pub fn found(arguments: &FoundArguments) -> Outcome {
    runtime()?.block_on(async {
        let app = open_app(&arguments.data, None).await?;
        let forum = found_forum(&app, &arguments.name, &arguments.user, &arguments.user_name).await?;
        println!("{} {}", forum.id, forum.name);
        app.stop().await;
        Ok(())
    })
}

/// Founds a forum, and returns it.
pub async fn found_forum(
    app: &App,
    name: &str,
    user: &UserId,
    user_name: &str,
) -> Result<Arc<Forum>, Box<dyn std::error::Error + Send + Sync>> {
    let id = ForumId::from_bytes(fresh());
    app.forums.found(id, name, &command_meta(user), user_name).await.map_err(|error| match error {
        server::forums::ForumError::Rejected(rejection) => rejection.explain(Language::Danish),
        other => other.to_string(),
    })?;
    app.forums.get(id).ok_or_else(|| "the new forum is not there".into())
}
