//! What a page that is served says of other editions. It stands around the artefact, never in it: an
//! edition's files do not change when a later one supersedes it.

use crate::escape::escape;

/// A sentence about another edition, and where that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub link: String,
    pub address: String,
}

pub fn notices(out: &mut String, notices: &[Notice]) {
    if notices.is_empty() {
        return;
    }
    out.push_str("<aside class=\"mark\" aria-label=\"Andre udgaver\">\n");
    for Notice { text, link, address } in notices {
        let (text, link, address) = (escape(text), escape(link), escape(address));
        out.push_str(&format!("<p>{text} <a href=\"{address}\">{link}</a></p>\n"));
    }
    out.push_str("</aside>\n");
}
