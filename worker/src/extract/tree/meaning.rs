//! What elements mean, by their names and attributes.

use html5ever::{Attribute, LocalName, QualName, expanded_name, local_name, ns};

use crate::extract::directives;
use crate::extract::found::{self, Href, Hrefs, trim};

/// What a node means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing.
    #[default]
    Other,
    /// `a` or `area` with an `href`.
    Link { to: Href, follow: bool },
    /// `base` with an `href`.
    Base(Href),
    /// A `meta` for all robots, or for us, that says `nofollow` or `none`; or one that leads elsewhere.
    Meta { nofollow: bool, refresh: Option<Href> },
    /// `link rel=canonical` with an `href`.
    Canonical(Href),
    /// `title`.
    Title,
    /// A heading and its level.
    Heading(u8),
    /// `script` or `style`, whose text is none for people.
    Hidden,
    /// `template`, and the node that its contents are under.
    Template(super::Id),
    /// Text: where it is, in what the tree keeps of text.
    Text { from: u32, to: u32 },
}

/// What an element means. Addresses go to `hrefs`.
pub(super) fn meaning(name: &QualName, attributes: &[Attribute], agent: &str, hrefs: &mut Hrefs<'static>) -> Meaning {
    let get = |wanted: LocalName| get(attributes, &wanted);
    match name.expanded() {
        expanded_name!(html "a") | expanded_name!(html "area") => {
            get(local_name!("href")).map_or(Meaning::Other, |href| Meaning::Link {
                to: hrefs.keep_target(found::owned(href)),
                follow: !get(local_name!("rel")).is_some_and(directives::rel_says_nofollow),
            })
        }
        expanded_name!(html "base") => {
            get(local_name!("href")).map_or(Meaning::Other, |href| Meaning::Base(hrefs.keep(found::owned(trim(href)))))
        }
        expanded_name!(html "meta") => {
            let content = get(local_name!("content"));
            let for_us = get(local_name!("name")).is_some_and(|name| directives::meta_speaks_to(name, agent));
            let nofollow = for_us && content.is_some_and(directives::meta_says_nofollow);
            let target = found::refresh_target(get(local_name!("http-equiv")), content);
            let refresh = target.map(|target| hrefs.keep_target(found::owned(target)));
            if nofollow || refresh.is_some() { Meaning::Meta { nofollow, refresh } } else { Meaning::Other }
        }
        expanded_name!(html "link") => get(local_name!("href"))
            .filter(|_| get(local_name!("rel")).is_some_and(|rel| found::rel_says(rel, "canonical")))
            .map_or(Meaning::Other, |href| Meaning::Canonical(hrefs.keep_target(found::owned(href)))),
        expanded_name!(html "title") => Meaning::Title,
        expanded_name!(html "h1") => Meaning::Heading(1),
        expanded_name!(html "h2") => Meaning::Heading(2),
        expanded_name!(html "h3") => Meaning::Heading(3),
        expanded_name!(html "h4") => Meaning::Heading(4),
        expanded_name!(html "h5") => Meaning::Heading(5),
        expanded_name!(html "h6") => Meaning::Heading(6),
        _ if matches!(name.local, local_name!("script") | local_name!("style")) => Meaning::Hidden,
        _ => Meaning::Other,
    }
}

/// The value of an attribute in no namespace.
pub(super) fn get<'a>(attributes: &'a [Attribute], name: &LocalName) -> Option<&'a str> {
    let found = attributes.iter().find(|attribute| attribute.name.ns == ns!() && attribute.name.local == *name);
    found.map(|attribute| &*attribute.value)
}

/// Whether an element of HTML never has children, and is closed before anybody asks for it again.
pub(super) fn is_void(name: &QualName) -> bool {
    name.ns == ns!(html)
        && matches!(
            name.local,
            local_name!("area")
                | local_name!("base")
                | local_name!("basefont")
                | local_name!("bgsound")
                | local_name!("br")
                | local_name!("col")
                | local_name!("embed")
                | local_name!("frame")
                | local_name!("hr")
                | local_name!("img")
                | local_name!("input")
                | local_name!("keygen")
                | local_name!("link")
                | local_name!("meta")
                | local_name!("param")
                | local_name!("source")
                | local_name!("track")
                | local_name!("wbr")
        )
}

/// Whether an element is reopened, as a copy, where it was cut off.
pub(super) fn is_formatting(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("nobr")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u")
    )
}

/// Whether the tree, or what is read from it, depends on an attribute.
pub(super) fn matters(attribute: &LocalName) -> bool {
    matches!(
        *attribute,
        local_name!("href")
            | local_name!("rel")
            | local_name!("name")
            | local_name!("content")
            | local_name!("http-equiv")
            | local_name!("lang")
            | local_name!("type")
            | local_name!("encoding")
            | local_name!("shadowrootmode")
            | local_name!("color")
            | local_name!("face")
            | local_name!("size")
    )
}
