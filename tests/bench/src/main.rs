//! `bench [scenario…] [--seconds N]`: drives the real, durable program through the scenarios
//! of the performance goals, beside a bare broadcast server as the floor. One edit is one
//! character; latency is from sending it until it arrives at each other client. Ends with an
//! error if anything was lost.

mod backup;
mod floor;
mod history;
mod load;
mod process;
mod proof;
mod publishing;
mod scenario;
mod served;
mod stage;
mod trail;
mod typist;

use client::Failure;
use std::time::Duration;

const ALL: [&str; 12] = [
    "cowrite",
    "hot",
    "many",
    "long",
    "saturate",
    "cold",
    "idle",
    "history",
    "publishing",
    "proof",
    "backup",
    "trail",
];
const SECONDS: u64 = 10;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--floor") {
        return floor::serve(arguments.get(1).map(String::as_str)).await;
    }
    let (chosen, length) = parse(&arguments)?;
    println!("Machine: {}. {} s for each measurement.\n", process::machine(), length.as_secs());
    println!(
        "Goals: cowrite 8/15 ms; CPU per 1,000 deliveries cowrite 60, hot 12, many 40 ms; nothing lost.\n"
    );
    scenario::print_head();
    let mut lost = 0;
    for name in chosen {
        let one = run(&name, length).await.map_err(|error| format!("{name}: {error}"))?;
        lost += one;
    }
    if lost > 0 { Err(format!("{lost} edits were lost").into()) } else { Ok(()) }
}

async fn run(name: &str, length: Duration) -> Result<u64, Failure> {
    match name {
        "cowrite" => scenario::shape(scenario::COWRITE, length).await,
        "hot" => scenario::shape(scenario::HOT, length).await,
        "many" => scenario::shape(scenario::MANY, length).await,
        "long" => scenario::long(length).await,
        "saturate" => scenario::saturate(length).await,
        "cold" => scenario::cold().await,
        "idle" => scenario::idle().await,
        "history" => history::history().await,
        "publishing" => publishing::publishing().await,
        "proof" => proof::proof().await,
        "backup" => backup::backup().await,
        "trail" => trail::trail().await,
        other => Err(format!("no scenario {other}; there are {}", ALL.join(", ")).into()),
    }
}

fn parse(arguments: &[String]) -> Result<(Vec<String>, Duration), Failure> {
    let (mut chosen, mut seconds) = (Vec::new(), SECONDS);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--seconds" {
            seconds = rest.next().ok_or("--seconds needs a number")?.parse()?;
        } else {
            chosen.push(argument.clone());
        }
    }
    if chosen.is_empty() {
        chosen = ALL.map(str::to_owned).to_vec();
    }
    Ok((chosen, Duration::from_secs(seconds)))
}
