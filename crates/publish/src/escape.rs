//! User text on its way into HTML and XML: the one place where it becomes markup.

/// Writes text so that it can stand between tags and between double quotes alike. What
/// neither HTML nor XML may hold, and what reverses the direction of the words around it,
/// becomes a visible mark.
pub fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(visible(c)),
        }
    }
}

/// [`push_text`] for building a piece of the page in an expression.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_text(&mut out, text);
    out
}

/// The character as a published document may hold it.
pub fn visible(c: char) -> char {
    match c {
        '\r' => ' ',
        c if forbidden(c) => '\u{fffd}',
        c => c,
    }
}

fn forbidden(c: char) -> bool {
    let noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    let reverses = matches!(c, '\u{202d}' | '\u{202e}');
    (c.is_control() && c != '\n' && c != '\t') || noncharacter || reverses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_means_something_to_a_parser_is_left() {
        assert_eq!(escape("<b title='\"'>&amp;"), "&lt;b title=&#39;&quot;&#39;&gt;&amp;amp;");
        assert_eq!(
            escape("a\0b\u{1}c\u{202e}d\u{ffff}e\r\nf\t"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e \nf\t"
        );
        assert_eq!(escape("Økonomi – ½ → ✓ 🎂"), "Økonomi – ½ → ✓ 🎂");
    }
}
