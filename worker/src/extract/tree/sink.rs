//! What html5ever builds into: it turns the parser's calls into [`Tree`] operations, and counts them.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, expanded_name, local_name, ns};

use super::meaning::{self, Meaning, meaning};
use super::nodes::NONE;
use super::{DOCUMENT, Id, NOTHING, Tree};
use crate::extract::found;

/// The namespaces of elements. An annotation-xml that leads back to HTML is told from others by a number of its own.
const NAMESPACES: [Namespace; 5] = [ns!(html), ns!(svg), ns!(mathml), ns!(mathml), ns!()];
const MATHML: u8 = 2;
const INTEGRATION_POINT: u8 = 3;

/// The parser's view of a [`Tree`].
#[derive(Debug)]
pub(super) struct Sink {
    tree: RefCell<Tree>,
    namespaces: [Namespace; 5],
    /// Our name, by which a `meta` may speak to us alone.
    agent: String,
    /// Steps that the parser took: it looks at an element's name, mostly, in one list or another.
    work: Cell<u64>,
}

impl Sink {
    pub(super) fn new(agent: &str) -> Self {
        Self { tree: RefCell::default(), namespaces: NAMESPACES, agent: agent.to_owned(), work: Cell::new(0) }
    }

    /// The number of nodes, and the depth of the deepest.
    pub(super) fn size(&self) -> (usize, u16) {
        let tree = self.tree.borrow();
        (tree.nodes.len(), tree.deepest)
    }

    pub(super) fn work(&self) -> u64 {
        self.work.get()
    }

    /// Adds to the steps that were taken.
    pub(super) fn charge(&self, steps: usize) {
        self.work.set(self.work.get().saturating_add(steps as u64));
    }

    fn insert(&self, parent: Id, sibling: Option<Id>, child: NodeOrText<Id>) {
        let mut tree = self.tree.borrow_mut();
        match (child, sibling) {
            (NodeOrText::AppendNode(NOTHING), _) => {}
            (NodeOrText::AppendNode(child), None) => tree.append(parent, child),
            (NodeOrText::AppendNode(child), Some(sibling)) => tree.insert_before(sibling, child),
            (NodeOrText::AppendText(text), _) => tree.add_text(parent, sibling, &text),
        }
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn get_document(&self) -> Id {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Name<'a> {
        self.charge(1);
        let tree = self.tree.borrow();
        let namespace = &self.namespaces[usize::from(tree.nodes.at(*target).namespace)];
        Name { local: Ref::map(tree, |tree| &tree.nodes.at(*target).name), namespace }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let mut tree = self.tree.borrow_mut();
        let mut namespace = NAMESPACES.iter().position(|known| *known == name.ns).unwrap_or(NAMESPACES.len() - 1) as u8;
        if namespace == MATHML && flags.mathml_annotation_xml_integration_point {
            namespace = INTEGRATION_POINT;
        }
        if name.expanded() == expanded_name!(html "template") {
            return tree.add_template(name.local, namespace);
        }
        if name.expanded() == expanded_name!(html "html") {
            tree.speak(&attributes);
        }
        // Addresses are hashed.
        self.charge(attributes.iter().map(|attribute| attribute.value.len()).sum());
        let meaning = meaning(&name, &attributes, &self.agent, &mut tree.hrefs);
        if meaning == Meaning::Other && meaning::is_void(&name) {
            return NOTHING;
        }
        tree.add(name.local, namespace, meaning)
    }

    fn create_comment(&self, _text: StrTendril) -> Id {
        NOTHING
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Id {
        NOTHING
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.insert(*parent, None, child);
    }

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let parent = self.tree.borrow().nodes.at(*sibling).parent;
        if parent != NONE {
            self.insert(parent, Some(*sibling), child);
        }
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let has_parent = self.tree.borrow().nodes.at(*element).parent != NONE;
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn get_template_contents(&self, target: &Id) -> Id {
        self.tree.borrow_mut().contents(*target)
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        self.charge(1);
        x == y
    }

    fn remove_from_parent(&self, target: &Id) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let moved = self.tree.borrow_mut().move_children(*node, *new_parent);
        self.charge(moved);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Id) -> bool {
        self.tree.borrow().nodes.at(*target).namespace == INTEGRATION_POINT
    }

    /// Only `html` and `body` get attributes later; neither can be a link.
    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        if tree.nodes.at(*target).name == local_name!("html") {
            tree.speak(&attributes);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {}
    fn parse_error(&self, _message: Cow<'static, str>) {}
    fn set_quirks_mode(&self, _mode: QuirksMode) {}
}

impl Tree {
    /// Attributes of the root element, of which the first `lang` counts.
    fn speak(&mut self, attributes: &[Attribute]) {
        if self.language.is_none() {
            let written = meaning::get(attributes, &local_name!("lang"));
            self.language = written.map(|written| found::language(written).unwrap_or_default());
        }
    }
}

/// An element's name.
#[derive(Debug)]
pub(super) struct Name<'a> {
    namespace: &'a Namespace,
    local: Ref<'a, LocalName>,
}

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        self.namespace
    }

    fn local_name(&self) -> &LocalName {
        &self.local
    }
}
