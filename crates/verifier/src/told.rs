//! What commits and faults say, in words.

use crate::words::{Words, time};
use proof::{
    checkpoint::BadCheckpoint,
    log::Fault,
    receipt::{BadReceipt, Said, Shown},
};

/// What a commit says, in Danish and in English.
pub fn told(commit: &Shown) -> (String, String) {
    let position = commit.position;
    let Some(content) = &commit.content else {
        return (
            format!("post {position} står i loggen; dens ord er ikke vist, kun dens hash {}.", commit.hash),
            format!(
                "position {position} stands in the log; its words are not shown, only its hash {}.",
                commit.hash
            ),
        );
    };
    let (at, by) = (time(content.at), &content.by);
    let danish: Vec<String> = content.events.iter().map(|event| said(event, true)).collect();
    let english: Vec<String> = content.events.iter().map(|event| said(event, false)).collect();
    (
        format!("post {position} står i loggen: {at}, {by}: {}", danish.join("; ")),
        format!("position {position} stands in the log: {at}, {by}: {}", english.join("; ")),
    )
}

fn said(Said { kind, body, .. }: &Said, danish: bool) -> String {
    let words = Words { danish };
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| body[name].as_u64().unwrap_or_default();
    match kind.as_str() {
        "AgendaFrozen" => {
            let (round, content, reason) = (number("round"), text("content_hash"), text("reason"));
            let count = body["documents"].as_array().map_or(0, Vec::len);
            let because = if reason.is_empty() {
                String::new()
            } else {
                words.pick(format!(", begrundelse: {reason}"), format!(", reason: {reason}"))
            };
            words.pick(
                format!("låst i runde {round}: {count} tekster, indholdet har hash {content}{because}"),
                format!("frozen in round {round}: {count} texts, the content has hash {content}{because}"),
            )
        }
        "AgendaPublished" => {
            let (edition, round, content) = (number("edition"), number("round"), text("content_hash"));
            words.pick(
                format!("udgave {edition} udgivet af runde {round}, indholdet har hash {content}"),
                format!("edition {edition} published from round {round}, the content has hash {content}"),
            )
        }
        "EditionSealed" => {
            let edition = number("edition");
            words.pick(
                format!("filerne i udgave {edition} underskrevet"),
                format!("the files of edition {edition} signed for"),
            )
        }
        other => other.to_owned(),
    }
}

pub fn danish_fault(fault: &Fault) -> String {
    match fault {
        Fault::Line(reason) => format!("linjen er ikke en posts: {reason}"),
        Fault::Gap(found) => format!("her står post {found}"),
        Fault::Envelope(reason) => format!("posten kan ikke læses: {reason}"),
        Fault::Sequence(expected) => format!("den skulle være nr. {expected} i sin strøm"),
        Fault::Hash => "indholdet er ikke det, som dens hash er af".into(),
        Fault::Chain => "kæden går ikke videre herfra fra posten før".into(),
        Fault::StreamChain(before) => {
            format!("den nævner en anden post før sig i sin strøm end post {before}: en af de to er ændret")
        }
        Fault::Checkpoint { why, from, to } => {
            format!(
                "kontrolpunktet i den er ikke et af denne logs ({why}); det ændrede er en af {from} til {to}"
            )
        }
        Fault::Event(reason) => format!("en hændelse i den kan ikke læses: {reason}"),
    }
}

pub fn danish_checkpoint(error: &BadCheckpoint) -> &'static str {
    match error {
        BadCheckpoint::Form => "det har ikke et kontrolpunkts form.",
        BadCheckpoint::Signature => "ingen af de givne nøgler har underskrevet det.",
    }
}

pub fn danish_receipt(error: &BadReceipt) -> String {
    match error {
        BadReceipt::Form(found) => format!("Formen er ukendt: {found}"),
        BadReceipt::Checkpoint(error) => format!("Kontrolpunktet: {}", danish_checkpoint(error)),
        BadReceipt::Bytes(at) => format!("Post {at}: indholdet er ikke det, som hashen er af."),
        BadReceipt::Envelope(at, error) => format!("Post {at} kan ikke læses: {error}"),
        BadReceipt::Says(at) => format!("Post {at}: det, der står, er ikke det, som indholdet siger."),
        BadReceipt::Inclusion(at) => format!("Post {at}: beviset fører ikke til kontrolpunktet."),
    }
}
