//! Why a file is not taken in, and what a person is told to do about it.

use agenda::language::Language;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its name has an ending that is not on the list.
    UnknownKind,
    Empty,
    TooLarge,
    /// Its first bytes are of another kind than its name says.
    NotWhatItSays,
    /// It cannot be read as what it is.
    Broken,
    /// Something else stands before or after the document.
    Surplus,
    Encrypted,
    Script,
    /// It does something by itself when it is opened or read.
    Action,
    EmbeddedFile,
    /// An XFA form.
    DynamicForm,
    Macros,
    /// It fetches something from elsewhere.
    External,
    /// It unpacks to far more than it is.
    Bomb,
    TooManyPixels,
    /// A text in another encoding.
    NotUtf8,
}

impl Refusal {
    pub fn explain(self, language: Language) -> &'static str {
        let (danish, english) = match self {
            Self::UnknownKind => (
                "Filtypen kan ikke bruges. Brug PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), PNG, JPEG, txt eller csv.",
                "This type of file cannot be used. Use PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), PNG, JPEG, txt or csv.",
            ),
            Self::Empty => (
                "Filen er tom. Gem den igen, og læg den op.",
                "The file is empty. Save it again and upload it.",
            ),
            Self::TooLarge => (
                "Filen er for stor. Den må højst være 50 MB. Gem den i en mindre udgave, eller del den op.",
                "The file is too large. It may be 50 MB at most. Save a smaller one, or split it.",
            ),
            Self::NotWhatItSays => (
                "Filen er ikke det, dens navn siger. Åbn den i det program, den er lavet i, og gem den igen.",
                "The file is not what its name says. Open it in the program that made it and save it again.",
            ),
            Self::Broken => (
                "Filen er ødelagt eller ufuldstændig og kan ikke læses. Gem den igen, eller gem den som PDF.",
                "The file is damaged or incomplete and cannot be read. Save it again, or save it as PDF.",
            ),
            Self::Surplus => (
                "Der er gemt noget andet i filen før eller efter dens indhold. Gem den på ny; en PDF kan du udskrive til en ny PDF.",
                "Something else is stored in the file before or after its content. Save it anew; print a PDF to a new PDF.",
            ),
            Self::Encrypted => (
                "Filen er låst med adgangskode. Fjern adgangskoden, og læg filen op igen.",
                "The file is protected by a password. Remove the password and upload the file again.",
            ),
            Self::Script => (
                "Filen indeholder JavaScript. Udskriv den til en ny PDF, og læg den op.",
                "The file contains JavaScript. Print it to a new PDF and upload that.",
            ),
            Self::Action => (
                "Filen gør noget af sig selv, når den åbnes eller læses. Udskriv den til en ny PDF, og læg den op.",
                "The file does something by itself when it is opened or read. Print it to a new PDF and upload that.",
            ),
            Self::EmbeddedFile => (
                "Der ligger andre filer inde i filen. Læg dem op som bilag for sig, og gem filen uden dem.",
                "There are other files inside the file. Upload those by themselves, and save the file without them.",
            ),
            Self::DynamicForm => (
                "Filen er en formular, der ændrer sig (XFA). Udskriv den til en ny PDF, og læg den op.",
                "The file is a form that changes (XFA). Print it to a new PDF and upload that.",
            ),
            Self::Macros => (
                "Filen indeholder makroer. Gem den uden makroer, eller gem den som PDF.",
                "The file contains macros. Save it without macros, or save it as PDF.",
            ),
            Self::External => (
                "Filen henter noget udefra, for eksempel en skabelon, et billede eller en anden projektmappe. \
                 Fjern kæderne, eller gem den som PDF.",
                "The file fetches something from elsewhere: a template, a picture or another workbook. \
                 Remove the links, or save it as PDF.",
            ),
            Self::Bomb => (
                "Filen fylder langt mere, end den ser ud til, når den pakkes ud. Gem den igen, eller gem den som PDF.",
                "The file unpacks to far more than it seems to be. Save it again, or save it as PDF.",
            ),
            Self::TooManyPixels => (
                "Billedet har for mange billedpunkter. Gem det i en mindre størrelse.",
                "The picture has too many pixels. Save it in a smaller size.",
            ),
            Self::NotUtf8 => (
                "Teksten er ikke gemt som UTF-8. Gem den igen, og vælg UTF-8.",
                "The text is not saved as UTF-8. Save it again and choose UTF-8.",
            ),
        };
        language.pick(danish, english)
    }
}
