//! What the typesetter may see of the world: the template, the data and the embedded fonts.
//! It has no clock, no disk and no network; whatever else it asks for is denied.

use super::{PdfError, fonts::FONTS, sheet::Sheet};
use crate::proof::Stand;
use agenda::publication::Publication;
use jiff::civil::DateTime;
use typst::{
    Feature, Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic, SourceResult, Warned},
    foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Label, Smart},
    introspection::Introspector,
    syntax::{FileId, Source},
    text::{Font, FontBook},
    utils::{LazyHash, PicoStr},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

const TEMPLATE: &str = include_str!("agenda.typ");
const CREATOR: &str = "Dagsorden";

/// What the file says of itself beside the text.
pub struct Identity {
    /// Names the document among all others.
    ident: String,
    /// When the meeting is: a clock would make other bytes each time.
    date: DateTime,
}

pub fn identity(publication: &Publication, stand: Stand<'_>) -> Identity {
    let stand = match stand {
        Stand::Published(proof) => format!("{}/{}", proof.edition, proof.position),
        Stand::Imported => "imported".to_owned(),
        Stand::Draft => "draft".to_owned(),
    };
    Identity {
        ident: format!("{}/{stand}/{}", publication.meeting, publication.content_hash()),
        date: publication.date.to_datetime(publication.time),
    }
}

/// The bytes of the PDF, and what the typesetter has to say about it.
pub fn set(sheet: &Sheet, identity: &Identity) -> Result<(Vec<u8>, Vec<String>), PdfError> {
    let made = lay_out(sheet)?;
    // Before the file is written, so that the worker never holds both.
    forget();
    let bytes = made.output.and_then(|document| typst_pdf::pdf(&document, &options(identity)?));
    forget();
    let bytes = bytes.map_err(|errors| PdfError::Typesetter(told(&errors).join("; ")))?;
    Ok((bytes, told(&made.warnings)))
}

/// The page that each label stands on.
pub fn pages<'a>(sheet: &Sheet, labels: impl Iterator<Item = &'a str>) -> Result<Vec<u32>, PdfError> {
    let made = lay_out(sheet)?;
    let pages = made.output.map(|document| labels.map(|label| page(&document, label)).collect());
    forget();
    let pages: Option<_> = pages.map_err(|errors| PdfError::Typesetter(told(&errors).join("; ")))?;
    pages.ok_or_else(|| PdfError::Typesetter("a heading stands on no page".into()))
}

fn page(document: &PagedDocument, label: &str) -> Option<u32> {
    let introspector = document.introspector();
    let label = Label::new(PicoStr::intern(label))?;
    let place = introspector.query_label(label).ok()?.location()?;
    introspector.page(place)?.get().try_into().ok()
}

fn lay_out(sheet: &Sheet) -> Result<Warned<SourceResult<PagedDocument>>, PdfError> {
    let data = serde_json::to_string(sheet).map_err(|error| PdfError::Typesetter(error.to_string()))?;
    Ok(typst::compile(&Desk::new(data)))
}

/// What the typesetter keeps for the next time is worth nothing where every text is new.
fn forget() {
    typst::comemo::evict(0);
}

fn told(diagnostics: &[SourceDiagnostic]) -> Vec<String> {
    let one = |diagnostic: &SourceDiagnostic| {
        let hints = diagnostic.hints.iter().map(|hint| format!(" ({})", hint.v));
        format!("{}{}", diagnostic.message, hints.collect::<String>())
    };
    diagnostics.iter().map(one).collect()
}

fn options(identity: &Identity) -> SourceResult<PdfOptions> {
    let date = identity.date;
    let part = |n: i8| u8::try_from(n).unwrap_or_default();
    let (month, day) = (part(date.month()), part(date.day()));
    let (hour, minute) = (part(date.hour()), part(date.minute()));
    let date = Datetime::from_ymd_hms(date.year().into(), month, day, hour, minute, 0);
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| SourceDiagnostic::error(typst::syntax::Span::detached(), error.message().clone()))
        .map_err(|error| typst::ecow::eco_vec![error])?;
    Ok(PdfOptions {
        ident: Smart::Custom(identity.ident.clone()),
        creator: Smart::Custom(Some(CREATOR.to_owned())),
        timestamp: date.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}

/// One render's view of the world.
struct Desk {
    library: LazyHash<Library>,
    template: Source,
}

impl Desk {
    fn new(data: String) -> Self {
        let mut inputs = Dict::new();
        inputs.insert("sheet".into(), data.into_value());
        // Headers of rows; the whole of it is behind a flag that promises no stability, so the
        // version of the typesetter is pinned.
        let features = [Feature::A11yExtras].into_iter().collect();
        let library = Library::builder().with_inputs(inputs).with_features(features).build();
        Self { library: LazyHash::new(library), template: Source::detached(TEMPLATE) }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
