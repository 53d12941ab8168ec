//! The tags of an attachment become a part of the agenda's: one tree, one table that leads from the
//! pages into it, and names that are still unique.

use super::trees::{self, array, dictionary_of};
use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};
use std::collections::{BTreeMap, BTreeSet};

/// Keys that lead from the pages into the table.
const FROM_PAGES: [&[u8]; 2] = [b"StructParent", b"StructParents"];

/// The agenda's own tags, which those of the attachments are added to.
pub struct Tags {
    root: ObjectId,
    /// The element that all others stand in.
    document: ObjectId,
    parts: Vec<Object>,
    parents: trees::Numbers,
    names: trees::Names,
    roles: Dictionary,
    classes: Dictionary,
}

type Renamed = BTreeMap<Vec<u8>, Vec<u8>>;

/// How names change in one attachment, so that no two parts use one for two things.
struct Renaming {
    prefix: String,
    roles: Renamed,
    classes: Renamed,
}

impl Tags {
    pub fn of(agenda: &Document) -> Option<Self> {
        let root = agenda.catalog().ok()?.get(b"StructTreeRoot").ok()?.as_reference().ok()?;
        let tree = agenda.get_dictionary(root).ok()?;
        Some(Self {
            root,
            document: array(agenda, tree, b"K")?.first()?.as_reference().ok()?,
            parts: Vec::new(),
            parents: tree.get(b"ParentTree").map(|tree| trees::numbers(agenda, tree)).unwrap_or_default(),
            names: tree.get(b"IDTree").map(|tree| trees::names(agenda, tree)).unwrap_or_default(),
            roles: own(agenda, tree, b"RoleMap"),
            classes: own(agenda, tree, b"ClassMap"),
        })
    }

    /// Takes in the tags of a part, whose objects have their final numbers, as an element with this
    /// title; `number` is another for each part. A part without tags leads nowhere.
    pub fn take_in(&mut self, part: &mut Document, title: &Object, number: usize) {
        let tree =
            part.catalog().ok().and_then(|catalog| dictionary_of(part, catalog.get(b"StructTreeRoot").ok()?));
        let Some(tree) = tree.cloned() else { return lead_nowhere(part) };
        let first = self.parents.last_key_value().map_or(0, |(key, _)| key.saturating_add(1));
        let parents = tree.get(b"ParentTree").map(|tree| trees::numbers(part, tree)).unwrap_or_default();
        self.parents.extend(parents.into_iter().map(|(key, to)| (key.saturating_add(first), to)));
        lead_on(part, first);
        let renaming = Renaming {
            prefix: format!("bilag{number}-"),
            roles: merge(&mut self.roles, own(part, &tree, b"RoleMap"), number),
            classes: merge(&mut self.classes, own(part, &tree, b"ClassMap"), number),
        };
        let names = tree.get(b"IDTree").map(|tree| trees::names(part, tree)).unwrap_or_default();
        self.names.extend(names.into_iter().map(|(name, to)| (renaming.name(&name), to)));
        let tops = tops(part, &tree);
        renaming.carry_out(part, &tops);
        self.parts.push(Object::Reference(element(part, title, self.document, &tops)));
    }

    /// Writes all tags into the joined file.
    pub fn write(self, joined: &mut Document) -> Option<()> {
        joined
            .get_dictionary_mut(self.document)
            .ok()?
            .get_mut(b"K")
            .ok()?
            .as_array_mut()
            .ok()?
            .extend(self.parts);
        let next = self.parents.last_key_value().map_or(0, |(key, _)| key.saturating_add(1));
        let tree = joined.get_dictionary_mut(self.root).ok()?;
        tree.set("ParentTree", trees::of_numbers(self.parents));
        tree.set("ParentTreeNextKey", next);
        if !self.names.is_empty() {
            tree.set("IDTree", trees::of_names(self.names));
        }
        tree.set("RoleMap", self.roles);
        if !self.classes.is_empty() {
            tree.set("ClassMap", self.classes);
        }
        Some(())
    }
}

/// The element that a part's own stand in.
fn element(part: &mut Document, title: &Object, document: ObjectId, tops: &[ObjectId]) -> ObjectId {
    let mut element = dictionary! {
        "Type" => "StructElem",
        "S" => "Part",
        "P" => document,
        "T" => title.clone(),
        "K" => tops.iter().map(|id| Object::Reference(*id)).collect::<Vec<_>>(),
    };
    if let Ok(language) = part.catalog().and_then(|catalog| catalog.get(b"Lang")) {
        element.set("Lang", language.clone());
    }
    let id = part.add_object(element);
    for top in tops {
        if let Ok(one) = part.get_dictionary_mut(*top) {
            one.set("P", id);
            if one.get(b"S").and_then(Object::as_name).is_ok_and(|kind| kind == b"Document") {
                one.set("S", "Sect");
            }
        }
    }
    id
}

