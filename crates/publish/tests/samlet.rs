//! Samlet PDF: agenda and attachments in one file, with what leads through both, and no claim that
//! not every part bears out.
#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "a suite of tests")]

mod paper;
mod sample;

use agenda::{
    event::FileKind,
    id::{AttachmentId, Hash},
    publication::{ClosedAttachment, Publication, PublishedAttachment, PublishedFile},
};
use lopdf::{Document, Object};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use paper::Paper;
use publish::{Files, Format, Stand, pdf::pdf, render, render_with};
use sample::{PROOF, item, section, torture};
use sha2::{Digest, Sha256};

/// An agenda with these files as attachments of its first two items, in turn.
fn agenda(attached: &[(&str, FileKind, &[u8])]) -> (Publication, Files) {
    let (mut all, mut files) = (torture(), Files::new());
    all.items.truncate(3);
    all.items.iter_mut().for_each(|item| item.attachments.clear());
    for (index, (title, kind, bytes)) in attached.iter().enumerate() {
        let sha256 = Hash(Sha256::digest(bytes).into());
        files.insert(sha256, bytes.to_vec());
        let item = &mut all.items[index % 2];
        let number = u32::try_from(item.attachments.len()).unwrap() + 1;
        let id = AttachmentId::from_bytes([u8::try_from(index).unwrap() + 1; 16]);
        let (title, size) = ((*title).to_owned(), bytes.len() as u64);
        item.attachments.push(PublishedAttachment::File(PublishedFile {
            id,
            number,
            title,
            kind: *kind,
            size,
            sha256,
        }));
    }
    (all, files)
}

/// A tagged PDF with bookmarks, links, tables: another agenda.
fn tagged(word: &str) -> Vec<u8> {
    let blocks = vec![agenda::content::Block::paragraph(word)];
    let mut all = torture();
    all.items.insert(0, item(9, word, vec![section("resume", "Resumé", blocks)]));
    pdf(&all, Stand::Imported).unwrap().bytes
}

