//! Writes the made-up agenda in the format that is named, so that a test can compare what two
//! processes make.

use formats::sample::{PROOF, torture};
use publish::{Format, Stand, render};
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let format: Format = std::env::args().nth(1).unwrap_or_default().parse()?;
    std::io::stdout().write_all(&render(format, &torture(), Stand::Published(&PROOF))?.bytes)?;
    Ok(())
}
