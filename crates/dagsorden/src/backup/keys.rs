//! The keys, copied to a place of their own: never beside the log, since with both one can sign in the service's
//! name and read what was erased elsewhere.

use super::Failure;
use agenda::language::Language;
use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// The folders of keys in the data folder.
const FOLDERS: [&str; 2] = ["keys", "item-keys"];
/// The ending of a copy that is being written.
const UNFINISHED: &str = ".unfinished";

/// Refuses a place for the keys that is that of the backup, or in it, or around it.
pub fn apart(keys: &Path, backup: &Path, language: Language) -> Result<(), Failure> {
    fs::create_dir_all(backup)?;
    DirBuilder::new().recursive(true).mode(0o700).create(keys)?;
    let (keys, backup) = (keys.canonicalize()?, backup.canonicalize()?);
    if !keys.starts_with(&backup) && !backup.starts_with(&keys) {
        return Ok(());
    }
    Err(language
        .pick(
            "nøglerne skal ligge et andet sted end kopien af loggen: vælg en anden mappe til --keys-to",
            "the keys must lie apart from the copy of the log: choose another folder for --keys-to",
        )
        .into())
}

/// Copies every key file that is new or changed; what was done, in words. What is gone from the data folder (an
/// erased text's key) is named and not removed: that is for a person to decide.
pub fn copy_keys(data: &Path, to: &Path, language: Language) -> Result<String, Failure> {
    let (mut count, mut gone) = (0, Vec::new());
    for folder in FOLDERS.iter().filter(|folder| data.join(folder).is_dir()) {
        let (from, to) = (data.join(folder), to.join(folder));
        let names = files(&from)?;
        for name in &names {
            copy(&from.join(name), &to.join(name))?;
        }
        count += names.len();
        gone.extend(files(&to)?.into_iter().filter(|name| !names.contains(name)).map(|name| to.join(name)));
    }
    let to = to.display();
    let mut told = language.pick(
        format!("{to}: {count} nøglefiler. Ikke med: secret.key og adgangsloggen (access)."),
        format!("{to}: {count} key files. Not in it: secret.key and the access log (access)."),
    );
    for path in gone {
        let path = path.display();
        told += &language.pick(
            format!("\n{path} findes ikke længere i datamappen. Er nøglen slettet med vilje, så slet også kopien."),
            format!("\n{path} is no longer in the data folder. If the key was erased on purpose, erase this copy too."),
        );
    }
    Ok(told)
}

/// The files below a folder, as paths from it.
fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                found.push(path.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The whole file or the one before, never a part; readable by whom the original is.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let bytes = fs::read(from)?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let folder = to.parent().ok_or_else(|| io::Error::other("a file needs a folder"))?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(UNFINISHED);
    fs::copy(from, &unfinished)?;
    File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, to)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn keys_are_copied_apart_and_what_is_gone_is_named() {
        let place = tempfile::tempdir().unwrap();
        let (data, to) = (place.path().join("data"), place.path().join("safe"));
        fs::create_dir_all(data.join("item-keys/ab")).unwrap();
        fs::create_dir_all(data.join("keys")).unwrap();
        fs::write(data.join("keys/1.json"), "en").unwrap();
        fs::set_permissions(data.join("keys/1.json"), PermissionsExt::from_mode(0o600)).unwrap();
        fs::write(data.join("item-keys/ab/2"), "to").unwrap();
        copy_keys(&data, &to, Language::English).unwrap();
        assert_eq!(fs::read_to_string(to.join("item-keys/ab/2")).unwrap(), "to");
        assert_eq!(fs::metadata(to.join("keys/1.json")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(to.join("keys")).unwrap().permissions().mode() & 0o777, 0o700);
        fs::write(data.join("keys/1.json"), "ny").unwrap();
        fs::remove_file(data.join("item-keys/ab/2")).unwrap();
        let told = copy_keys(&data, &to, Language::English).unwrap();
        assert!(told.contains("item-keys/ab/2 is no longer"), "{told}");
        assert_eq!(fs::read_to_string(to.join("keys/1.json")).unwrap(), "ny");
    }

    #[test]
    fn the_place_of_the_backup_is_no_place_for_keys() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for (keys, backup) in [("a", "a"), ("a/b", "a"), ("a", "a/b"), ("a/../a/c", "a")] {
            assert!(apart(&at(keys), &at(backup), Language::English).is_err(), "{keys} {backup}");
        }
        assert!(apart(&at("ab"), &at("a"), Language::English).is_ok());
    }
}
