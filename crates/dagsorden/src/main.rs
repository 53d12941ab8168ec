//! The program: `dagsorden serve`, `import`, `publish`, `verify`, `backup` and the rest. Each command
//! has a file; none holds a rule.

mod backup;
mod demo;
mod evidence;
mod export;
mod files;
mod import;
mod keys;
mod live;
mod open;
mod publish;
mod render;
mod replay;
mod restore;
mod retention;
mod serve;
mod service;
mod verdict;
mod verify;
mod witness;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Fælles dagsordener, der kan efterprøves. / Co-written agendas with a provable record.
#[derive(Parser)]
#[command(name = "dagsorden", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the service.
    Serve(serve::Arguments),
    /// Turn published agendas or minutes (text or Markdown) into meetings.
    Import(import::Arguments),
    /// Write a published agenda, from the log alone or from a file.
    Publish(publish::Arguments),
    /// Re-read the whole log, check every hash and reproduce every freeze; or check a running service by its address.
    Verify(verify::Arguments),
    /// Write the whole log to a file that anyone can read and check.
    Export(export::Arguments),
    /// Cosign the checkpoints of other municipalities' logs.
    Witness(witness::Arguments),
    /// Copy the log and its files to a folder, also while the service runs; adds to what is there.
    Backup(backup::Arguments),
    /// Make a new data folder out of an exported log or a backup.
    Restore(restore::Arguments),
    /// List the keys that the service signs with, or make a new one.
    Keys(keys::Arguments),
    /// Show a meeting or an item as it was, or step through its changes; the service must be stopped.
    Replay(replay::Arguments),
    /// Tell what is due under the retention plan of each forum, and erase nothing; the service must be stopped.
    Retention(retention::Arguments),
    /// Found a forum with its first secretary.
    Found(open::FoundArguments),
    /// Make one artefact; the program calls this itself.
    #[command(hide = true)]
    Render(render::Arguments),
    /// Print the OpenAPI description of the HTTP interface.
    Openapi,
}

/// What a command ends with when it fails: a sentence that says what to do.
type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_tracing();
    let outcome = match arguments.command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Publish(arguments) => publish::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Backup(arguments) => backup::run(&arguments),
        Command::Witness(arguments) => witness::run(&arguments),
        Command::Restore(arguments) => restore::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Retention(arguments) => retention::run(&arguments),
        Command::Found(arguments) => open::found(&arguments),
        Command::Render(arguments) => render::run(&arguments),
        Command::Openapi => print_openapi(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dagsorden: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_openapi() -> Outcome {
    println!("{}", server::api::description().to_pretty_json()?);
    Ok(())
}

/// Logs go to standard error; `DAGSORDEN_LOG` chooses what ("debug", "server=trace").
fn start_tracing() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("DAGSORDEN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let json = std::env::var("DAGSORDEN_LOG_FORMAT").is_ok_and(|format| format == "json");
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { builder.json().init() } else { builder.init() }
}

/// A runtime for the commands that need the log.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
