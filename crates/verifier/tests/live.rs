//! What a running service shows, against what somebody kept: each way in which the two may disagree, and where.

#![allow(clippy::unwrap_used, reason = "a test")]

use proof::{
    checkpoint::{Checkpoint, SignedCheckpoint, origin},
    cosignature::Cosigner,
    merkle,
    note::Signer,
    tree::Tree,
};
use verifier::{Case, Evidence, Live, Standing, Words};

fn signer() -> Signer {
    Signer::new("dagsorden", &[7; 32]).unwrap()
}

fn tree(size: u64, other_from: u64) -> Tree {
    let mut tree = Tree::default();
    let commit = |n: u64| merkle::leaf(&[&n.to_be_bytes()[..], &[u8::from(n > other_from)]].concat());
    (1..=size).for_each(|n| tree.push(commit(n)));
    tree
}

fn note(tree: &Tree, size: u64) -> String {
    let root = tree.root(size).unwrap();
    Checkpoint { origin: origin(tree.commit(1).unwrap()), size, root }.sign(&signer())
}

fn signed(note: &str) -> SignedCheckpoint {
    SignedCheckpoint::parse(note).unwrap()
}

/// What is said of older checkpoints of `mine` beside a service that shows `shown` at a size.
fn said(mine: &Tree, sizes: &[u64], shown: &Tree, now: u64, with_proofs: bool) -> Vec<(Standing, String)> {
    let mut case = Case::new(vec![signer().verifier()], Words { danish: false });
    for size in sizes {
        case.add(size.to_string(), Evidence::Checkpoint(signed(&note(mine, *size))));
    }
    let proofs = sizes.iter().filter(|size| **size < now && with_proofs);
    let proofs = proofs.map(|size| (*size, shown.consistency(*size, now).unwrap())).collect();
    let live = Live { name: "service".into(), checkpoint: signed(&note(shown, now)), proofs };
    let lines = case.live(Some(live)).judge(None);
    let about = lines.into_iter().filter(|line| line.text.starts_with("service "));
    about.map(|line| (line.standing, line.text)).collect()
}

#[test]
fn a_service_that_goes_on_or_stands_still_holds() {
    let log = tree(500, 999);
    for (standing, text) in said(&log, &[1, 200, 256, 500], &log, 500, true) {
        assert_eq!(standing, Standing::Holds, "{text}");
    }
}

#[test]
fn another_history_is_placed_between_what_still_holds_and_what_does_not() {
    let said = said(&tree(400, 999), &[100, 250, 300], &tree(500, 230), 500, true);
    assert_eq!(said[0].0, Standing::Holds);
    let told = "service shows another history: the first changed commit is one of 101 to 250.";
    assert_eq!(said[1], (Standing::Fails, told.into()));
    assert_eq!(said[2].0, Standing::Fails);
}

#[test]
fn a_shorter_log_a_fork_of_one_size_another_log_and_missing_tiles_fail() {
    let log = tree(400, 999);
    for (shown, now, proofs, told) in [
        (&log, 300, true, "shows only 300 commits, but here are 350"),
        (&tree(350, 200), 350, true, "another history"),
        (&tree(400, 0), 400, true, "another log"),
        (&log, 400, false, "its tiles are missing"),
    ] {
        let said = said(&log, &[350], shown, now, proofs);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].0 == Standing::Fails && said[0].1.contains(told), "{said:?}");
    }
}

#[test]
fn a_cosignature_is_told_and_a_missing_one_leaves_it_open() {
    let witness = Cosigner::new(Signer::new("vidne", &[5; 32]).unwrap());
    let plain = note(&tree(9, 99), 9);
    let line = witness.sign(signed(&plain).text(), 1_750_000_000);
    let judge = |note: &str| {
        let case = Case::new(vec![signer().verifier()], Words { danish: true });
        let mut case = case.witnessed_by(vec![witness.key()]);
        case.add("k".into(), Evidence::Checkpoint(signed(note)));
        let last = case.judge(None).pop().unwrap();
        (last.standing, last.text)
    };
    let (standing, text) = judge(&format!("{plain}{line}\n"));
    assert!(
        standing == Standing::Holds && text.starts_with("bevidnet af vidne den 2025-06-15 15:06:40 UTC"),
        "{text}"
    );
    assert_eq!(judge(&plain).0, Standing::Open);
    let moved = line.replace("vidne", "andet");
    assert_eq!(judge(&format!("{plain}{moved}\n")).0, Standing::Open);
}
