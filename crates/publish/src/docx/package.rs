//! The file: which parts it has, and how they refer to each other.

use super::{body::Writer, numbering::numbering, parts};
use crate::{artefact::RenderError, escape::escape, pack::pack, proof::Stand};

/// The namespaces of the document part.
const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// `contents` says that there is a table of contents, whose pages Word is to count.
pub fn package(
    written: &Writer,
    title: &str,
    stand: Stand<'_>,
    contents: bool,
) -> Result<Vec<u8>, RenderError> {
    let files = [
        ("[Content_Types].xml", parts::CONTENT_TYPES.to_owned()),
        ("_rels/.rels", parts::PACKAGE_RELATIONSHIPS.to_owned()),
        ("docProps/core.xml", parts::core(title, stand)),
        ("word/document.xml", document(&written.xml)),
        ("word/_rels/document.xml.rels", relationships(&written.targets)),
        ("word/styles.xml", parts::STYLES.to_owned()),
        ("word/numbering.xml", numbering(&written.numbered)),
        ("word/settings.xml", parts::settings(contents)),
        ("word/header1.xml", parts::header(stand)),
        ("word/footer1.xml", parts::footer(stand)),
    ];
    pack(files.iter().map(|(name, text)| (*name, text.as_bytes())))
}

/// A4 with margins of two centimetres.
fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document {NAMESPACES}><w:body>\n{body}\
         <w:sectPr><w:headerReference w:type=\"default\" r:id=\"header\"/>\
         <w:footerReference w:type=\"default\" r:id=\"footer\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" \
         w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>\n"
    )
}

fn relationships(targets: &[String]) -> String {
    let mut out = String::from(parts::DOCUMENT_RELATIONSHIPS);
    for (number, target) in targets.iter().enumerate() {
        out.push_str(&format!(
            "<Relationship Id=\"l{number}\" Type=\"{}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>\n",
            parts::RELATIONSHIP_TYPES,
            escape(target)
        ));
    }
    out.push_str("</Relationships>\n");
    out
}
