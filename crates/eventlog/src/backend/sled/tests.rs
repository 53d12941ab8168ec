//! The sled backend: the conformance suite, a disk that fails, and damaged files.

use super::*;
use crate::conformance::{Harness, run};

struct InDirectory(tempfile::TempDir);

impl Harness for InDirectory {
    type Log = SledLog;
    fn open(&mut self) -> SledLog {
        SledLog::open(self.0.path()).unwrap()
    }
}

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn it_keeps_the_promises() {
    run(|| InDirectory(directory())).await;
}
