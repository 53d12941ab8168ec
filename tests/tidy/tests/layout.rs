//! What a stranger relies on to find their way: files say what they are for, stay small, and
//! ARCHITECTURE.md names every one of them that matters.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lines of the longest file; longer ones are listed with their reason.
const MAX_LINES: usize = 500;
const LONG: [(&str, &str); 1] =
    [("crates/eventlog/src/backend/sled/tests.rs", "all the ways to tamper with one store")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files below a folder with one of the endings, as paths from the root.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                if !["target", "node_modules", "dist", "report", "fixtures", "snapshots", "golden"]
                    .contains(&name.as_str())
                {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

fn rust() -> Vec<(String, String)> {
    [files("crates", &[".rs"]), files("tests", &[".rs"])].concat()
}

fn web() -> Vec<(String, String)> {
    let all = files("web/src", &[".ts", ".svelte"]);
    all.into_iter().filter(|(name, _)| !name.ends_with("schema.d.ts")).collect()
}

#[test]
fn every_file_says_what_it_is_for() {
    for (name, text) in rust() {
        assert!(text.starts_with("//!"), "{name} must open with what it is for");
    }
    for (name, text) in web() {
        let opens = text.trim_start();
        let told = ["//", "/*", "<!--", "/// <reference"].iter().any(|mark| opens.starts_with(mark));
        assert!(told, "{name} must open with what it is for");
    }
}

#[test]
fn files_stay_small() {
    for (name, text) in [rust(), web()].concat() {
        let lines = text.lines().count();
        let excused = LONG.iter().any(|(long, _)| *long == name);
        assert!(lines <= MAX_LINES || excused, "{name} has {lines} lines; split it");
    }
}

#[test]
fn architecture_names_every_crate_and_module() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (name, _) in files("crates", &[".rs"]) {
        let parts: Vec<&str> = name.split('/').collect();
        // crates/<crate>/src/<module>…: top-level modules only.
        if let ["crates", krate, "src", module, ..] = parts.as_slice() {
            let module = module.trim_end_matches(".rs");
            if !["lib", "main", "tests"].contains(&module) {
                assert!(
                    architecture.contains(&format!("`{module}`")),
                    "ARCHITECTURE.md does not name {module} of {krate}"
                );
            }
        }
    }
    for entry in fs::read_dir(root().join("tests")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            architecture.contains(&format!("tests/{name}")),
            "ARCHITECTURE.md does not name tests/{name}"
        );
    }
}

#[test]
fn architecture_names_only_what_is_there() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for word in architecture.split(['`', '(', ')', ' ', '\n', ',']) {
        let is_path = ["crates/", "tests/", "web/", "deploy/"].iter().any(|top| word.starts_with(top));
        if is_path {
            let path = word.trim_end_matches(['.', ':', ';', '/']);
            assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}, which is not there");
        }
    }
}

#[test]
fn nothing_is_left_undone_in_silence() {
    for (name, text) in [rust(), web()].concat() {
        if name.ends_with("tidy/tests/layout.rs") {
            continue;
        }
        for mark in ["TODO", "FIXME", "XXX", "@ts-ignore", "{@html", "#[ignore"] {
            assert!(!text.contains(mark), "{name} contains {mark}");
        }
    }
}

#[test]
fn the_interface_description_is_current() {
    let described = server::api::description().to_pretty_json().unwrap();
    let kept = fs::read_to_string(root().join("web/openapi.json")).unwrap();
    assert_eq!(
        kept.trim(),
        described.trim(),
        "web/openapi.json is not what the server describes: run make api"
    );
}
