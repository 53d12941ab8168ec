//! Lines of the access log on their way to the disk. Blocks on it.

use super::{Lookup, read};
use agenda::event::Timestamp;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

pub(super) struct Disk {
    folder: PathBuf,
    /// The month that was written last, and its file.
    open: Option<(String, File)>,
}

impl Disk {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, open: None }
    }

    /// Adds these lines; all are on the disk when it returns well. When it does not, some may be.
    pub fn write<'a>(&mut self, lines: impl IntoIterator<Item = &'a Lookup>) -> io::Result<()> {
        let written = self.add(lines);
        if written.is_err() {
            // Half a line may stand there: the file is opened anew, which ends it.
            self.open = None;
        }
        written
    }

    fn add<'a>(&mut self, lines: impl IntoIterator<Item = &'a Lookup>) -> io::Result<()> {
        for line in lines {
            let text = format!("{}\n", serde_json::to_string(line)?);
            self.file(month_of(line.at))?.write_all(text.as_bytes())?;
        }
        self.sync()
    }

    /// The file of a month. The one before it is left synced.
    fn file(&mut self, month: String) -> io::Result<&mut File> {
        if self.open.as_ref().is_none_or(|(known, _)| *known != month) {
            self.sync()?;
            self.open = None;
        }
        let (_, file) = match self.open.take() {
            Some(known) => self.open.insert(known),
            None => {
                let file = open_file(&self.folder, &month)?;
                self.open.insert((month, file))
            }
        };
        Ok(file)
    }

    fn sync(&self) -> io::Result<()> {
        self.open.as_ref().map_or(Ok(()), |(_, file)| file.sync_data())
    }
}

/// "2026-11", in UTC.
fn month_of(at: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    time.strftime("%Y-%m").to_string()
}

/// Opens a month's file so that its name survives a power cut too. A line that a crash cut off is
/// ended, so that the next one stands alone.
fn open_file(folder: &Path, month: &str) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{month}.{}", read::EXTENSION));
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    for holder in [Some(folder), folder.parent()].into_iter().flatten() {
        File::open(holder)?.sync_all()?;
    }
    Ok(file)
}