/// A PDF without tags; `more` are objects from number 6 on, `kids` the pages.
fn plain(word: &str, kids: &str, catalog: &str, more: &[&str]) -> Vec<u8> {
    let content = format!("BT /F1 24 Tf 72 300 Td ({word}) Tj ET\r");
    let stream = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned();
    let page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_owned();
    let pages = format!(
        "<< /Type /Pages /Kids [{kids}] /Count 1 /MediaBox [0 0 842 595] /Resources << /Font << /F1 5 0 R >> >> >>"
    );
    let mut objects = vec![format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"), pages, page, stream, font];
    objects.extend(more.iter().map(|one| (*one).to_owned()));
    let mut out = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", out.len());
        out += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = out.len();
    let size = objects.len() + 1;
    out += &format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    out.into_bytes()
}

#[track_caller]
fn joined(publication: &Publication, files: &Files) -> Vec<u8> {
    render_with(Format::Samlet, publication, Stand::Published(&PROOF), files).unwrap().bytes
}

fn failures(bytes: &[u8], profile: ValidationProfile) -> Vec<String> {
    let report = validate_pdf_bytes(bytes, &ValidationOptions::default().profile(profile)).unwrap();
    assert!(report.rules.passed > 100, "{profile}: {:?}", report.rules);
    report.failures.iter().map(|failure| format!("{failure:?}")).collect()
}

fn claims(bytes: &[u8]) -> [bool; 2] {
    let text = String::from_utf8_lossy(bytes);
    ["<pdfuaid:part>1", "<pdfaid:part>2"].map(|claim| text.contains(claim))
}

fn page_count(bytes: &[u8]) -> usize {
    Paper::of(bytes).info()["Pages"].parse().unwrap()
}

/// All bookmarks, each with its depth, in order.
fn bookmarks(document: &Document) -> Vec<(usize, String)> {
    fn below(document: &Document, parent: &lopdf::Dictionary, depth: usize, all: &mut Vec<(usize, String)>) {
        let mut next = parent.get(b"First").ok();
        while let Some(id) = next {
            let one = document.get_dictionary(id.as_reference().unwrap()).unwrap();
            let title = one.get(b"Title").unwrap();
            all.push((depth, lopdf::decode_text_string(title).unwrap()));
            below(document, one, depth + 1, all);
            next = one.get(b"Next").ok();
        }
    }
    let outlines = document.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    let mut all = Vec::new();
    below(document, document.get_dictionary(outlines).unwrap(), 0, &mut all);
    all
}

#[test]
fn parts_that_are_for_everyone_and_the_archive_make_a_file_that_is() {
    let (one, two) = (tagged("Strandkort"), tagged("Havnekort"));
    let (publication, files) = agenda(&[("Kort", FileKind::Pdf, &one), ("Plan", FileKind::Pdf, &two)]);
    let bytes = joined(&publication, &files);
    assert_eq!(claims(&bytes), [true, true]);
    assert_eq!(failures(&bytes, ValidationProfile::PdfUa1), [""; 0]);
    assert_eq!(failures(&bytes, ValidationProfile::PdfA2a), [""; 0]);
    let agenda_pages =
        page_count(&render(Format::Samlet, &publication, Stand::Published(&PROOF)).unwrap().bytes);
    assert_eq!(page_count(&bytes), agenda_pages + page_count(&one) + page_count(&two));
    let paper = Paper::of(&bytes);
    let pages = paper.pages();
    let begins = |word: &str| pages.iter().position(|page| page.contains(word)).unwrap();
    assert!(pages[agenda_pages - 1].contains(&format!("fra side {}", agenda_pages + 1)), "{pages:#?}");
    assert!(begins("Strandkort") > agenda_pages && begins("Havnekort") > begins("Strandkort"));
    let aloud = paper.read_aloud();
    assert!(aloud.contains("Strandkort") && aloud.contains("Havnekort"));
}

#[test]
fn bookmarks_of_each_attachment_stand_below_it_and_it_below_its_item() {
    let (one, two) = (tagged("Strandkort"), tagged("Havnekort"));
    let (publication, files) = agenda(&[("Kort", FileKind::Pdf, &one), ("Plan", FileKind::Pdf, &two)]);
    let document = Document::load_mem(&joined(&publication, &files)).unwrap();
    let all = bookmarks(&document);
    let list = all.iter().position(|(depth, title)| *depth == 0 && title == "Bilag").unwrap();
    let after: Vec<_> = all[list..].iter().map(|(depth, title)| (*depth, title.as_str())).collect();
    assert!(after[1].1.starts_with("Punkt 1: ") && after[1].0 == 1, "{after:?}");
    assert_eq!(after[2], (2, "Bilag 1: Kort"));
    assert_eq!(after[3], (3, "Indholdsfortegnelse"));
    assert_eq!(after[4], (3, "Punkt 9: Strandkort"));
    assert_eq!(after[5], (4, "Resumé"));
    assert!(after.contains(&(2, "Bilag 1: Plan")) && after.contains(&(3, "Punkt 9: Havnekort")));
}

#[test]
fn names_in_one_attachment_do_not_lead_into_another() {
    let (one, two) = (tagged("Strandkort"), tagged("Havnekort"));
    let (publication, files) = agenda(&[("Kort", FileKind::Pdf, &one), ("Plan", FileKind::Pdf, &two)]);
    let document = Document::load_mem(&joined(&publication, &files)).unwrap();
    let named = |of: &[u8]| {
        let document = Document::load_mem(of).unwrap();
        let links = document.objects.values().filter_map(|one| one.as_dict().ok()?.get(b"Dest").ok());
        links.filter(|target| matches!(target, Object::String(..))).count()
    };
    let own = render(Format::Samlet, &publication, Stand::Published(&PROOF)).unwrap().bytes;
    assert!(named(&one) > 0, "an attachment with names");
    assert_eq!(named(&joined(&publication, &files)), named(&own), "no name of an attachment is left");
    let pages: Vec<_> = document.get_pages().into_values().collect();
    for object in document.objects.values() {
        let Ok(link) = object.as_dict() else { continue };
        if let Ok(target) = link.get(b"Dest") {
            let (_, place) = document.dereference(target).unwrap();
            // The agenda's own names are still there.
            let Object::Array(place) = place else { continue };
            let page = place[0].as_reference().unwrap();
            assert!(pages.contains(&page), "{link:?}");
        }
    }
    let ids: Vec<_> =
        document.objects.values().filter_map(|one| one.as_dict().ok()?.get(b"ID").ok()).collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().map(|id| id.as_str().unwrap()).collect();
    assert!(ids.len() > 3 && distinct.len() == ids.len(), "{ids:?}");
}

#[test]
fn with_a_part_without_tags_nothing_is_claimed_and_all_is_there() {
    let (one, two) = (tagged("Strandkort"), plain("Skannet", "3 0 R", "", &[]));
    let (publication, files) = agenda(&[("Kort", FileKind::Pdf, &one), ("Skannet", FileKind::Pdf, &two)]);
    let bytes = joined(&publication, &files);
    assert_eq!(claims(&bytes), [false, false]);
    let paper = Paper::of(&bytes);
    let pages = paper.pages();
    assert!(pages.last().unwrap().contains("Skannet"), "{pages:?}");
    let marked = b"Tj ET\r\r\nendstream";
    assert!(bytes.windows(marked.len()).any(|window| window == marked), "the end of a stream is plain");
    let xmp = String::from_utf8_lossy(&bytes);
    assert!(xmp.contains(&format!("<xmpTPg:NPages>{}</xmpTPg:NPages>", pages.len())));
    assert!(paper.read_aloud().contains("Strandkort"), "the tags that there are stay");
    let document = Document::load_mem(&bytes).unwrap();
    let last = document.get_dictionary(*document.get_pages().values().last().unwrap()).unwrap();
    assert_eq!(
        last.get(b"MediaBox").unwrap().as_array().unwrap()[2],
        Object::Integer(842),
        "what it had from above"
    );
}

/// A tagged PDF whose first page has something more drawn on it, which no tag tells of; it still claims all.
fn with_a_stroke_without_a_tag(pdf: &[u8]) -> Vec<u8> {
    let mut document = Document::load_mem(pdf).unwrap();
    let page = *document.get_pages().values().next().unwrap();
    let mut content = document.get_page_content(page);
    content.extend_from_slice(b"\n0 0 m 100 100 l S\n");
    document.change_page_content(page, content).unwrap();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_part_that_claims_more_than_is_true_takes_the_claim_away() {
    let xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><pdfuaid:part>1</pdfuaid:part><pdfaid:part>2</pdfaid:part>\
               <pdfaid:conformance>A</pdfaid:conformance></x:xmpmeta>";
    let metadata =
        format!("<< /Type /Metadata /Subtype /XML /Length {} >>\nstream\n{xmp}\nendstream", xmp.len());
    let catalog = "/Metadata 6 0 R /StructTreeRoot 7 0 R /MarkInfo << /Marked true >> /Lang (da)";
    let more = [metadata.as_str(), "<< /Type /StructTreeRoot >>"];
    let liar = plain("Skannet", "3 0 R", catalog, &more);
    let honest = tagged("Strandkort");
    let careless = with_a_stroke_without_a_tag(&honest);
    assert_eq!(failures(&careless, ValidationProfile::PdfUa1).len(), 1, "what a validator says of the part");
    for (part, expected) in [(&liar, [false, false]), (&careless, [false, true]), (&honest, [true, true])] {
        let (publication, files) =
            agenda(&[("Kort", FileKind::Pdf, &honest), ("Bilag", FileKind::Pdf, part)]);
        let bytes = joined(&publication, &files);
        assert_eq!(claims(&bytes), expected);
        assert_eq!(bytes, joined(&publication, &files), "the same each time");
        assert!(page_count(&bytes) > page_count(&honest) + page_count(part), "all is there");
    }
}

#[test]
fn tags_nested_without_end_cost_the_claim_and_not_the_file() {
    const DEEP: usize = 50_000;
    let xmp = "<pdfuaid:part>1</pdfuaid:part>";
    let metadata = format!("<< /Length {} >>\nstream\n{xmp}\nendstream", xmp.len());
    let mut more = vec![metadata, "<< /Type /StructTreeRoot /K 8 0 R >>".to_owned()];
    let nested = |n: usize| format!("<< /Type /StructElem /S /Div /P {} 0 R /K {} 0 R >>", n - 1, n + 1);
    more.extend((8..DEEP + 8).map(nested));
    more.push(format!("<< /Type /StructElem /S /Div /P {} 0 R >>", DEEP + 7));
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let catalog = "/Metadata 6 0 R /StructTreeRoot 7 0 R /MarkInfo << /Marked true >>";
    let deep = plain("Dybt", "3 0 R", catalog, &more);
    let (publication, files) = agenda(&[("Dybt", FileKind::Pdf, &deep)]);
    let bytes = joined(&publication, &files);
    assert_eq!(claims(&bytes), [false, false]);
    assert!(Paper::of(&bytes).text().contains("Dybt"));
}

#[test]
fn what_is_not_in_the_file_is_listed_with_the_place_where_it_is() {
    let ring = plain("Ring", "2 0 R 3 0 R", "", &[]);
    let form = plain("Skema", "3 0 R", "/AcroForm << /Fields [] >>", &[]);
    let table: &[u8] = b"a;b\n";
    let broken: &[u8] = b"%PDF-1.7 intet";
    let files = [
        ("Ring", FileKind::Pdf, &ring[..]),
        ("Skema", FileKind::Pdf, &form[..]),
        ("Tal", FileKind::Csv, table),
        ("Brudt", FileKind::Pdf, broken),
    ];
    let (mut publication, files) = agenda(&files);
    let closed = PublishedAttachment::Closed(ClosedAttachment { number: 3, closed: true });
    publication.items[0].attachments.extend([closed, "Kun et navn".into()]);
    let bytes = joined(&publication, &files);
    let text = Paper::of(&bytes).text().replace('\n', " ");
    let meeting = publication.meeting;
    for (title, place) in [
        ("1: Ring", "1/bilag/1"),
        ("1: Skema", "2/bilag/1"),
        ("2: Tal", "1/bilag/2"),
        ("2: Brudt", "2/bilag/2"),
    ] {
        let begin = text.rfind(&format!("Bilag {title} (")).unwrap_or_else(|| panic!("{title} in {text}"));
        let told: String = text[begin..].chars().take(200).filter(|c| *c != ' ').collect();
        assert!(told.contains("erikkemedidennefil."), "{told}");
        assert!(told.contains(&format!("/dagsorden/{meeting}/2/punkt/{place}")), "{told}");
    }
    assert!(text.contains("Bilag 3: Lukket bilag") && text.contains("Bilag 4: Kun et navn"), "{text}");
    assert!(!text.contains("a;b"));
    assert_eq!(claims(&bytes), [true, true]);
    assert_eq!(failures(&bytes, ValidationProfile::PdfUa1), [""; 0]);
}

#[test]
fn without_attachments_it_is_the_agenda() {
    let (publication, files) = agenda(&[]);
    assert_eq!(joined(&publication, &files), pdf(&publication, Stand::Published(&PROOF)).unwrap().bytes);
}

#[test]
fn the_same_parts_make_the_same_bytes_and_others_another_name() {
    let (one, two) = (tagged("Strandkort"), tagged("Havnekort"));
    let (publication, files) = agenda(&[("Kort", FileKind::Pdf, &one)]);
    let bytes = joined(&publication, &files);
    assert_eq!(bytes, joined(&publication, &files));
    let other = joined(&publication, &files.keys().map(|hash| (*hash, two.clone())).collect());
    let name = |bytes: &[u8]| Document::load_mem(bytes).unwrap().trailer.get(b"ID").unwrap().clone();
    assert_ne!(name(&bytes), name(&other));
}

#[test]
fn the_archive_has_the_files_themselves_and_names_them_in_its_manifest() {
    let one = tagged("Strandkort");
    let (publication, files) = agenda(&[("Kort", FileKind::Pdf, &one), ("Tal", FileKind::Csv, b"a;b\n")]);
    let bytes = render_with(Format::Zip, &publication, Stand::Published(&PROOF), &files).unwrap().bytes;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    };
    assert_eq!(read("bilag/punkt-1-bilag-1.pdf"), one);
    assert_eq!(read("bilag/punkt-2-bilag-1.csv"), b"a;b\n");
    assert_eq!(read("dagsorden-samlet.pdf"), joined(&publication, &files));
    let manifest = String::from_utf8(read("manifest.json")).unwrap();
    let hash = Hash(Sha256::digest(&one).into()).to_string();
    assert!(manifest.contains("bilag/punkt-1-bilag-1.pdf") && manifest.contains(&hash), "{manifest}");
    assert!(manifest.contains("\"left_out\":[]"), "{manifest}");
}

#[test]
fn what_the_archive_has_no_room_for_is_named_in_its_manifest() {
    let (publication, mut files) =
        agenda(&[("Kort", FileKind::Pdf, b"%PDF"), ("Tal", FileKind::Csv, b"a;b\n")]);
    files.retain(|_, bytes| bytes != b"%PDF");
    let bytes = render_with(Format::Zip, &publication, Stand::Published(&PROOF), &files).unwrap().bytes;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_reader(archive.by_name("manifest.json").unwrap()).unwrap();
    let left_out = manifest["left_out"].as_array().unwrap();
    assert_eq!(left_out.len(), 1);
    assert_eq!((&left_out[0]["path"], &left_out[0]["size"]), (&"punkt/1/bilag/1".into(), &4.into()));
    assert!(manifest.to_string().contains("bilag/punkt-2-bilag-1.csv"));
}
