//! The commands of the operating system, and what earlier runs left behind.

use crate::Skip;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Says what is missing here.
pub(crate) fn require() -> Result<(), Skip> {
    for device in ["/dev/fuse", "/dev/loop-control"] {
        let opened = fs::File::options().read(true).write(true).open(device);
        opened.map_err(|error| Skip(format!("{device}: {error}")))?;
    }
    for (program, argument) in [("mkfs.ext4", "-V"), ("mount", "-V"), ("umount", "-V")] {
        run(program, &[argument]).map_err(|error| Skip(error.to_string()))?;
    }
    Ok(())
}

/// Small and complete at once: nothing is initialised later, in the background.
pub(crate) fn make_ext4(image: &Path) -> io::Result<()> {
    let options = "nodiscard,lazy_itable_init=0,lazy_journal_init=0";
    let fixed = ["-q", "-F", "-b", "4096", "-N", "256", "-J", "size=8", "-E", options];
    let arguments: Vec<&Path> = fixed.iter().map(Path::new).chain([image]).collect();
    run("mkfs.ext4", &arguments)
}

pub(crate) fn mount(image: &Path, at: &Path) -> io::Result<()> {
    run("mount", &[Path::new("-t"), Path::new("ext4"), Path::new("-o"), Path::new("loop"), image, at])
}

/// Unmounts if it is mounted; when someone still uses it, as soon as they stop.
pub(crate) fn unmount(at: &Path) {
    if !mounts().iter().any(|mounted| mounted == at) || run("umount", &[at]).is_ok() {
        return;
    }
    if let Err(error) = run("umount", &[Path::new("-l"), at]) {
        eprintln!("{error}");
    }
}

/// Removes a file, or a directory in which nothing is mounted any more.
pub(crate) fn remove(path: &Path) {
    if mounts().iter().any(|mounted| mounted.starts_with(path)) {
        eprintln!("{} is still in use", path.display());
        return;
    }
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    if let Err(error) = removed.or_else(|e| if e.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(e) })
    {
        eprintln!("{}: {error}", path.display());
    }
}

/// Clears away the rigs of processes that are gone: `<base>/<prefix><process>-<number>`.
pub(crate) fn clear_leftovers(base: &str, prefix: &str) {
    let Ok(entries) = fs::read_dir(base) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process =
            name.strip_prefix(prefix).and_then(|rest| rest.split_once('-')).map(|(process, _)| process);
        let Some(process) = process.and_then(|process| process.parse::<u32>().ok()) else { continue };
        if Path::new("/proc").join(process.to_string()).exists() {
            continue;
        }
        let mounted = mounts();
        mounted.iter().rev().filter(|at| at.starts_with(entry.path())).for_each(|at| unmount(at));
        remove(&entry.path());
    }
}

/// All mount points, in the order in which they were mounted.
fn mounts() -> Vec<PathBuf> {
    let table = fs::read_to_string("/proc/mounts").unwrap_or_default();
    table.lines().filter_map(|line| line.split(' ').nth(1)).map(PathBuf::from).collect()
}

fn run<A: AsRef<Path>>(program: &str, arguments: &[A]) -> io::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments.iter().map(AsRef::as_ref)).stdin(Stdio::null());
    let output = command.output().map_err(|error| io::Error::other(format!("{program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(format!("{program}: {text}")))
}
