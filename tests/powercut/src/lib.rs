//! A power cut, without pulling a plug: a FUSE file system shows one image file; a loop device
//! and ext4 lie on it; it knows which writes the device was told to flush and which were still
//! in its cache. A cut writes out the image as the disk could have been at that moment. The
//! copy is mounted, and what had been acknowledged must be in it.
//!
//! `kill -9` does not test durability: the page cache survives it. This does.
//!
//! It models loss of whole 4 KiB blocks, not torn sectors.

pub mod disk;
mod image;
mod system;
pub mod workload;

use disk::{Disk, Mode};
use fuser::{BackgroundSession, Config, MountOption};
use std::fs::{self, File};
use std::io;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The size of the disk, in bytes. Only blocks that were written take memory.
const DISK_BYTES: u64 = 256 << 20;

/// A process that writes flushes sooner than this.
const FLUSH_TIME: Duration = Duration::from_secs(2);

/// Where rigs keep their files: in memory.
const BASE: &str = "/dev/shm";
const PREFIX: &str = "powercut-";

/// Why there can be no power cut on this machine.
#[derive(Debug)]
pub struct Skip(pub String);

impl Skip {
    /// A line that nobody overlooks, past the test harness, which keeps what passing tests
    /// print; and one in the file that `make test` counts its skipped tests by.
    pub fn announce(&self) {
        let line = format!("POWER-CUT TEST SKIPPED: {}\n", self.0);
        let told = std::io::stderr().write_all(line.as_bytes());
        let counted = std::env::var_os("DAGSORDEN_SKIPPED").map_or(Ok(()), |path| {
            let file = std::fs::File::options().create(true).append(true).open(path);
            file.and_then(|mut file| file.write_all(line.as_bytes()))
        });
        if let Err(error) = told.and(counted) {
            eprintln!("{line}and this could not be told: {error}");
        }
    }
}

/// A disk that can lose power, with an empty ext4 mounted. Cleans up when dropped; stop the
/// processes that use it first.
pub struct Rig {
    dir: PathBuf,
    disk: Arc<Mutex<Disk>>,
    session: Option<BackgroundSession>,
    seed: u64,
    cuts: u32,
}

/// The disk as it was left by a cut. Cleans up when dropped.
pub struct CutImage {
    image: PathBuf,
    mount: PathBuf,
    /// Blocks that had been written and not flushed, and those of them that were lost.
    pub unsynced: usize,
    pub lost: usize,
}

impl Rig {
    /// Sets up a disk; the seed decides what random cuts lose.
    pub fn new(seed: u64) -> Result<Self, Skip> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        system::require()?;
        system::clear_leftovers(BASE, PREFIX);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = Path::new(BASE).join(format!("{PREFIX}{}-{number}", std::process::id()));
        let disk = Arc::new(Mutex::new(Disk::new(DISK_BYTES)));
        let mut rig = Self { dir, disk, session: None, seed, cuts: 0 };
        rig.set_up().map_err(|error| Skip(error.to_string()))?;
        Ok(rig)
    }

    fn set_up(&mut self) -> io::Result<()> {
        let device = self.dir.join("device");
        fs::create_dir_all(&device)?;
        fs::create_dir_all(self.mount_path())?;
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("powercut".into()), MountOption::RW];
        self.session = Some(fuser::spawn_mount(image::Image::new(self.disk.clone()), &device, &config)?);
        let image = device.join(image::NAME);
        system::make_ext4(&image)?;
        system::mount(&image, &self.mount_path())
    }

    /// An empty directory on the disk.
    pub fn mount_path(&self) -> PathBuf {
        self.dir.join("mount")
    }

    /// The disk as it would be if the power went now. The rig itself goes on.
    pub fn cut(&mut self, mode: Mode) -> io::Result<CutImage> {
        self.cuts += 1;
        let image = self.dir.join(format!("cut-{}.img", self.cuts));
        let mut file = File::create(&image)?;
        if mode == Mode::AtFlush {
            self.await_flush();
        }
        let disk = self.disk.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = disk.cut(mode, self.seed.wrapping_add(u64::from(self.cuts)), &mut file)?;
        let mount = self.dir.join(format!("cut-{}", self.cuts));
        Ok(CutImage { image, mount, unsynced: disk.unsynced(), lost })
    }

    /// Where nothing is flushed in that time, the cut loses what is not flushed.
    fn await_flush(&self) {
        let disk = || self.disk.lock().unwrap_or_else(PoisonError::into_inner);
        disk().keep_next_flush();
        let until = Instant::now() + FLUSH_TIME;
        while !disk().has_kept() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        system::unmount(&self.mount_path());
        if let Some(Err(error)) = self.session.take().map(BackgroundSession::umount_and_join) {
            eprintln!("the power-cut rig does not unmount: {error}");
        }
        system::remove(&self.dir);
    }
}

impl CutImage {
    /// Mounts the image, as a machine does when its power is back.
    pub fn mount(&self) -> io::Result<&Path> {
        fs::create_dir_all(&self.mount)?;
        system::mount(&self.image, &self.mount)?;
        Ok(&self.mount)
    }
}

impl Drop for CutImage {
    fn drop(&mut self) {
        system::unmount(&self.mount);
        system::remove(&self.mount);
        system::remove(&self.image);
    }
}
