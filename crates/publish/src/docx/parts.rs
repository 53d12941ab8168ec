//! The parts that are the same for every agenda, or nearly so.

use crate::{escape::escape, proof::Stand, wording::DRAFT};

pub const RELATIONSHIP_TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub const CONTENT_TYPES: &str = include_str!("parts/content_types.xml");
pub const PACKAGE_RELATIONSHIPS: &str = include_str!("parts/package.rels");
/// Without its end: links follow.
pub const DOCUMENT_RELATIONSHIPS: &str = include_str!("parts/document.rels");
pub const STYLES: &str = include_str!("parts/styles.xml");

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

/// What the file says of itself: title, language, and what it can be checked by.
pub fn core(title: &str, stand: Stand<'_>) -> String {
    let (mark, identifier) = match stand {
        Stand::Draft => (format!("{DRAFT}: "), String::new()),
        Stand::Imported => (String::new(), String::new()),
        Stand::Published(proof) => {
            (String::new(), format!("<dc:identifier>sha256:{}</dc:identifier>", proof.content_hash))
        }
    };
    format!(
        "{DECLARATION}\n<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{mark}{}</dc:title>{identifier}\
         <dc:language>da-DK</dc:language></cp:coreProperties>\n",
        escape(title)
    )
}

/// `contents`: see [`super::package::package`].
pub fn settings(contents: bool) -> String {
    let update = if contents { "<w:updateFields w:val=\"true\"/>" } else { "" };
    format!(
        "{DECLARATION}\n<w:settings {W}><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"1304\"/>{update}\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"da-DK\"/></w:settings>\n"
    )
}

/// A draft says so on every page.
pub fn header(stand: Stand<'_>) -> String {
    let words = match stand {
        Stand::Draft => format!("<w:r><w:rPr><w:b/></w:rPr><w:t>{DRAFT}</w:t></w:r>"),
        Stand::Published(_) | Stand::Imported => String::new(),
    };
    format!(
        "{DECLARATION}\n<w:hdr {W}><w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr>{words}</w:p></w:hdr>\n"
    )
}

/// Version, hash and page.
pub fn footer(stand: Stand<'_>) -> String {
    let proof = match stand {
        Stand::Draft => DRAFT.to_owned(),
        Stand::Imported => String::new(),
        Stand::Published(proof) => format!("Udgave {} · SHA-256 {}", proof.edition, proof.content_hash),
    };
    format!(
        "{DECLARATION}\n<w:ftr {W}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr><w:r><w:t>{proof}</w:t></w:r>\
         <w:r><w:tab/></w:r><w:r><w:t xml:space=\"preserve\">Side </w:t></w:r>{}\
         <w:r><w:t xml:space=\"preserve\"> af </w:t></w:r>{}</w:p></w:ftr>\n",
        field("PAGE"),
        field("NUMPAGES")
    )
}

fn field(name: &str) -> String {
    format!("<w:fldSimple w:instr=\" {name} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>")
}
