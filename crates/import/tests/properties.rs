//! What must hold of every text, however odd.
#![allow(clippy::unwrap_used)]

use agenda::content::{Block, Row};
use import::Imported;
use proptest::prelude::*;

/// Lines of all kinds that documents have; each `@` becomes a word of its own.
const LINES: &[&str] = &[
    "",
    "",
    "",
    "@ @.",
    "@ @ og",
    "@,",
    "  @ @",
    "\t@",
    "@\t@\t@",
    "\t@\t",
    "\t\t@",
    "@\t",
    "- @",
    " - @ @",
    "1. @",
    "7. @",
    "2. at @",
    "17. juni @",
    "# @",
    "#### **@**",
    "**@**",
    "**@",
    "*@* _@_",
    "[@](https://example.dk/@)",
    "[@](#)",
    "[@](@)",
    "<p>@</p><p>@ &amp; @</p>",
    "<b>@<br>@",
    "<ul><li>@</li></ul>",
    "@\t<p>@</p>\t<b>@</b>",
    "<@>",
    "at @",
    "@ indstiller, 1. at @ 2. at @",
    "@ indstiller",
    "(20 min.)",
    "*(5 min.)* @",
    "Intet at bemærke.",
    "Intet at bemærke. @",
    "Punkt 1: @ @",
    "Punkt 2: @",
    "## **Punkt 3: @**",
    "Punkt 2",
    "00.01.00-A00-3-26",
    "00.01-@",
    "Journalnummer: @ 1",
    "Indstilling",
    "**Resumé**",
    "# Sagsfremstilling",
    "Kommunens vision og politikker",
    "Økonomi",
    "Økonomi",
    "Beslutning",
    "Bilag",
    "1. @ @",
    "Den videre @",
    "DAGSORDEN @ d. 01-02-2026 @",
    "Referat",
    "Mødedato @ d. 3. maj 2026 kl. 09:00 @",
    "Mødedato Onsdag d. 17. juni 2026 kl. 09:00",
    "Dato: @",
    "Mødested @",
    "Mødested",
    "Mødedeltagere @ (@, @ + @), @ (@)",
    "Mødedeltagere",
    "@ (@",
    "@), @",
    "Afbud @",
    "Indholdsfortegnelse",
    "@ @.....\t3",
    "Punkt 1: @.....\t3",
    "@ 12",
    "---",
    r"1\. @ \*@\*",
    r"@\",
    "@  ",
    "\u{c}@",
    "\u{a0}@",
    "@ med en lang linje, som fylder mere end tres tegn og ender på og",
];

/// Where the lines begin: in the header, or in some part of an item.
const BEGINNINGS: &[&str] = &[
    "",
    "Punkt 1: @\n00.01.00-A00-1-26",
    "Punkt 1: @\n00.01.00-A00-1-26\nSagsfremstilling\n",
    "# Punkt 1: @\n00.01.00-A00-1-26\n# Sagsfremstilling",
    "Punkt 1: @\n00.01.00-A00-1-26\nIndstilling\nDirektøren indstiller,",
    "Punkt 1: @\n00.01.00-A00-1-26\nBeslutning",
    "Punkt 1: @\n00.01.00-A00-1-26\nBilag",
];

fn document() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(prop::sample::select(LINES), 0..40);
    (prop::sample::select(BEGINNINGS), lines).prop_map(|(beginning, lines)| {
        let mut count = 0;
        format!("{beginning}\n{}", lines.join("\n"))
            .split('@')
            .map(str::to_owned)
            .reduce(|text, more| {
                count += 1;
                format!("{text}ord{count}x{more}")
            })
            .unwrap_or_default()
    })
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.starts_with("ord")).collect()
}

fn tables(read: &Imported) -> Vec<&Vec<Row>> {
    let sections =
        read.items.iter().flat_map(|item| item.sections.iter().flat_map(|section| &section.blocks));
    let decisions =
        read.items.iter().filter_map(|item| item.decision.as_ref()).flat_map(|decision| &decision.blocks);
    let blocks = sections.chain(decisions);
    blocks.filter_map(|block| if let Block::Table { rows } = block { Some(rows) } else { None }).collect()
}

/// Columns that each row fills, with the cells that span into it from above.
fn widths(rows: &[Row]) -> Vec<usize> {
    let mut filled = vec![0; rows.len()];
    for (index, row) in rows.iter().enumerate() {
        for cell in &row.cells {
            for below in filled.iter_mut().skip(index).take(cell.rowspan.into()) {
                *below += usize::from(cell.colspan);
            }
        }
    }
    filled
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        import::parse(&text);
    }

    #[test]
    fn any_marks_are_read_without_panic(text in r"[-*_#\[\]()<>/&;:.\\ \t\n1aÆbp]{0,200}") {
        import::parse(&text);
        import::parse(&format!("Punkt 1: x\n00.01.00-A00-1-26\nSagsfremstilling\n{text}"));
    }

    #[test]
    fn no_word_is_lost(text in document()) {
        let json = serde_json::to_string(&import::parse(&text)).unwrap().replace("\\n", " ").replace("\\t", " ");
        let kept: std::collections::HashSet<&str> = words(&json).into_iter().collect();
        for word in words(&text) {
            prop_assert!(kept.contains(word), "{} is lost from\n{}\nin {}", word, text, json);
        }
    }

    #[test]
    fn line_ends_and_repetition_change_nothing(text in document()) {
        let read = import::parse(&text);
        prop_assert_eq!(&read, &import::parse(&text));
        prop_assert_eq!(&read, &import::parse(&text.replace('\n', "\r\n")));
    }

    #[test]
    fn lines_are_those_of_the_source_and_tables_are_complete(text in document()) {
        let read = import::parse(&text);
        let last = text.split('\n').count();
        prop_assert!(read.unplaced.iter().chain(&read.warnings).all(|note| (1..=last).contains(&note.line)));
        for rows in tables(&read) {
            let widths = widths(rows);
            prop_assert!(widths.iter().all(|width| Some(width) == widths.first()), "{:?}", rows);
        }
        for item in &read.items {
            prop_assert_eq!(item.attachments.len(), item.attachment_lines.len());
        }
    }
}
