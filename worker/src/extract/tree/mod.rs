//! The second tier: the tree of a document, by html5ever, as far as it matters: elements and their places, and the text of titles and
//! headings.

mod budget;
mod guard;
mod meaning;
mod nodes;
mod sink;
mod walk;

use html5ever::{LocalName, local_name};

use self::meaning::Meaning;
use self::nodes::{NONE, Node, Pieces};
use super::found::{Hrefs, MAX_TITLE_BYTES};

pub(super) use budget::read;
pub use budget::{MAX_DEPTH, MAX_NODES};

/// A node's place in [`Tree`].
type Id = u32;

/// The document itself.
const DOCUMENT: Id = 0;
/// A node for all that need not be in the tree: comments, and elements that mean nothing and have no children.
const NOTHING: Id = 1;

/// Bytes kept of one piece of text: white space is collapsed, so it is enough for the longest title.
const TEXT_BYTES: u32 = MAX_TITLE_BYTES as u32 + 8;
/// Bytes kept of all text of titles and headings.
const TEXTS_BYTES: usize = 1024 * 1024;

/// A document under construction.
#[derive(Debug)]
struct Tree {
    nodes: Pieces<Node>,
    /// What nodes mean: most mean the first one, nothing.
    meanings: Pieces<Meaning>,
    hrefs: Hrefs<'static>,
    /// The text of titles and headings, white space collapsed.
    texts: String,
    /// The language of the root element.
    language: Option<String>,
    deepest: u16,
    /// Some text was left out.
    cut: bool,
}

impl Default for Tree {
    fn default() -> Self {
        let mut tree = Self {
            nodes: Pieces::default(),
            meanings: Pieces::default(),
            hrefs: Hrefs::default(),
            texts: String::new(),
            language: None,
            deepest: 0,
            cut: false,
        };
        tree.meanings.push(Meaning::Other);
        for _ in [DOCUMENT, NOTHING] {
            tree.add(local_name!(""), 0, Meaning::Other);
        }
        tree
    }
}

impl Tree {
    /// Adds a node that is nowhere yet; `namespace` is one of the sink's.
    fn add(&mut self, name: LocalName, namespace: u8, meaning: Meaning) -> Id {
        let means = if meaning == Meaning::Other { 0 } else { self.meanings.push(meaning) };
        let has_text = matches!(meaning, Meaning::Title | Meaning::Heading(_));
        self.nodes.push(Node { means, has_text, namespace, ..Node::new(name) })
    }

    fn meaning(&self, id: Id) -> Meaning {
        *self.meanings.at(self.nodes.at(id).means)
    }

    /// Adds a template with its contents.
    fn add_template(&mut self, name: LocalName, namespace: u8) -> Id {
        let contents = self.add(local_name!(""), namespace, Meaning::Other);
        self.add(name, namespace, Meaning::Template(contents))
    }

    /// The root of a template's contents, as deep as the template itself.
    fn contents(&mut self, template: Id) -> Id {
        let Meaning::Template(contents) = self.meaning(template) else { return template };
        self.nodes.at_mut(contents).depth = self.nodes.at(template).depth.saturating_add(1);
        contents
    }

    /// Puts a node last under `parent`.
    fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let last = self.nodes.at(parent).last;
        self.link(child, parent, last, NONE);
    }

    /// Puts a node right before `sibling`, where that one is anywhere.
    fn insert_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let (parent, previous) = (self.nodes.at(sibling).parent, self.nodes.at(sibling).previous);
        if parent != NONE {
            self.link(child, parent, previous, sibling);
        }
    }

    /// Takes a node out of its place.
    fn detach(&mut self, id: Id) {
        let (parent, previous, next) = (self.nodes.at(id).parent, self.nodes.at(id).previous, self.nodes.at(id).next);
        if parent == NONE {
            return;
        }
        match previous {
            NONE => self.nodes.at_mut(parent).first = next,
            _ => self.nodes.at_mut(previous).next = next,
        }
        match next {
            NONE => self.nodes.at_mut(parent).last = previous,
            _ => self.nodes.at_mut(next).previous = previous,
        }
        let node = self.nodes.at_mut(id);
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }

    /// Moves all children of a node under another; how many there were.
    fn move_children(&mut self, from: Id, to: Id) -> usize {
        let mut moved = 0;
        while self.nodes.at(from).first != NONE {
            self.append(to, self.nodes.at(from).first);
            moved += 1;
        }
        moved
    }

    /// Puts text last under `parent`, or right before `sibling`, if it is of a title or a heading. No text ever gets into one later,
    /// with what it is in: what is moved is moved further out.
    fn add_text(&mut self, parent: Id, sibling: Option<Id>, text: &str) {
        if !self.nodes.at(parent).has_text {
            return;
        }
        let previous = sibling.map_or(self.nodes.at(parent).last, |sibling| self.nodes.at(sibling).previous);
        let end = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let means = if previous == NONE { 0 } else { self.nodes.at(previous).means };
        let (means, from) = match *self.meanings.at(means) {
            Meaning::Text { from, to } if to == end => (means, from),
            _ => {
                let id = self.add(local_name!(""), 0, Meaning::Text { from: end, to: end });
                self.link(id, parent, previous, sibling.unwrap_or(NONE));
                (self.nodes.at(id).means, end)
            }
        };
        let to = self.keep_text(from, text);
        *self.meanings.at_mut(means) = Meaning::Text { from, to };
    }

    /// Keeps what matters of a text, for a node whose text begins at `from`; the end of that.
    fn keep_text(&mut self, from: u32, text: &str) -> u32 {
        let begin = from as usize;
        for character in text.chars() {
            if self.texts.len() - begin >= TEXT_BYTES as usize {
                break;
            }
            if self.texts.len() >= TEXTS_BYTES {
                self.cut = true;
                break;
            }
            match character.is_ascii_whitespace() {
                true if self.texts[begin..].ends_with(' ') => {}
                true => self.texts.push(' '),
                false => self.texts.push(character),
            }
        }
        u32::try_from(self.texts.len()).unwrap_or(u32::MAX)
    }

    fn link(&mut self, child: Id, parent: Id, previous: Id, next: Id) {
        let above = self.nodes.at(parent);
        let (depth, has_text) = (above.depth.saturating_add(1), above.has_text);
        self.deepest = self.deepest.max(depth);
        let node = self.nodes.at_mut(child);
        (node.parent, node.previous, node.next, node.depth) = (parent, previous, next, depth);
        // What the parser has just made stands one in the other before it stands anywhere.
        let mut new = child;
        while has_text && new != NONE && !std::mem::replace(&mut self.nodes.at_mut(new).has_text, true) {
            new = self.nodes.at(new).first;
        }
        match previous {
            NONE => self.nodes.at_mut(parent).first = child,
            _ => self.nodes.at_mut(previous).next = child,
        }
        match next {
            NONE => self.nodes.at_mut(parent).last = child,
            _ => self.nodes.at_mut(next).previous = child,
        }
    }
}
