//! What it costs to publish: the page in this process, the PDF in a cold process as the server
//! starts one. The agendas are made up; `DAGSORDEN_BENCH_AGENDA` names a file to be measured too.

use crate::process::peak_kib;
use agenda::publication::Publication;
use client::Failure;
use publish::{Artefact, Files, Format, Job, JobStand, Outcome, Stand, html::html};
use std::{
    io::{Read, Write},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const TRIES: usize = 7;
/// Items of the two agendas: some 18 pages and some 200.
const ORDINARY: usize = 8;
const LONG: usize = 92;
/// How often the worker's memory is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// Far more than it may take, so that the limits are no part of what is measured.
const LIMITS: [&str; 2] = ["--memory-bytes=4294967296", "--seconds=60"];

/// Prints a table; loses nothing.
pub async fn publishing() -> Result<u64, Failure> {
    println!(
        "\npublishing: ms p50/worst of {TRIES}; goals: ordinary HTML 2 ms, PDF 250 ms; 200 pages PDF 1,500 ms, 300 MiB"
    );
    measure("ordinary", &made_up(ORDINARY)?)?;
    measure("long", &made_up(LONG)?)?;
    if let Ok(path) = std::env::var("DAGSORDEN_BENCH_AGENDA") {
        let publication = import::parse(&std::fs::read_to_string(&path)?).publication();
        measure("file", &publication.ok_or("the file names no date")?)?;
    }
    Ok(0)
}

fn measure(name: &str, publication: &Publication) -> Result<(), Failure> {
    let page = || {
        let start = Instant::now();
        let size = html(publication, Stand::Imported).len();
        Ok::<_, Failure>((start.elapsed(), size, 0))
    };
    report(name, "HTML", page)?;
    let job = Job {
        publication: publication.clone(),
        stand: JobStand::Imported,
        artefact: Artefact::Whole(Format::Pdf),
        files: Files::new(),
    };
    let job = job.to_message()?;
    report(name, "PDF", || pdf(&job))
}

/// Time, size in bytes and most memory in KiB.
type Cost = (Duration, usize, u64);

fn report(name: &str, format: &str, run: impl Fn() -> Result<Cost, Failure>) -> Result<(), Failure> {
    let mut all = (0..TRIES).map(|_| run()).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    let ms = |cost: Option<&Cost>| cost.map_or(0.0, |cost| cost.0.as_secs_f64() * 1e3);
    let size = all.first().map_or(0, |cost| cost.1) / 1024;
    let peak = all.iter().map(|cost| cost.2).max().unwrap_or_default() / 1024;
    println!(
        "  {name:<9} {format:<5} {:>8.1} {:>8.1} ms, {size} KiB, worker {peak} MiB",
        ms(all.get(TRIES / 2)),
        ms(all.last())
    );
    Ok(())
}

/// One PDF from a new process of the program.
fn pdf(job: &[u8]) -> Result<Cost, Failure> {
    let start = Instant::now();
    let mut child = Command::new(client::program_path())
        .arg("render")
        .args(LIMITS)
        .env_clear()
        .envs(server::worker::ENVIRONMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (id, mut bytes, mut said) = (child.id(), Vec::new(), Vec::new());
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let peak = thread::scope(|scope| -> Result<u64, Failure> {
        let looking = scope.spawn(move || {
            let looks = std::iter::from_fn(|| {
                thread::sleep(LOOK);
                peak_kib(id)
            });
            looks.max().unwrap_or_default()
        });
        stdin.ok_or("no input")?.write_all(job)?;
        stdout.ok_or("no output")?.read_to_end(&mut bytes)?;
        stderr.ok_or("no report")?.read_to_end(&mut said)?;
        child.wait()?;
        looking.join().map_err(|_| "the look at the memory failed".into())
    })?;
    let took = start.elapsed();
    let outcome: Outcome = serde_json::from_slice(&said)?;
    outcome?;
    Ok((took, bytes.len(), peak))
}

/// An agenda of so many items, each of two pages with a list and a table.
fn made_up(items: usize) -> Result<Publication, Failure> {
    let mut text = String::from(
        "REFERAT Havneforum d. 03-02-2031\n\nMødedato Mandag d. 3. februar 2031 kl. 08:30\n\nMødested Broen\n\n\
         Mødedeltagere Agnete Strandgaard (Havnechef), Bo Skov (Lods)\n\n",
    );
    let paragraph =
        "Moler og kajer efterses hvert år, og eftersynet viser, hvor der skal sættes ind først. ".repeat(6);
    for item in 1..=items {
        text += &format!(
            "Punkt {item}: Beslutning om eftersyn af kaj {item}\n\n00.01.00-A00-{item}-31\n\nIndstilling\n\nHavnechefen \
             indstiller,\n\n1. at kaj {item} efterses\n2. at udgiften afholdes inden for rammen\n\nSagsfremstilling\n\n\
             (10 min.)\n\n"
        );
        for _ in 0..7 {
            text += &format!("{paragraph}\n\n");
        }
        for row in 0..14 {
            text += &format!("Kaj {row}\tEftersyn og mindre reparationer\t{}.000 kr.\n", row * 37);
        }
        text += "\nØkonomi\n\nIntet at bemærke.\n\nBeslutning\n\nGodkendt.\n\n";
    }
    Ok(import::parse(&text).publication().ok_or("the made-up agenda names no date")?)
}
