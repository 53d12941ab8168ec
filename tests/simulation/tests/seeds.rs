//! Runs the simulation. `SIM_SEED=7 cargo test -p simulation` plays one seed,
//! `SIM_RUNS=1000` plays more.

use std::collections::BTreeMap;

const RUNS: u64 = 200;
const STEPS: usize = 1_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whole_meetings_hold_together() {
    let seeds = match number("SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIM_RUNS").unwrap_or(RUNS),
    };
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in seeds.clone() {
        let counts = simulation::run(seed, STEPS).unwrap_or_else(|failure| panic!("{failure}"));
        counts.into_iter().for_each(|(what, n)| *totals.entry(what).or_default() += n);
    }
    println!("{} seeds of {STEPS} steps: {totals:#?}", seeds.clone().count());
    if seeds.count() as u64 >= RUNS {
        let must_happen = [
            "freeze notices",
            "thaw notices",
            "refusal notices",
            "presence frames out",
            "log fails",
            "suggestions accepted",
            "suggestions rejected",
            "refused words handed over",
            "corrections opened",
            "editions given up",
            "supplements published",
            "minutes published",
            "texts brought from elsewhere",
            "items come elsewhere",
            "items moved away",
            "items erased",
        ];
        for what in must_happen {
            assert!(totals.contains_key(what), "no {what}: the simulation shows nothing about it");
        }
    }
}
