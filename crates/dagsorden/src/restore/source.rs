//! Where `dagsorden restore` reads a log: a file, the folder of a mirror or a backup, or what was fetched of a
//! mirror in an object store; and the checkpoints that lie beside it.

use proof::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    log::{LogCheck, hold},
};
use server::mirror::{self, SEGMENTS, Segment, chosen};
use std::{
    error::Error,
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

type Failure = Box<dyn Error + Send + Sync>;

/// The checkpoints of a mirror in an object store, one file each.
const CHECKPOINTS: &str = "checkpoints";

/// The lines of the log, the header first.
pub fn lines(from: &Path) -> Result<Box<dyn Iterator<Item = io::Result<String>>>, Failure> {
    let file = if from.is_dir() { from.join(mirror::LOG) } else { from.to_owned() };
    let segments = from.join(SEGMENTS);
    if file.exists() || !segments.is_dir() {
        return Ok(Box::new(BufReader::new(File::open(&file).map_err(|error| at(&file, &error))?).lines()));
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&segments)? {
        found.extend(entry?.file_name().to_str().and_then(Segment::named));
    }
    let found = chosen(found).map_err(|error| at(&segments, &error))?;
    // A file is opened when the one before it was read.
    let opened = move |segment: Segment| -> Box<dyn Iterator<Item = io::Result<String>>> {
        match File::open(segments.join(segment.name())) {
            Ok(file) => Box::new(BufReader::new(file).lines()),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    };
    Ok(Box::new(found.into_iter().flat_map(opened)))
}

/// The checkpoints that lie beside it: read before the log, which may grow meanwhile.
pub fn checkpoints(from: &Path) -> Result<Vec<(PathBuf, Checkpoint)>, Failure> {
    let one = from.join(mirror::CHECKPOINT);
    let mut paths: Vec<PathBuf> = one.is_file().then_some(one).into_iter().collect();
    let many = from.join(CHECKPOINTS);
    if many.is_dir() {
        for entry in fs::read_dir(many)? {
            paths.push(entry?.path());
        }
    }
    let read = |path: PathBuf| {
        let note = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
        let signed = SignedCheckpoint::parse(&note).map_err(|error| at(&path, &error))?;
        Ok((path, signed.checkpoint))
    };
    paths.into_iter().map(read).collect()
}

/// How many checkpoints what was read is the log of; an error if it is not that of one. Read only in part, it is
/// held against those that it reaches. Who signed them is for whoever has the key: see `dagsorden-verify`.
pub fn held(
    checkpoints: &[(PathBuf, Checkpoint)],
    check: &LogCheck,
    in_part: bool,
) -> Result<usize, Failure> {
    let size = check.tree().size();
    let reached = checkpoints.iter().filter(|(_, checkpoint)| !in_part || checkpoint.size <= size);
    let mut count = 0;
    for (path, checkpoint) in reached {
        hold(checkpoint, check.tree()).map_err(|why| at(path, &why))?;
        count += 1;
    }
    Ok(count)
}

fn at(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    format!("{}: {why}", path.display()).into()
}
