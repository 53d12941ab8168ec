//! Compiled patterns. They are constants of the program, so a bad one fails every test.

/// A regular expression that is compiled on first use.
macro_rules! pattern {
    ($name:ident, $text:expr) => {
        #[allow(clippy::expect_used)] // a constant: it compiles always or never
        static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| regex::Regex::new($text).expect("a valid pattern"));
    };
}
pub(crate) use pattern;
