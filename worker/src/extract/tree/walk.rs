//! From a tree to what it says, by a walk in document order. Contents of templates are in no document.

use super::nodes::NONE;
use super::{DOCUMENT, Id, Meaning, Tree};
use crate::extract::found::{Found, MAX_TITLE_BYTES, Text};

impl Tree {
    /// What the document says.
    pub(super) fn into_found(mut self) -> Found<'static> {
        let found =
            Found { hrefs: std::mem::take(&mut self.hrefs), language: self.language.take(), ..Found::default() };
        let mut walk = Walk { tree: &self, found, hidden: 0, in_title: false };
        let mut id = self.nodes.at(DOCUMENT).first;
        while id != NONE {
            walk.enter(id);
            id = walk.next(id);
        }
        walk.found
    }
}

struct Walk<'a> {
    tree: &'a Tree,
    found: Found<'static>,
    /// How many scripts and styles are around.
    hidden: usize,
    /// The first title is around.
    in_title: bool,
}

impl Walk<'_> {
    fn enter(&mut self, id: Id) {
        let found = &mut self.found;
        match self.tree.meaning(id) {
            Meaning::Other | Meaning::Template(_) => {}
            Meaning::Link { to, follow } => found.link(to, follow),
            Meaning::Base(href) => found.base = found.base.or(Some(href)),
            Meaning::Meta { nofollow, refresh } => {
                found.nofollow |= nofollow;
                if let Some(target) = refresh {
                    found.refresh(target);
                }
            }
            Meaning::Canonical(href) => found.canonical = found.canonical.or(Some(href)),
            Meaning::Title if found.title.is_none() => {
                found.title = Some(Text::new(MAX_TITLE_BYTES));
                self.in_title = true;
            }
            Meaning::Title => {}
            Meaning::Heading(level) => found.outline.open(level),
            Meaning::Hidden => self.hidden += 1,
            Meaning::Text { from, to } if self.hidden == 0 => {
                let text = &self.tree.texts[from as usize..to as usize];
                found.outline.text(text);
                if let Some(title) = found.title.as_mut().filter(|_| self.in_title) {
                    title.push(text);
                }
            }
            Meaning::Text { .. } => {}
        }
    }

    fn leave(&mut self, id: Id) {
        match self.tree.meaning(id) {
            Meaning::Title => self.in_title = false,
            Meaning::Heading(_) => self.found.outline.close(),
            Meaning::Hidden => self.hidden -= 1,
            _ => {}
        }
    }

    /// The next node in document order.
    fn next(&mut self, mut id: Id) -> Id {
        if self.tree.nodes.at(id).first != NONE {
            return self.tree.nodes.at(id).first;
        }
        while id != NONE && id != DOCUMENT {
            self.leave(id);
            if self.tree.nodes.at(id).next != NONE {
                return self.tree.nodes.at(id).next;
            }
            id = self.tree.nodes.at(id).parent;
        }
        NONE
    }
}
