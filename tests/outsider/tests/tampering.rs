//! What an auditor with files and a key alone finds out: the small verifier on what the real program gave.
//! Every way to change the record that we could think of, and each names where.

#![allow(clippy::unwrap_used, reason = "a test")]

use outsider::{Town, run, said, text, verify};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// What an auditor has.
struct Desk {
    _folder: TempDir,
    key: String,
    log: PathBuf,
    early: PathBuf,
    late: PathBuf,
    receipt: PathBuf,
    freeze: PathBuf,
    pdf: PathBuf,
    /// The commits that the early checkpoint covers, and the late one.
    covered: (u64, u64),
}

async fn desk() -> Desk {
    let mut town = Town::start().await.unwrap();
    town.work(30).await.unwrap();
    town.freeze().await.unwrap();
    let (early, covered_early) = town.checkpoint_after(30).await.unwrap();
    town.publish().await.unwrap();
    let receipt = town.receipt().await.unwrap();
    let freeze =
        town.until_there(&format!("/api/meetings/{}/freezes/1/receipt", town.meeting)).await.unwrap();
    let pdf = town.until_there(&format!("/dagsorden/{}/1/dagsorden.pdf", town.meeting)).await.unwrap();
    let (late, covered_late) = town.checkpoint_after(covered_early + 3).await.unwrap();
    let key = town.key().await.unwrap();
    let (folder, log) = town.export().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let (early, late) = (write("early.txt", early.as_bytes()), write("late.txt", late.as_bytes()));
    let (receipt, freeze, pdf) =
        (write("kvittering.json", &receipt), write("laasning.json", &freeze), write("dagsorden.pdf", &pdf));
    let covered = (covered_early, covered_late);
    Desk { key, log, early, late, receipt, freeze, pdf, covered, _folder: folder }
}

impl Desk {
    fn path(&self, name: &str) -> PathBuf {
        self.log.with_file_name(name)
    }

    fn holds(&self, files: &[&Path]) -> String {
        let (good, said) = verify(&self.key, files).unwrap();
        assert!(good, "{said}");
        said
    }

    fn fails(&self, files: &[&Path], why: &str) {
        let (good, said) = verify(&self.key, files).unwrap();
        assert!(!good && said.contains(why), "expected {why:?}, but:\n{said}");
    }

    /// A copy of the log with other lines.
    fn altered(&self, name: &str, change: impl FnOnce(&mut Vec<Value>)) -> PathBuf {
        let text = fs::read_to_string(&self.log).unwrap();
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        change(&mut lines);
        let path = self.path(name);
        // Fields in the order of the format, since its first line is told by its first field.
        let line = |line: &Value| match line["position"].as_u64() {
            None => text.lines().next().unwrap().to_owned(),
            Some(position) => format!(
                "{{\"position\":{position},\"hash\":{},\"chain\":{},\"commit\":{}}}",
                line["hash"], line["chain"], line["commit"]
            ),
        };
        fs::write(&path, lines.iter().map(|one| line(one) + "\n").collect::<String>()).unwrap();
        path
    }
}

