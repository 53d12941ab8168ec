//! The lists of the document: two kinds, nine levels each; every numbered list is an instance
//! that begins anew.

/// `w:numId` of all bulleted lists.
pub const BULLETS: usize = 1;
/// `w:numId` of the first numbered list.
pub const FIRST_LIST: usize = 2;
const LEVELS: usize = 9;
/// Indent of one level in twentieths of a point.
const INDENT: usize = 425;
const MARKS: [&str; 3] = ["•", "–", "▪"];

/// The part `word/numbering.xml`. `numbered` has the level of each numbered list.
pub fn numbering(numbered: &[usize]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\n",
    );
    kind(&mut out, 0, |level| ("bullet", MARKS[level % MARKS.len()].to_owned()));
    kind(&mut out, 1, |level| ("decimal", format!("%{}.", level + 1)));
    out.push_str(&format!("<w:num w:numId=\"{BULLETS}\"><w:abstractNumId w:val=\"0\"/></w:num>\n"));
    for (number, level) in (FIRST_LIST..).zip(numbered) {
        out.push_str(&format!(
            "<w:num w:numId=\"{number}\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"{level}\">\
             <w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>\n"
        ));
    }
    out.push_str("</w:numbering>\n");
    out
}

fn kind(out: &mut String, id: usize, mark: impl Fn(usize) -> (&'static str, String)) {
    out.push_str(&format!(
        "<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"multilevel\"/>\n"
    ));
    for level in 0..LEVELS {
        let (format, text) = mark(level);
        out.push_str(&format!(
            "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
             <w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{}\" \
             w:hanging=\"{INDENT}\"/></w:pPr></w:lvl>\n",
            INDENT * (level + 1)
        ));
    }
    out.push_str("</w:abstractNum>\n");
}
