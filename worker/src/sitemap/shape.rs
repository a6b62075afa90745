//! Which elements of an XML document are addresses: those at the end of one path from its root.
//!
//! A path is compared by depth and names. Elements of another prefix than the root's are another vocabulary's, so an `image:loc` is
//! no `loc`, wherever it stands.

use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;
use quick_xml::name::Prefix;

use super::End;
use super::list::{Address, List, Target};

/// A kind of document.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    root: &'static str,
    /// From the root's children to the element with the address.
    path: &'static [&'static str],
    target: Target,
    /// The address is the attribute `href`, not the text.
    by_href: bool,
}

const SHAPES: [Shape; 4] = [
    Shape { root: "urlset", path: &["url", "loc"], target: Target::Page, by_href: false },
    Shape { root: "sitemapindex", path: &["sitemap", "loc"], target: Target::Sitemap, by_href: false },
    Shape { root: "rss", path: &["channel", "item", "link"], target: Target::Page, by_href: false },
    Shape { root: "feed", path: &["entry", "link"], target: Target::Page, by_href: true },
];

/// Where in a document a reader is.
#[derive(Debug, Default)]
pub(super) struct Path {
    shape: Option<&'static Shape>,
    prefix: String,
    /// Open elements.
    depth: usize,
    /// How many of them, behind the root, are on the way to an address.
    matched: usize,
    address: Address,
}

impl Path {
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// An element begins.
    ///
    /// # Errors
    /// [`End::Cut`] when it is the root of something else, or nothing more may be listed.
    pub(super) fn enter(&mut self, element: &BytesStart<'_>, list: &mut List<'_>) -> Result<(), End> {
        let (name, prefix) = element.name().decompose();
        let (name, prefix) = (name.into_inner(), prefix.map_or("", Prefix::into_inner));
        self.depth += 1;
        let Some(shape) = self.shape else {
            let shape = SHAPES.iter().find(|shape| shape.root == name).ok_or(End::Cut)?;
            (self.shape, self.prefix) = (Some(shape), prefix.to_owned());
            return Ok(());
        };
        let on_the_way = self.depth == self.matched + 2 && prefix == self.prefix;
        if on_the_way && shape.path.get(self.matched) == Some(&name) {
            self.matched += 1;
            self.address.clear();
            if shape.by_href && self.matched == shape.path.len() {
                list.add(shape.target, &link(element).unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// Text, or a piece of it.
    pub(super) fn text(&mut self, text: &str) {
        if self.in_address().is_some() {
            self.address.push(text);
        }
    }

    /// An element ends.
    ///
    /// # Errors
    /// [`End::Whole`] when it was the root.
    pub(super) fn leave(&mut self, list: &mut List<'_>) -> Result<(), End> {
        if let Some(target) = self.in_address() {
            list.add(target, self.address.get())?;
        }
        self.depth -= 1;
        self.matched = self.matched.min(self.depth.saturating_sub(1));
        if self.depth == 0 { Err(End::Whole) } else { Ok(()) }
    }

    /// What the text here is the address of.
    fn in_address(&self) -> Option<Target> {
        let shape = self.shape.filter(|shape| !shape.by_href)?;
        (self.matched == shape.path.len() && self.depth == self.matched + 1).then_some(shape.target)
    }
}

/// Where an Atom `link` leads, if it is to what the entry is about: the other relations are comments, enclosures, the feed itself.
fn link(element: &BytesStart<'_>) -> Option<String> {
    let (mut href, mut alternate) = (None, true);
    // Looking for attributes that are there twice takes quadratic time.
    for attribute in element.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "href" => href = Some(attribute.value),
            "rel" => alternate = attribute.value == "alternate",
            _ => {}
        }
    }
    let href = href.filter(|_| alternate)?;
    Some(unescape(&href).map_or_else(|_| href.to_string(), Into::into))
}
