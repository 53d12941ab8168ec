//! Links from a page that is served to the same agenda in every format.

use crate::{
    Artefact, Format, Stand,
    escape::escape,
    wording::{downloads_heading, format_name},
};
use agenda::publication::Publication;

/// `address` is that of the page.
pub fn downloads(out: &mut String, publication: &Publication, stand: Stand<'_>, address: &str) {
    let heading = downloads_heading(publication, stand);
    out.push_str(&format!(
        "<nav class=\"downloads\" aria-labelledby=\"hent\">\n<h2 id=\"hent\">{heading}</h2>\n<ul>\n"
    ));
    for format in Format::ALL {
        let file = escape(&format!("{address}/{}", Artefact::Whole(format).path()));
        let (kind, name) = (format.media_type(), format_name(format));
        out.push_str(&format!("<li><a href=\"{file}\" type=\"{kind}\">{name}</a></li>\n"));
    }
    out.push_str("</ul>\n</nav>\n");
}
