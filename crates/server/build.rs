//! Finds the built web client that is embedded. Without one the server still builds, with a
//! page that says what to do, so that work on the server needs no Node.

use std::{env, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let web = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist");
    let dist = if web.join("index.html").is_file() {
        web.canonicalize()?
    } else {
        let stand_in = PathBuf::from(env::var("OUT_DIR")?).join("web");
        fs::create_dir_all(&stand_in)?;
        fs::write(stand_in.join("index.html"), STAND_IN)?;
        stand_in
    };
    println!("cargo::rustc-env=DAGSORDEN_WEB_DIST={}", dist.display());
    println!("cargo::rerun-if-changed={}", web.display());
    Ok(())
}

const STAND_IN: &str = "<!doctype html><html lang=\"da\"><title>Dagsorden</title>\
<p>Webklienten er ikke bygget. Kør <code>make build</code>.\
<p lang=\"en\">The web client is not built. Run <code>make build</code>.";
