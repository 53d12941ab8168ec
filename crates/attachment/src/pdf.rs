//! PDF: one document and nothing beside it, parsed strictly, without anything in it that acts,
//! hides a file or asks for a password.

use crate::Refusal;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};
use memchr::memmem;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

/// Most bytes that one compressed object stream unpacks to.
const MAX_STREAM_BYTES: usize = 32 << 20;
/// Most bytes that all object streams of a file unpack to.
const MAX_UNPACKED_BYTES: usize = 128 << 20;
/// Deepest nesting of one object; the parser stops before.
const MAX_DEPTH: usize = 128;
/// How much of the beginning is searched for a web page, in bytes.
const HEAD_BYTES: usize = 1_024;
/// What only a web page begins with.
const WEB: [&[u8]; 4] = [b"<html", b"<script", b"<!doctype", b"<svg"];
const END: &[u8] = b"%%EOF";

/// Names that no harmless document has, also where no reader would look for them any more.
const RAW: [(&[u8], Refusal); 5] = [
    (b"/JavaScript", Refusal::Script),
    (b"/Launch", Refusal::Action),
    (b"/RichMedia", Refusal::Action),
    (b"/EmbeddedFile", Refusal::EmbeddedFile),
    (b"/Encrypt", Refusal::Encrypted),
];
/// Keys of dictionaries.
const KEYS: [(&[u8], Refusal); 8] = [
    (b"JS", Refusal::Script),
    (b"JavaScript", Refusal::Script),
    (b"AA", Refusal::Action),
    (b"RichMedia", Refusal::Action),
    (b"EmbeddedFiles", Refusal::EmbeddedFile),
    (b"EF", Refusal::EmbeddedFile),
    (b"XFA", Refusal::DynamicForm),
    (b"Encrypt", Refusal::Encrypted),
];
/// What an action may not do.
const ACTIONS: [(&[u8], Refusal); 9] = [
    (b"JavaScript", Refusal::Script),
    (b"Launch", Refusal::Action),
    (b"SubmitForm", Refusal::Action),
    (b"ImportData", Refusal::Action),
    (b"RichMediaExecute", Refusal::Action),
    (b"Rendition", Refusal::Action),
    (b"Movie", Refusal::Action),
    (b"GoToE", Refusal::EmbeddedFile),
    (b"GoToR", Refusal::External),
];

/// The document, if it may be an attachment.
pub fn open(bytes: &[u8]) -> Result<Document, Refusal> {
    check_ends(bytes)?;
    for (name, refusal) in RAW {
        if contains(bytes, name) {
            return Err(refusal);
        }
    }
    let document = load(bytes)?;
    if document.trailer.has(b"Encrypt") {
        return Err(Refusal::Encrypted);
    }
    check_dictionary(&document.trailer, 0)?;
    document.objects.values().try_for_each(|object| check_object(object, 0))?;
    check_opening(&document)?;
    if document.page_iter().next().is_none() { Err(Refusal::Broken) } else { Ok(document) }
}

/// Nothing but white space after the document, and no web page in its beginning.
fn check_ends(bytes: &[u8]) -> Result<(), Refusal> {
    let end = memmem::rfind(bytes, END).ok_or(Refusal::Broken)?;
    let after = bytes.get(end + END.len()..).unwrap_or_default();
    if !after.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(Refusal::Surplus);
    }
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes).to_ascii_lowercase();
    if WEB.iter().any(|mark| contains(&head, mark)) { Err(Refusal::Surplus) } else { Ok(()) }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    memmem::find(bytes, wanted).is_some()
}

/// What the object streams of the file being read may still unpack to. The parser lets its filter
/// look at every object before it unpacks it, but lets it carry nothing else, and may call it from
/// several threads.
static ALLOWED: AtomicUsize = AtomicUsize::new(0);

/// Held while a file is read, as there is one allowance.
static READING: Mutex<()> = Mutex::new(());

fn load(bytes: &[u8]) -> Result<Document, Refusal> {
    let _reading = READING.lock().unwrap_or_else(PoisonError::into_inner);
    ALLOWED.store(MAX_UNPACKED_BYTES, SeqCst);
    let options = LoadOptions {
        strict: true,
        max_decompressed_size: Some(MAX_STREAM_BYTES),
        filter: Some(within_allowance),
        ..LoadOptions::default()
    };
    let loaded = Document::load_mem_with_options(bytes, options);
    if ALLOWED.load(SeqCst) == 0 {
        return Err(Refusal::Bomb);
    }
    loaded.map_err(|_| Refusal::Broken)
}

fn within_allowance(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && stream.dict.has_type(b"ObjStm")
    {
        let unpacked =
            stream.decompressed_content_with_limit(MAX_STREAM_BYTES).map_or(MAX_STREAM_BYTES, |c| c.len());
        let less = |left: usize| Some(left.saturating_sub(unpacked));
        // It always gives a value, so this never fails.
        let _ = ALLOWED.fetch_update(SeqCst, SeqCst, less);
    }
    (ALLOWED.load(SeqCst) > 0).then(|| (id, object.clone()))
}

fn check_object(object: &Object, depth: usize) -> Result<(), Refusal> {
    if depth > MAX_DEPTH {
        return Err(Refusal::Broken);
    }
    match object {
        Object::Array(all) => all.iter().try_for_each(|one| check_object(one, depth + 1)),
        Object::Dictionary(dictionary) => check_dictionary(dictionary, depth),
        Object::Stream(stream) => check_dictionary(&stream.dict, depth),
        _ => Ok(()),
    }
}

fn check_dictionary(dictionary: &Dictionary, depth: usize) -> Result<(), Refusal> {
    for (key, value) in dictionary.iter() {
        if let Some((_, refusal)) = KEYS.iter().find(|(name, _)| name == key) {
            return Err(*refusal);
        }
        if key == b"S"
            && let Ok(name) = value.as_name()
            && let Some((_, refusal)) = ACTIONS.iter().find(|(action, _)| *action == name)
        {
            return Err(*refusal);
        }
        check_object(value, depth + 1)?;
    }
    Ok(())
}

/// A document may say which page it opens at, and do nothing else when it opens.
fn check_opening(document: &Document) -> Result<(), Refusal> {
    let catalog = document.catalog().map_err(|_| Refusal::Broken)?;
    let Ok(opening) = catalog.get(b"OpenAction") else { return Ok(()) };
    let (_, opening) = document.dereference(opening).map_err(|_| Refusal::Broken)?;
    match opening {
        Object::Array(_) | Object::Null => Ok(()),
        Object::Dictionary(action) => match action.get(b"S").and_then(Object::as_name) {
            Ok(b"GoTo") if !action.has(b"Next") => Ok(()),
            _ => Err(Refusal::Action),
        },
        _ => Err(Refusal::Action),
    }
}
