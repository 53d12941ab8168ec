//! Two auditors who were shown two histories, both signed with the right key: found as soon as they compare
//! what they were given.

#![allow(clippy::unwrap_used, reason = "a test")]

use proof::{
    chain,
    checkpoint::{Checkpoint, SignedCheckpoint, origin},
    note::Signer,
    tree::Tree,
};
use verifier::{Case, Evidence, Standing, Words};

fn signer() -> Signer {
    Signer::new("by", &[1; 32]).unwrap()
}

/// A log of so many commits; from `differs` on they are others.
fn tree(size: u64, differs: u64) -> Tree {
    let mut tree = Tree::default();
    (1..=size).for_each(|n| tree.push(chain::leaf(&[n.to_be_bytes(), [u8::from(n >= differs); 8]].concat())));
    tree
}

fn checkpoint(tree: &Tree, size: u64) -> SignedCheckpoint {
    let (first, root) = (tree.commit(1).unwrap(), tree.root(size).unwrap());
    SignedCheckpoint::parse(&Checkpoint { origin: origin(first), size, root }.sign(&signer())).unwrap()
}

fn judged(checkpoints: &[&SignedCheckpoint], log: Option<&Tree>) -> Vec<(Standing, String)> {
    let mut case = Case::new(vec![signer().verifier()], Words { danish: false });
    for (name, checkpoint) in ["a", "b", "c", "d"].iter().zip(checkpoints) {
        case.add((*name).to_owned(), Evidence::Checkpoint((*checkpoint).clone()));
    }
    case.judge(log).into_iter().map(|line| (line.standing, format!("{}: {}", line.name, line.text))).collect()
}

fn worst(lines: &[(Standing, String)]) -> (Standing, String) {
    lines.iter().max_by_key(|(standing, _)| *standing).unwrap().clone()
}

#[test]
fn two_checkpoints_of_one_size_show_a_fork() {
    let (one, other) = (tree(50, 99), tree(50, 31));
    let fork = judged(&[&checkpoint(&one, 40), &checkpoint(&other, 40)], None);
    assert_eq!(
        worst(&fork),
        (
            Standing::Fails,
            "a, b: the log was shown in two forms: with 40 commits it has two different roots.".to_owned()
        )
    );
    assert_eq!(worst(&judged(&[&checkpoint(&one, 30), &checkpoint(&other, 30)], None)).0, Standing::Holds);
    let unsure = judged(&[&checkpoint(&one, 20), &checkpoint(&other, 40)], None);
    assert_eq!(worst(&unsure).0, Standing::Open, "sizes differ: the log is needed");
}

#[test]
fn with_a_log_the_change_lies_between_the_last_good_checkpoint_and_the_first_bad() {
    let (one, other) = (tree(50, 99), tree(50, 31));
    let kept: Vec<_> = [10, 25, 37, 48].map(|size| checkpoint(&one, size)).into();
    let all: Vec<&SignedCheckpoint> = kept.iter().collect();
    assert_eq!(worst(&judged(&all, Some(&one))).0, Standing::Holds);
    let lines = judged(&all, Some(&other));
    let failed: Vec<&str> =
        lines.iter().filter(|(it, _)| *it == Standing::Fails).map(|(_, text)| text.as_str()).collect();
    assert_eq!(failed.len(), 2);
    assert!(failed[0].ends_with("the first changed commit is one of 26 to 37."), "{failed:?}");
    let cut = judged(&all, Some(&tree(30, 99)));
    assert!(cut.iter().any(|(_, text)| text.contains("lost its end: positions 31 to 37")), "{cut:?}");
}