/// Hash and chain of every line computed anew, and the positions: what somebody does who knows the format.
fn recompute(lines: &mut [Value]) {
    let mut chain = [0; 32];
    for (position, line) in lines.iter_mut().enumerate().skip(1) {
        let bytes = outsider::unbase64(line["commit"].as_str().unwrap());
        let hash = outsider::sha256(&[&[0], &bytes[..]]);
        chain = outsider::sha256(&[&[1], &chain, &hash]);
        *line = json!({ "position": position, "hash": outsider::hex(&hash), "chain": outsider::hex(&chain),
            "commit": line["commit"] });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sound_holds_and_every_tampering_is_named() {
    let desk = desk().await;
    let all =
        [&desk.log, &desk.early, &desk.late, &desk.receipt, &desk.freeze, &desk.pdf].map(PathBuf::as_path);
    let said = desk.holds(&all);
    for told in
        ["is whole", "unchanged: dagsorden.pdf of edition 1", "frozen in round 1", "Dagsordenen udsendes"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
    let said = desk.holds(&[&desk.receipt, &desk.pdf]);
    assert!(said.contains("unchanged: dagsorden.pdf") && said.contains("its words are not shown"), "{said}");
    let (good, said) = verify("", &[&desk.receipt]).unwrap();
    assert!(!good && said.contains("Give the key you trust"), "{said}");

    a_change_in_place(&desk);
    removed_cut_and_swapped(&desk);
    rewritten(&desk);
    two_histories(&desk, &self::desk().await);
    files(&desk);
}

fn commits(desk: &Desk) -> usize {
    fs::read_to_string(&desk.log).unwrap().lines().count() - 1
}

fn a_change_in_place(desk: &Desk) {
    let count = commits(desk);
    // One changed byte in any commit, and in its hash.
    for position in (1..=count).step_by(7).chain([count]) {
        let flipped = desk.altered("flipped.jsonl", |lines| {
            let commit = lines[position]["commit"].as_str().unwrap().to_owned();
            let at = commit.len() / 2;
            let new = if commit.as_bytes()[at] == b'A' { "B" } else { "A" };
            lines[position]["commit"] = format!("{}{new}{}", &commit[..at], &commit[at + 1..]).into();
        });
        desk.fails(&[&flipped], &format!("Position {position}: the bytes are not those of its hash"));
    }
    let link = desk.altered("chain.jsonl", |lines| lines[9]["chain"] = lines[8]["chain"].clone());
    desk.fails(&[&link], "Position 9: the chain does not go on");
}

fn removed_cut_and_swapped(desk: &Desk) {
    let (early, late) = desk.covered;
    // A commit taken out.
    let removed = desk.altered("removed.jsonl", |lines| drop(lines.remove(12)));
    desk.fails(&[&removed], "Position 12: here stands position 13");
    // The same by somebody who computes everything anew.
    let removed = desk.altered("removed.jsonl", |lines| {
        lines.remove(12);
        recompute(lines);
    });
    desk.fails(&[&removed], "Position 12: it should be number");

    // The end cut off; only what was kept elsewhere shows it.
    let cut = desk.altered("cut.jsonl", |lines| lines.truncate(early as usize + 1));
    desk.holds(&[&cut]);
    desk.fails(&[&cut, &desk.late], &format!("the log has lost its end: positions {} to {late}", early + 1));

    // Two commits swapped, plainly, and by somebody who computes everything anew.
    let swapped = desk.altered("swapped.jsonl", |lines| lines.swap(14, 15));
    desk.fails(&[&swapped], "Position 14: here stands position 15");
    let swapped = desk.altered("swapped.jsonl", |lines| {
        lines.swap(14, 15);
        recompute(lines);
    });
    desk.fails(&[&swapped], "Position 14: it should be number");
}

fn rewritten(desk: &Desk) {
    // A commit rewritten with all its hashes: its successor in the stream no longer fits.
    let mut at = 0;
    let rewritten = desk.altered("rewritten.jsonl", |lines| {
        let bytes = |line: &Value| outsider::unbase64(line["commit"].as_str().unwrap());
        let says = |line: &Value| bytes(line).windows(9).any(|window| window == b"lokale 17");
        at = (1..lines.len()).find(|at| says(&lines[*at])).unwrap();
        let changed = outsider::replaced(&bytes(&lines[at]), b"lokale 17", b"lokale 18");
        lines[at]["commit"] = outsider::base64(&changed).into();
        recompute(lines);
    });
    desk.fails(&[&rewritten], &format!("than position {at}: one of the two was changed"));
    // The last commit has no successor; the checkpoint that covers it knows.
    let forged = desk.altered("forged.jsonl", |lines| {
        let at = lines.len() - 1;
        lines[at]["commit"] = lines[1]["commit"].clone();
        recompute(lines);
    });
    desk.fails(&[&forged, &desk.late], &format!("Position {}: ", commits(desk)));
}

/// Shown to two auditors.
fn two_histories(desk: &Desk, other: &Desk) {
    let mut at = 0;
    let fork = desk.altered("fork.jsonl", |lines| {
        let bytes = |line: &Value| outsider::unbase64(line["commit"].as_str().unwrap());
        let frozen = |line: &Value| bytes(line).windows(8).any(|window| window == b"udsendes");
        at = (1..lines.len()).find(|at| frozen(&lines[*at])).unwrap();
        lines.truncate(at + 1);
        lines[at]["commit"] =
            outsider::base64(&outsider::replaced(&bytes(&lines[at]), b"udsendes", b"ombestem")).into();
        recompute(lines);
    });
    desk.holds(&[&fork]);
    desk.fails(&[&desk.log, &fork], &format!("two different histories: position {at} is the first"));
    desk.fails(
        &[&fork, &desk.freeze],
        &format!("position {at} of the log is not the commit that was receipted"),
    );
    desk.fails(&[&desk.log, &other.receipt], "none of the keys given signed the checkpoint");
}

fn files(desk: &Desk) {
    let mut pdf = fs::read(&desk.pdf).unwrap();
    let at = pdf.len() / 3;
    pdf[at] ^= 1;
    let altered = desk.path("altered.pdf");
    fs::write(&altered, pdf).unwrap();
    desk.fails(&[&altered, &desk.receipt], "not among the files that are signed for");
    let receipt = fs::read_to_string(&desk.receipt).unwrap();
    let lied = desk.path("lied.json");
    fs::write(&lied, receipt.replace("\"edition\":1", "\"edition\":2")).unwrap();
    desk.fails(&[&lied], "what it says is not what the bytes say");
}

/// The whole history made anew, every commit and checkpoint, under a key of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rewritten_history_is_found_by_whoever_kept_a_key_or_a_checkpoint() {
    let desk = desk().await;
    let new_key = {
        let other = self::desk().await;
        desk.fails(&[&other.log], "no known key signed it");
        // Whoever trusts the new key still has the old checkpoint.
        let (good, said) = verify(&other.key, &[&other.log]).unwrap();
        assert!(good, "{said}");
        let keys = desk.path("keys.txt");
        fs::write(&keys, format!("{}\n{}\n", desk.key, other.key)).unwrap();
        let (good, said) = verify(text(&keys), &[&other.log, &desk.early, &desk.late]).unwrap();
        let from = format!("the first changed commit is one of 1 to {}", desk.covered.0);
        assert!(!good && said.contains(&from), "{said}");
        other.key
    };
    assert_ne!(new_key, desk.key);
}

/// Out into a file, in again: the same proofs, and the service's own check says so too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_log_has_the_same_proofs() {
    let desk = desk().await;
    let program = client::program_path();
    let (new, again, old) = (desk.path("new"), desk.path("again.jsonl"), desk.path("data"));
    let restored =
        run(&program, &["restore", "--keys", text(&old), "--from", text(&desk.log), "--data", text(&new)])
            .unwrap();
    assert!(restored.status.success(), "{}", said(&restored));
    let exported = run(&program, &["export", "--data", text(&new), "--out", text(&again)]).unwrap();
    assert!(exported.status.success(), "{}", said(&exported));
    assert!(fs::read(&desk.log).unwrap() == fs::read(&again).unwrap(), "every byte is the same");
    let evidence = [&desk.early, &desk.late, &desk.receipt, &desk.freeze].map(|path| text(path));
    let arguments =
        [&["verify", "--lang", "en", "--key", &desk.key, "--data", text(&new)][..], &evidence].concat();
    let verified = run(&program, &arguments).unwrap();
    let told = said(&verified);
    assert!(verified.status.success() && told.contains("stand in the log as they were receipted"), "{told}");

    // Only so far; not over another log; not from a log that does not hold.
    let (until, point) = (desk.covered.0.to_string(), desk.path("point"));
    let part = run(
        &program,
        &[
            "restore",
            "--keys",
            text(&old),
            "--from",
            text(&desk.log),
            "--data",
            text(&point),
            "--until",
            &until,
        ],
    );
    assert!(said(&part.unwrap()).contains(&format!("{until} poster")));
    let twice =
        run(&program, &["restore", "--keys", text(&old), "--from", text(&desk.log), "--data", text(&new)])
            .unwrap();
    assert!(!twice.status.success() && said(&twice).contains("vælg en ny mappe"), "{}", said(&twice));
    let (bad, nothing) = (desk.altered("bad.jsonl", |lines| lines.swap(5, 6)), desk.path("nothing"));
    let refused =
        run(&program, &["restore", "--keys", text(&old), "--from", text(&bad), "--data", text(&nothing)])
            .unwrap();
    assert!(!refused.status.success() && said(&refused).contains("position 5"), "{}", said(&refused));
    assert!(!nothing.join("log").exists(), "nothing is left of it");
}
