//! At-points of a recommendation. They come numbered, marked or bare, on lines of their own or
//! in one line after "indstiller"; here each becomes a numbered item of its own.

use crate::{
    blocks::{Form, Piece},
    pattern::pattern,
};

pattern!(SENDER, r"(?s)^(.*?\b[Ii]ndstill(?:er|es)\b[^,:]*?[,:]?)\s+((?:1\\?[.)]\s+\S|at\b).*)$");
pattern!(NEXT_POINT, r"(?:[\s,;]+\d{1,2}\\?[.)]\s*|\n\s*)(at\b)");
pattern!(NUMBER, r"^\d{1,2}\\?[.)]\s+");

/// The pieces of a recommendation with every at-point a numbered item.
pub(crate) fn split(pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.into_iter().flat_map(split_piece).collect()
}

fn split_piece(piece: Piece) -> Vec<Piece> {
    match piece.form {
        Form::Paragraph => match SENDER.captures(&piece.text) {
            Some(found) => {
                let sender = Piece {
                    text: found[1].to_owned(),
                    line: piece.line,
                    gap: piece.gap,
                    form: Form::Paragraph,
                };
                std::iter::once(sender).chain(points(piece.line, &found[2])).collect()
            }
            None if piece.text.starts_with("at ") => points(piece.line, &piece.text),
            None => vec![piece],
        },
        Form::Item { ordered, indent: 0 } if ordered || piece.text.starts_with("at ") => {
            points(piece.line, &piece.text)
        }
        _ => vec![piece],
    }
}

fn points(line: usize, text: &str) -> Vec<Piece> {
    let mut cuts: Vec<(usize, usize)> = NEXT_POINT
        .captures_iter(text)
        .filter_map(|found| Some((found.get(0)?.start(), found.get(1)?.start())))
        .filter(|(start, _)| *start > 0)
        .collect();
    cuts.push((text.len(), text.len()));
    let mut from = 0;
    let mut points = Vec::new();
    for (end, next) in cuts {
        let point = text.get(from..end).unwrap_or_default().trim();
        let form = Form::Item { ordered: true, indent: 0 };
        points.push(Piece { line, gap: false, form, text: NUMBER.replace(point, "").into_owned() });
        from = next;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let piece = Piece { line: 1, gap: true, form: Form::Paragraph, text: text.to_owned() };
        split(vec![piece]).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn every_way_to_write_at_points_gives_the_same_points() {
        let expected = ["Chefen indstiller,", "at a drøftes", "at b, som er ny, godkendes"];
        for text in [
            "Chefen indstiller, 1. at a drøftes 2. at b, som er ny, godkendes",
            "Chefen indstiller, at a drøftes, 2. at b, som er ny, godkendes",
            "Chefen indstiller,\n1\\. at a drøftes\n2\\. at b, som er ny, godkendes",
            "Chefen indstiller,\nat a drøftes\nat b, som er ny, godkendes",
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert_eq!(shown("Direktøren indstiller at sagen drøftes")[1], "at sagen drøftes");
        assert_eq!(
            shown("Direktøren indstiller til udvalget: at sagen drøftes")[0],
            "Direktøren indstiller til udvalget:"
        );
        assert_eq!(shown("Punktet er uden indstilling"), ["Punktet er uden indstilling"]);
    }
}
