//! Links that an import cannot keep: their words stay, and a warning names the target.

use crate::{
    inline::{self, Looks},
    model::Note,
};

/// Warns of link targets that lead nowhere, or where no published text may point.
pub(crate) fn note_dead(line: usize, targets: &[String], warnings: &mut Vec<Note>) {
    for target in targets {
        warnings.push(match target.trim() {
            "#" | "" => Note::new(line, "Linket peger ingen steder hen; kun teksten er bevaret."),
            target => {
                Note::new(line, format!("Linket til «{target}» kan ikke bruges; kun teksten er bevaret."))
            }
        });
    }
}

/// The words of a text that has no place for links (a title, a name), with a warning for each
/// link in it. Places in the document itself, as tables of contents link to, are no loss.
pub(crate) fn plain(line: usize, text: &str, warnings: &mut Vec<Note>) -> String {
    let mut looks = Looks::default();
    let runs = inline::parse(text, &mut looks);
    let mut targets: Vec<_> = runs.iter().filter_map(|run| run.link.as_deref()).collect();
    targets.dedup();
    warnings.extend(targets.into_iter().map(|target| {
        Note::new(line, format!("Linket til «{target}» har ingen plads her; kun teksten er bevaret."))
    }));
    looks.dead.retain(|target| target == "#" || !target.starts_with('#'));
    note_dead(line, &looks.dead, warnings);
    runs.into_iter().map(|run| run.text).collect()
}
