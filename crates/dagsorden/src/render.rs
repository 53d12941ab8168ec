//! `dagsorden render`, which only the program itself calls: one job on standard input, one
//! artefact on standard output, what is to say about it on standard error. The process first
//! takes from itself what it must not use, so a hostile text ends nothing but this process.

use crate::Outcome;
use clap::Args;
use publish::{Job, Rendered};
use rlimit::Resource;
use std::io::{Read, Write};

/// Longest job, in bytes.
const MAX_JOB_BYTES: u64 = 128 * 1024 * 1024;

#[derive(Args)]
pub struct Arguments {
    /// Memory that the process may take.
    #[arg(long)]
    memory_bytes: u64,
    /// Processor time after which the process ends, should its parent be gone.
    #[arg(long)]
    seconds: u64,
}

pub fn run(arguments: &Arguments) -> Outcome {
    limit(arguments)?;
    let mut job = Vec::new();
    std::io::stdin().take(MAX_JOB_BYTES).read_to_end(&mut job)?;
    let job = Job::from_message(&job)?;
    let made = publish::render_with(job.artefact, &job.publication, job.stand.stand(), &job.files);
    let (bytes, outcome): (_, publish::Outcome) = match made {
        Ok(Rendered { bytes, warnings }) => (bytes, Ok(warnings)),
        Err(error) => (Vec::new(), Err(error)),
    };
    let mut out = std::io::stdout();
    out.write_all(&bytes)?;
    out.flush()?;
    std::io::stderr().write_all(&serde_json::to_vec(&outcome)?)?;
    Ok(())
}

fn limit(arguments: &Arguments) -> std::io::Result<()> {
    // Memory that is written to, not addresses: threads reserve far more of those than they use.
    Resource::DATA.set(arguments.memory_bytes, arguments.memory_bytes)?;
    // Every processor's time counts.
    let processors = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let seconds = arguments.seconds.saturating_mul(processors);
    Resource::CPU.set(seconds, seconds)?;
    Resource::CORE.set(0, 0)
}