fn own(document: &Document, tree: &Dictionary, key: &[u8]) -> Dictionary {
    tree.get(key).ok().and_then(|map| dictionary_of(document, map)).cloned().unwrap_or_default()
}

/// Adds a part's names to those in use; one that means something else already gets another name.
fn merge(all: &mut Dictionary, more: Dictionary, number: usize) -> Renamed {
    let mut renamed = Renamed::new();
    for (name, meaning) in more {
        if all.get(&name).is_ok_and(|known| *known != meaning) {
            let other = [name.as_slice(), format!("-bilag{number}").as_bytes()].concat();
            all.set(other.clone(), meaning);
            renamed.insert(name, other);
        } else {
            all.set(name, meaning);
        }
    }
    renamed
}

/// The outermost elements; one that has no number gets one.
fn tops(part: &mut Document, tree: &Dictionary) -> Vec<ObjectId> {
    let kids =
        match tree.get(b"K").and_then(|kids| part.dereference(kids)).map(|(id, kids)| (id, kids.clone())) {
            Ok((_, Object::Array(kids))) => kids,
            Ok((Some(id), Object::Dictionary(_))) => vec![Object::Reference(id)],
            Ok((None, one @ Object::Dictionary(_))) => vec![one],
            _ => Vec::new(),
        };
    let id = |kid| match kid {
        Object::Reference(id) => Some(id),
        Object::Dictionary(_) => Some(part.add_object(kid)),
        _ => None,
    };
    kids.into_iter().filter_map(id).collect()
}

fn from_pages(part: &mut Document, change: &mut impl FnMut(&mut Dictionary, &[u8])) {
    for object in part.objects.values_mut() {
        super::objects::each(object, &mut |one| {
            let dictionary = match one {
                Object::Dictionary(dictionary) => dictionary,
                Object::Stream(stream) => &mut stream.dict,
                _ => return,
            };
            FROM_PAGES.iter().for_each(|key| change(dictionary, key));
        });
    }
}

/// The pages lead to the same elements, behind those that are there already.
fn lead_on(part: &mut Document, first: i64) {
    from_pages(part, &mut |dictionary, key| {
        if let Ok(Object::Integer(number)) = dictionary.get_mut(key) {
            *number = number.saturating_add(first);
        }
    });
}

fn lead_nowhere(part: &mut Document) {
    from_pages(part, &mut |dictionary, key| drop(dictionary.remove(key)));
}

impl Renaming {
    fn name(&self, name: &[u8]) -> Vec<u8> {
        [self.prefix.as_bytes(), name].concat()
    }

    /// Renames in all elements below these.
    fn carry_out(&self, part: &mut Document, tops: &[ObjectId]) {
        let mut seen = BTreeSet::new();
        let mut waiting = tops.to_vec();
        while let Some(id) = waiting.pop() {
            if seen.insert(id)
                && let Some(object) = part.objects.get_mut(&id)
            {
                self.object(object, &mut waiting);
            }
        }
    }

    /// An element, a list of them, or its attributes.
    fn object(&self, object: &mut Object, waiting: &mut Vec<ObjectId>) {
        match object {
            Object::Reference(id) => waiting.push(*id),
            Object::Array(all) => all.iter_mut().for_each(|one| self.object(one, waiting)),
            Object::Dictionary(one) => self.dictionary(one, waiting),
            _ => {}
        }
    }

    fn dictionary(&self, one: &mut Dictionary, waiting: &mut Vec<ObjectId>) {
        let kind = one.get(b"Type").and_then(Object::as_name).unwrap_or_default();
        if [&b"MCR"[..], b"OBJR"].contains(&kind) {
            return;
        }
        self.rename(one, b"S", &self.roles);
        self.rename(one, b"C", &self.classes);
        if let Ok(Object::String(name, _)) = one.get_mut(b"ID") {
            *name = self.name(name);
        }
        if let Ok(Object::Array(heads)) = one.get_mut(b"Headers") {
            for head in heads {
                if let Object::String(name, _) = head {
                    *name = self.name(name);
                }
            }
        }
        for key in [&b"K"[..], b"A"] {
            if let Ok(inner) = one.get_mut(key) {
                self.object(inner, waiting);
            }
        }
    }

    fn rename(&self, one: &mut Dictionary, key: &[u8], renamed: &Renamed) {
        let change = |object: &mut Object| {
            if let Object::Name(name) = object
                && let Some(other) = renamed.get(name)
            {
                name.clone_from(other);
            }
        };
        match one.get_mut(key) {
            Ok(Object::Array(all)) => all.iter_mut().for_each(change),
            Ok(name) => change(name),
            Err(_) => {}
        }
    }
}
