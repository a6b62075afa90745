//! The tree of a document, as far as links need it: elements and their places, no text, no attributes but a few.

use std::borrow::Cow;

use html5ever::QualName;

/// A node's place in [`Tree`].
pub(super) type Id = u32;

/// The document itself.
pub(super) const DOCUMENT: Id = 0;
/// No node.
const NONE: Id = u32::MAX;

/// What an element means for links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing.
    #[default]
    Other,
    /// `a` or `area` with an `href`.
    Link {
        /// The attribute.
        href: String,
        /// `rel` has the token `nofollow`.
        nofollow: bool,
    },
    /// `base` with an `href`.
    Base(String),
    /// A `meta` for all robots, or for us, that says `nofollow` or `none`.
    Nofollow,
}

/// What a document says about links, in document order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found<'a> {
    /// Each link's `href` and whether it asks not to be followed.
    pub(super) links: Vec<(Cow<'a, str>, bool)>,
    /// The `href` of the first `base` that has one.
    pub(super) base: Option<Cow<'a, str>>,
    /// The page asks that none of its links be followed.
    pub(super) nofollow: bool,
}

#[derive(Debug)]
struct Node {
    /// `None` for the document, comments and the contents of templates.
    name: Option<QualName>,
    meaning: Meaning,
    parent: Id,
    previous: Id,
    next: Id,
    first: Id,
    last: Id,
    depth: u32,
    /// Of a template: the root of its contents, which are in no document.
    contents: Id,
    annotation_xml_integration_point: bool,
}

/// A document under construction.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    deepest: u32,
}

impl Default for Tree {
    fn default() -> Self {
        let mut tree = Self { nodes: Vec::new(), deepest: 0 };
        tree.add(None, Meaning::Other, false);
        tree
    }
}

impl Tree {
    /// Adds a node that is nowhere yet.
    pub(super) fn add(&mut self, name: Option<QualName>, meaning: Meaning, integration_point: bool) -> Id {
        let id = Id::try_from(self.nodes.len()).unwrap_or(NONE - 1);
        self.nodes.push(Node {
            name,
            meaning,
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
            depth: 0,
            contents: NONE,
            annotation_xml_integration_point: integration_point,
        });
        id
    }

    /// Gives a template its contents.
    pub(super) fn add_contents(&mut self, template: Id) {
        let contents = self.add(None, Meaning::Other, false);
        self.at_mut(template).contents = contents;
    }

    /// The root of a template's contents, as deep as the template itself.
    pub(super) fn contents(&mut self, template: Id) -> Id {
        let (contents, depth) = (self.at(template).contents, self.at(template).depth + 1);
        if contents == NONE {
            return template;
        }
        self.at_mut(contents).depth = depth;
        contents
    }

    pub(super) fn name(&self, id: Id) -> Option<&QualName> {
        self.at(id).name.as_ref()
    }

    pub(super) fn has_parent(&self, id: Id) -> bool {
        self.at(id).parent != NONE
    }

    pub(super) fn is_integration_point(&self, id: Id) -> bool {
        self.at(id).annotation_xml_integration_point
    }

    /// The number of nodes, and the depth of the deepest.
    pub(super) fn size(&self) -> (usize, u32) {
        (self.nodes.len(), self.deepest)
    }

    /// Puts a node last under `parent`.
    pub(super) fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let last = self.at(parent).last;
        self.link(child, parent, last, NONE);
    }

    /// Puts a node right before `sibling`, where that one is anywhere.
    pub(super) fn insert_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let (parent, previous) = (self.at(sibling).parent, self.at(sibling).previous);
        if parent != NONE {
            self.link(child, parent, previous, sibling);
        }
    }

    /// Takes a node out of its place.
    pub(super) fn detach(&mut self, id: Id) {
        let (parent, previous, next) = (self.at(id).parent, self.at(id).previous, self.at(id).next);
        if parent == NONE {
            return;
        }
        match previous {
            NONE => self.at_mut(parent).first = next,
            _ => self.at_mut(previous).next = next,
        }
        match next {
            NONE => self.at_mut(parent).last = previous,
            _ => self.at_mut(next).previous = previous,
        }
        let node = self.at_mut(id);
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }

    /// Moves all children of a node under another.
    pub(super) fn move_children(&mut self, from: Id, to: Id) {
        while self.at(from).first != NONE {
            self.append(to, self.at(from).first);
        }
    }

    /// What the document says, by a walk in document order. Contents of templates are in no document.
    pub(super) fn found(&self) -> Found<'_> {
        let mut found = Found::default();
        let mut id = self.at(DOCUMENT).first;
        while id != NONE {
            match &self.at(id).meaning {
                Meaning::Other => {}
                Meaning::Link { href, nofollow } => found.links.push((href.into(), *nofollow)),
                Meaning::Base(href) => found.base = found.base.or(Some(href.into())),
                Meaning::Nofollow => found.nofollow = true,
            }
            id = self.following(id);
        }
        found
    }

    /// The next node in document order.
    fn following(&self, id: Id) -> Id {
        if self.at(id).first != NONE {
            return self.at(id).first;
        }
        let mut id = id;
        while id != NONE && self.at(id).next == NONE {
            id = self.at(id).parent;
        }
        if id == NONE { NONE } else { self.at(id).next }
    }

    fn link(&mut self, child: Id, parent: Id, previous: Id, next: Id) {
        let depth = self.at(parent).depth + 1;
        self.deepest = self.deepest.max(depth);
        let node = self.at_mut(child);
        (node.parent, node.previous, node.next, node.depth) = (parent, previous, next, depth);
        match previous {
            NONE => self.at_mut(parent).first = child,
            _ => self.at_mut(previous).next = child,
        }
        match next {
            NONE => self.at_mut(parent).last = child,
            _ => self.at_mut(next).previous = child,
        }
    }

    fn at(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    fn at_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id as usize]
    }
}
