//! A whole meeting with many clients, played from a seed: stock clients with their own
//! Automerge, a hostile one, a network that delays and drops, a log that fails and crashes,
//! commands that are sent again. `tests/seeds.rs` runs it; `check` says what must hold.
#![allow(clippy::unwrap_used, reason = "this package is a test")]

mod bring;
mod calls;
mod check;
mod commands;
mod edit;
mod frames;
mod hostile;
mod log;
mod random;
mod replica;
mod settle;
mod simulation;
mod steps;
mod words;

use simulation::Simulation;
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Plays one seed to its end. `Err` names the seed, the step and the steps before it.
pub fn run(seed: u64, steps: usize) -> Result<BTreeMap<&'static str, u64>, String> {
    let mut step = 0;
    let failed = |step: usize, plan: &str, why: &str| {
        let replay = format!("SIM_SEED={seed} cargo test -p simulation");
        format!("SIMULATION FAILED seed={seed} step={step}\n{plan}  {why}\nreplay: {replay}")
    };
    let mut simulation = Simulation::new(seed).map_err(|why| failed(0, "", &why))?;
    let played = catch_unwind(AssertUnwindSafe(|| play(&mut simulation, steps, &mut step)));
    let why = match played {
        Ok(Ok(())) => return Ok(simulation.counts),
        Ok(Err(why)) => why,
        Err(panic) => format!("a panic: {:?}", panic.downcast_ref::<String>()),
    };
    Err(failed(step, &simulation.trace(), &why))
}

fn play(simulation: &mut Simulation, steps: usize, step: &mut usize) -> Result<(), String> {
    steps::gather(simulation)?;
    while *step < steps {
        *step += 1;
        steps::step(simulation)?;
    }
    settle::settle(simulation)
}
