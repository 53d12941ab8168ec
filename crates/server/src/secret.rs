//! The service's own secret, made once and kept in the data folder: it signs tickets and the
//! demonstration's sessions, so that both outlive a restart.

use std::{
    fs::OpenOptions,
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

const FILE: &str = "secret.key";

/// Reads the secret, or makes it, readable by the service's user alone.
pub fn load_or_create(data: &Path) -> io::Result<[u8; 32]> {
    std::fs::create_dir_all(data)?;
    let path = data.join(FILE);
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            let secret: [u8; 32] = rand::random();
            file.write_all(&secret)?;
            file.sync_all()?;
            Ok(secret)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => load(data),
        Err(error) => Err(error),
    }
}

/// Reads the secret.
pub fn load(data: &Path) -> io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    OpenOptions::new().read(true).open(data.join(FILE))?.read_exact(&mut secret)?;
    Ok(secret)
}
