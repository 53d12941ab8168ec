//! The JSON that is published, and its schema: they say the same, field by field.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a suite of tests")]

mod sample;

use agenda::publication::{Publication, canonical_json};
use jsonschema::Validator;
use proptest::prelude::*;
use publish::{Artefact, Format, SCHEMA, Stand, render};
use sample::{PROOF, random, torture};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn validator() -> Validator {
    jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

fn bytes(publication: &Publication, stand: Stand<'_>) -> Vec<u8> {
    render(Format::Json, publication, stand).unwrap().bytes
}

fn value(publication: &Publication, stand: Stand<'_>) -> Value {
    serde_json::from_slice(&bytes(publication, stand)).unwrap()
}

fn extracted(stand: Stand<'_>, index: usize) -> Value {
    serde_json::from_slice(&render(Artefact::Item(index + 1, Format::Json), &torture(), stand).unwrap().bytes)
        .unwrap()
}

/// Whole agendas and extracts, published and drafts.
fn documents() -> Vec<Value> {
    let stands = [Stand::Published(&PROOF), Stand::Draft];
    let of = |stand| {
        let extracts = (0..torture().items.len()).map(move |index| extracted(stand, index));
        extracts.chain([value(&torture(), stand)])
    };
    stands.into_iter().flat_map(of).collect()
}

/// The document once for each place in it, with that place changed.
fn each_changed(document: &Value, change: &dyn Fn(&mut Value) -> bool) -> Vec<Value> {
    let mut places = Vec::new();
    collect_places(document, String::new(), &mut places);
    let changed = |place: &String| {
        let mut copy = document.clone();
        change(copy.pointer_mut(place).unwrap()).then_some(copy)
    };
    places.iter().filter_map(changed).collect()
}

fn collect_places(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| collect_places(v, format!("{place}/{k}"), places)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| collect_places(v, format!("{place}/{i}"), places));
        }
        _ => {}
    }
    places.push(place);
}

#[test]
fn what_is_published_is_valid() {
    let validator = validator();
    for document in documents() {
        let errors: Vec<String> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{document:#}");
    }
}

/// So every field that the model writes is in the schema: one more is refused.
#[test]
fn an_unknown_field_anywhere_is_not_valid() {
    let add = |value: &mut Value| {
        let Value::Object(map) = value else { return false };
        map.insert("ukendt".into(), json!(1));
        true
    };
    all_refused(&add);
}

#[test]
fn a_value_of_another_kind_anywhere_is_not_valid() {
    let spoil = |value: &mut Value| {
        *value = if value.is_number() { json!("tekst") } else { json!(1.5) };
        true
    };
    all_refused(&spoil);
}

fn all_refused(change: &dyn Fn(&mut Value) -> bool) {
    let validator = validator();
    for document in documents() {
        for changed in each_changed(&document, change) {
            assert!(!validator.is_valid(&changed), "{changed:#}");
        }
    }
}

/// Only what the model leaves out by itself may be missing.
#[test]
fn a_missing_field_is_not_valid() {
    const OPTIONAL: [&str; 7] = ["item_type", "bold", "italic", "link", "header", "colspan", "rowspan"];
    let (validator, document) = (validator(), value(&torture(), Stand::Published(&PROOF)));
    let mut places = Vec::new();
    collect_places(&document, String::new(), &mut places);
    for place in places {
        let mut copy = document.clone();
        let (parent, key) = place.rsplit_once('/').unwrap_or_default();
        let Some(Value::Object(map)) = copy.pointer_mut(parent) else { continue };
        if map.remove(key).is_some() {
            assert_eq!(validator.is_valid(&copy), OPTIONAL.contains(&key), "{place}");
        }
    }
}

#[test]
fn a_draft_with_a_proof_and_an_edition_without_one_are_not_valid() {
    let validator = validator();
    let mut draft = value(&torture(), Stand::Draft);
    draft["proof"] = value(&torture(), Stand::Published(&PROOF))["proof"].clone();
    assert!(!validator.is_valid(&draft));
    let mut edition = value(&torture(), Stand::Published(&PROOF));
    edition["proof"] = Value::Null;
    assert!(!validator.is_valid(&edition));
}

#[test]
fn the_hash_of_the_bytes_of_the_publication_is_the_content_hash() {
    let text = String::from_utf8(bytes(&torture(), Stand::Published(&PROOF))).unwrap();
    let from = text.find("\"publication\":").unwrap() + "\"publication\":".len();
    let to = text.find(",\"stand\":\"published\"").unwrap();
    let hash: [u8; 32] = Sha256::digest(&text[from..to]).into();
    assert_eq!(hash, torture().content_hash().0);
    let extract = extracted(Stand::Draft, 1);
    let hash: String =
        Sha256::digest(canonical_json(&extract["item"])).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(extract["item_hash"], hash);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn every_agenda_is_valid(shape in random::shapes()) {
        let (publication, _) = random::publication(&shape);
        let document = value(&publication, Stand::Published(&PROOF));
        prop_assert!(validator().is_valid(&document), "{document:#}");
    }
}
