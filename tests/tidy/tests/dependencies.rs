//! Which crate may know which, and under which licences: read from `cargo metadata`.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The normal (not dev or build) dependencies of the workspace's crates, by name.
fn direct_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let own = packages.filter(|package| package["source"].is_null());
    own.map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let normal = dependencies.filter(|dependency| dependency["kind"].is_null());
        let names = normal.map(|dependency| dependency["name"].as_str().unwrap().to_owned());
        (package["name"].as_str().unwrap().to_owned(), names.collect())
    })
    .collect()
}

#[test]
fn dependencies_point_one_way() {
    let own =
        ["agenda", "attachment", "eventlog", "import", "proof", "publish", "server", "dagsorden", "verifier"];
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("proof", &[][..]),
        ("verifier", &["proof"][..]),
        ("agenda", &["proof"][..]),
        ("eventlog", &["agenda", "proof"][..]),
        ("import", &["agenda"][..]),
        ("publish", &["agenda", "attachment"][..]),
        ("attachment", &["agenda"][..]),
        ("server", &["agenda", "attachment", "eventlog", "import", "proof", "publish"][..]),
        ("dagsorden", &["agenda", "eventlog", "import", "proof", "publish", "server", "verifier"][..]),
    ]);
    for (name, dependencies) in direct_dependencies() {
        let Some(allowed) = allowed.get(name.as_str()) else { continue };
        let known = dependencies.iter().filter(|dependency| own.contains(&dependency.as_str()));
        for dependency in known {
            assert!(allowed.contains(&dependency.as_str()), "{name} must not depend on {dependency}");
        }
    }
}

/// The pure crates: nothing in them may reach the clock, chance, the disk or the network.
#[test]
fn the_core_has_no_world() {
    const WORLD: [&str; 13] = [
        "tokio",
        "axum",
        "sled",
        "rand",
        "getrandom",
        "reqwest",
        "hyper",
        "chrono",
        "time",
        "uuid",
        "tracing",
        "async-std",
        "jsonwebtoken",
    ];
    let all = direct_dependencies();
    for name in ["agenda", "attachment", "import", "proof", "publish"] {
        for dependency in &all[name] {
            assert!(
                !WORLD.contains(&dependency.as_str()),
                "{name} is pure and must not depend on {dependency}"
            );
        }
        let bans = std::fs::read_to_string(root().join(format!("crates/{name}/clippy.toml"))).unwrap();
        for banned in [
            "std::time::SystemTime::now",
            "std::time::Instant::now",
            "std::fs::File::open",
            "std::thread::spawn",
        ] {
            assert!(bans.contains(banned), "crates/{name}/clippy.toml must ban {banned}");
        }
    }
}

#[test]
fn licences_are_allowed() {
    let deny: toml::Table = std::fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap();
    let list = deny["licenses"]["allow"].as_array().unwrap().iter();
    let allowed: BTreeSet<&str> = list.map(|licence| licence.as_str().unwrap()).collect();
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or("none"));
        let satisfied = licence.replace('/', " OR ").split(" OR ").any(|alternative| {
            let parts = alternative.split(" AND ");
            parts
                .map(|part| part.trim_matches(|c: char| "() ".contains(c)))
                .all(|part| allowed.contains(part))
        });
        // "(MIT OR Apache-2.0) AND Unicode-3.0" and the like: every word must be allowed.
        let words = licence
            .split(|c: char| "()/ ".contains(c))
            .filter(|w| !w.is_empty() && !["OR", "AND", "WITH"].contains(w));
        let all = words.into_iter().all(|word| allowed.contains(word));
        assert!(satisfied || all, "{name} is licensed {licence}, which deny.toml does not allow");
    }
}
