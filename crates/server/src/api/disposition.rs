//! What a browser is told of a file's name (RFC 6266).

/// How the file is to be shown and what it is called when it is saved: once in ASCII for old
/// programs, once as it is.
pub fn disposition(shown: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii() && !c.is_ascii_control() && !"\"\\%".contains(c) { c } else { '_' })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("{shown}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_browser_gets_a_name_that_it_takes() {
        assert_eq!(
            disposition("inline", "Kort over Ærø.pdf"),
            "inline; filename=\"Kort over _r_.pdf\"; filename*=UTF-8''Kort%20over%20%C3%86r%C3%B8.pdf"
        );
        assert_eq!(
            disposition("attachment", "a\"b\r\n%0d"),
            "attachment; filename=\"a_b___0d\"; filename*=UTF-8''a%22b%0D%0A%250d"
        );
    }
}
