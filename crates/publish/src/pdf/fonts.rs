//! The fonts of the PDF: embedded in the program, so that no machine's own fonts change a page.

use std::sync::LazyLock;
use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// Faces for words first, then what they lack; the template names the families in this order.
const FACES: [&[u8]; 6] = [
    include_bytes!("../../fonts/SourceSans3-Regular.ttf"),
    include_bytes!("../../fonts/SourceSans3-Italic.ttf"),
    include_bytes!("../../fonts/SourceSans3-Bold.ttf"),
    include_bytes!("../../fonts/SourceSans3-BoldItalic.ttf"),
    include_bytes!("../../fonts/NotoSansSymbols-Regular.ttf"),
    include_bytes!("../../fonts/NotoSansSymbols2-Regular.ttf"),
];

/// The four faces of words have the same characters; one of them stands for all.
const FAMILIES: [usize; 3] = [0, 4, 5];

pub static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::load);

pub struct Fonts {
    pub book: LazyHash<FontBook>,
    pub faces: Vec<Font>,
}

impl Fonts {
    fn load() -> Self {
        let faces: Vec<Font> = FACES.iter().filter_map(|face| Font::new(Bytes::new(*face), 0)).collect();
        Self { book: LazyHash::new(FontBook::from_fonts(&faces)), faces }
    }

    /// Whether one family can draw all these characters, which belong together.
    pub fn can_draw(&self, characters: &str) -> bool {
        let has = |face: &Font, c: char| face.info().coverage.contains(u32::from(c));
        let faces = FAMILIES.iter().filter_map(|i| self.faces.get(*i));
        faces.into_iter().any(|face| characters.chars().all(|c| has(face, c)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_there_and_the_faces_of_words_have_the_same_characters() {
        assert_eq!(FONTS.faces.len(), FACES.len());
        let coverage = |i: usize| FONTS.faces[i].info().coverage.iter().collect::<Vec<_>>();
        assert!((1..4).all(|i| coverage(i) == coverage(0)));
    }

    #[test]
    fn characters_that_belong_together_need_one_font() {
        assert!(FONTS.can_draw("Ærø") && FONTS.can_draw("✓") && FONTS.can_draw("\u{26a0}"));
        assert!(FONTS.can_draw("e\u{301}") && !FONTS.can_draw("\u{26a0}\u{323}"));
        assert!(!FONTS.can_draw("\u{1f382}") && !FONTS.can_draw("\u{4e2d}"));
    }
}
