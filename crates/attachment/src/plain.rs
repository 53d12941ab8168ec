//! Text and CSV: UTF-8, and nothing that a program might take for something else.

use crate::Refusal;

/// How texts begin that are really something that a browser or another program acts on.
const MARKUP: [&[u8]; 8] =
    [b"<!doctype", b"<html", b"<head", b"<script", b"<svg", b"<?xml", b"{\\rtf", b"%pdf"];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub fn is_markup(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_start();
    let begins = |mark: &&[u8]| text.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark));
    MARKUP.iter().any(begins)
}

pub fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}');
    if text.chars().all(plain) { Ok(()) } else { Err(Refusal::NotUtf8) }
}
