//! Files that other programs made are taken in as attachments.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

use formats::{folder, libreoffice, run, tool};
use std::{fs, path::Path, process::Command};

/// Office files with what people have in them: a picture, a table, a formula, a slide.
const MAKE: &str = "
import sys, docx, openpyxl, pptx
from PIL import Image
from pptx.util import Inches
folder = sys.argv[1] + '/'
for kind in ('png', 'jpg'):
    Image.new('RGB', (40, 30), 'red').save(folder + 'billede.' + kind)
notat = docx.Document()
notat.add_heading('Notat om fyret', 0)
notat.add_table(2, 2).cell(0, 0).text = 'Å'
notat.add_picture(folder + 'billede.png')
notat.save(folder + 'notat.docx')
budget = openpyxl.Workbook()
budget.active['A1'] = '=1+1'
budget.save(folder + 'budget.xlsx')
slides = pptx.Presentation()
slide = slides.slides.add_slide(slides.slide_layouts[5])
slide.shapes.title.text = 'Fyret'
slide.shapes.add_picture(folder + 'billede.jpg', Inches(1), Inches(2))
slides.save(folder + 'slides.pptx')
";

/// Every file of the folder is taken for what its name says.
fn are_taken_in(folder: &Path, expected: usize) {
    let files =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut taken = 0;
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let verdict = attachment::inspect(name, &fs::read(&path).unwrap());
        assert!(verdict.is_ok(), "{name}: {verdict:?}");
        taken += 1;
    }
    assert_eq!(taken, expected);
}

#[test]
fn what_other_programs_make_is_taken_in() {
    let Some(python) = tool("python") else { return };
    let made = folder("made");
    let (done, told) = run(Command::new(python).args(["-c", MAKE]).arg(&made));
    assert!(done, "{told}");
    are_taken_in(&made, 5);
    let Some(soffice) = libreoffice() else { return };
    let saved = folder("saved");
    let profile = format!("-env:UserInstallation=file://{}", made.join("profile").display());
    for kind in ["docx", "pdf"] {
        let (saved, told) = run(Command::new(soffice)
            .args(["--headless", &profile, "--convert-to", kind, "--outdir"])
            .arg(&saved)
            .arg(made.join("notat.docx")));
        assert!(saved, "{told}");
    }
    are_taken_in(&saved, 2);
    fs::remove_dir_all(made).unwrap();
    fs::remove_dir_all(saved).unwrap();
}
