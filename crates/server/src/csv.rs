//! Tables as CSV that a Danish Excel opens by a double click: UTF-8 with a mark in front,
//! semicolons between, and no cell that would be reckoned as a formula.

/// Stands before the first line, so that Excel reads the file as UTF-8.
pub const MARK: &str = "\u{feff}";

/// One line, with its end.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(";"))
}

/// A cell as it stands in the file. What a program could take for a formula gets an apostrophe
/// in front, as one would type it.
fn cell(text: &str) -> String {
    let formula = text.trim_start_matches([' ', '\u{a0}', '"']).starts_with(FORMULA);
    let text = if formula || text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() };
    let quoted = text.contains([';', '"', '\n', '\r', '\t']) || text.trim() != text;
    if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// What a formula begins with, also in the wide forms of East Asian keyboards.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cells_between_semicolons() {
        assert_eq!(line(["a", "", "æ ø å"]), "a;;æ ø å\r\n");
        assert_eq!(
            line(["to; tre", "sagde \"ja\"", "linje\nto"]),
            "\"to; tre\";\"sagde \"\"ja\"\"\";\"linje\nto\"\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for start in ["=", "+", "-", "@", " =", "\u{a0}+", "\"=", "\u{ff1d}", "=1+", "@SUM(A1)", "-2+3|cmd"] {
            let found = cell(&format!("{start}1"));
            assert!(found.trim_start_matches('"').starts_with('\''), "{found}");
        }
        for start in ["\t", "\r", "\n"] {
            assert_eq!(cell(&format!("{start}=1")), format!("\"'{start}=1\""));
        }
        assert_eq!(cell("2026-11-22"), "2026-11-22");
        assert_eq!(cell("a=1"), "a=1");
    }
}
