//! What html5ever builds into: it turns the parser's calls into [`Tree`] operations and reads the few attributes that matter.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, expanded_name, local_name, ns};

use super::budget::{MAX_DEPTH, MAX_NODES};
use super::directives;
use super::tree::{DOCUMENT, Id, Meaning, Tree};

/// The parser's view of a [`Tree`].
#[derive(Debug)]
pub(super) struct Sink {
    tree: RefCell<Tree>,
    /// Our name, by which a `meta` may speak to us alone.
    agent: String,
}

impl Sink {
    pub(super) fn new(agent: &str) -> Self {
        Self { tree: RefCell::default(), agent: agent.to_owned() }
    }

    /// Whether the document has grown beyond what is parsed.
    pub(super) fn exhausted(&self) -> bool {
        let (nodes, depth) = self.tree.borrow().size();
        nodes > MAX_NODES || depth > MAX_DEPTH
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn get_document(&self) -> Id {
        DOCUMENT
    }

    /// The parser asks this of elements only.
    #[allow(clippy::expect_used)]
    fn elem_name<'a>(&'a self, target: &'a Id) -> Ref<'a, QualName> {
        Ref::map(self.tree.borrow(), |tree| tree.name(*target).expect("an element has a name"))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let is_template = name.expanded() == expanded_name!(html "template");
        let meaning = meaning(&name, &attributes, &self.agent);
        let mut tree = self.tree.borrow_mut();
        let id = tree.add(Some(name), meaning, flags.mathml_annotation_xml_integration_point);
        if is_template {
            tree.add_contents(id);
        }
        id
    }

    fn create_comment(&self, _text: StrTendril) -> Id {
        self.tree.borrow_mut().add(None, Meaning::Other, false)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Id {
        self.tree.borrow_mut().add(None, Meaning::Other, false)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        if let NodeOrText::AppendNode(child) = child {
            self.tree.borrow_mut().append(*parent, child);
        }
    }

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        if let NodeOrText::AppendNode(child) = child {
            self.tree.borrow_mut().insert_before(*sibling, child);
        }
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        if self.tree.borrow().has_parent(*element) {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn get_template_contents(&self, target: &Id) -> Id {
        self.tree.borrow_mut().contents(*target)
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn remove_from_parent(&self, target: &Id) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        self.tree.borrow_mut().move_children(*node, *new_parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Id) -> bool {
        self.tree.borrow().is_integration_point(*target)
    }

    /// Only `html` and `body` get attributes later; neither can be a link.
    fn add_attrs_if_missing(&self, _target: &Id, _attributes: Vec<Attribute>) {}
    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {}
    fn parse_error(&self, _message: Cow<'static, str>) {}
    fn set_quirks_mode(&self, _mode: QuirksMode) {}
}

/// What an element means for links.
fn meaning(name: &QualName, attributes: &[Attribute], agent: &str) -> Meaning {
    let get = |wanted: html5ever::LocalName| {
        let found = attributes.iter().find(|a| a.name.ns == ns!() && a.name.local == wanted);
        found.map(|attribute| &*attribute.value)
    };
    match name.expanded() {
        expanded_name!(html "a") | expanded_name!(html "area") => {
            get(local_name!("href")).map_or(Meaning::Other, |href| Meaning::Link {
                href: href.to_owned(),
                nofollow: get(local_name!("rel")).is_some_and(directives::rel_says_nofollow),
            })
        }
        expanded_name!(html "base") => {
            get(local_name!("href")).map_or(Meaning::Other, |href| Meaning::Base(href.to_owned()))
        }
        expanded_name!(html "meta") => {
            let for_us = get(local_name!("name")).is_some_and(|name| directives::meta_speaks_to(name, agent));
            let says = get(local_name!("content")).is_some_and(directives::meta_says_nofollow);
            if for_us && says { Meaning::Nofollow } else { Meaning::Other }
        }
        _ => Meaning::Other,
    }
}
