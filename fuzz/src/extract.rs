use std::collections::BTreeSet;

use crawl_worker::extract::{Document, Extracted, MAX_URLS, MAX_URLS_BYTES, extract_by_tags, extract_by_tree};
use encoding_rs::{Encoding, UTF_8};
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink};
use url::Url;

use crate::headers::web_address;

/// A page at this address, in this form.
pub(crate) fn page<'a>(body: &'a [u8], content_type: Option<&'a str>, url: &'a Url) -> Document<'a> {
    Document { body, content_type, content_language: None, url, agent: "agent", nofollow: false }
}

/// Bytes as a page in UTF-8: its links are those of scraper's tree, whether they are found by tags or by the tree.
pub fn extract(input: &[u8]) {
    let url = Url::parse("https://example.com/dir/page?q").expect("a URL");
    let found = both(page(input, Some("text/html; charset=utf-8"), &url));
    let html = Encoding::for_bom(input).map_or(UTF_8, |(encoding, _)| encoding).decode_with_bom_removal(input).0;
    // scraper's tree never says that an annotation-xml is an integration point.
    if !found.truncated && !html.to_ascii_lowercase().contains("annotation-xml") {
        compare(&found, &Reference::of(&html), &url, &html);
    }
}

/// What a page says, by both ways: they agree wherever the first says anything, and keep the bounds.
pub(crate) fn both(document: Document<'_>) -> Extracted {
    let (tags, tree) = (extract_by_tags(document), extract_by_tree(document));
    assert_eq!(crawl_worker::extract::extract(document), tags.clone().unwrap_or_else(|| tree.clone()));
    if let Some(tags) = tags {
        assert!(tags == tree || tree.truncated, "\n tags {tags:?}\n tree {tree:?}");
    }
    let all: Vec<_> = tree.urls.iter().chain(&tree.nofollow).collect();
    assert!(all.len() <= MAX_URLS && all.iter().map(|url| url.len()).sum::<usize>() <= MAX_URLS_BYTES);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "each once: {all:?}");
    all.into_iter().for_each(|url| web_address(url));
    tree
}

fn compare(found: &Extracted, expected: &Reference, url: &Url, html: &str) {
    assert_eq!(found.links, expected.hrefs.len() as u64, "{html:?}");
    let urls: BTreeSet<_> = found.urls.iter().chain(&found.nofollow).cloned().collect();
    let expected_urls = expected.urls(url);
    // A refresh leads somewhere too, and is no link.
    assert!(
        if expected.refreshes { urls.is_superset(&expected_urls) } else { urls == expected_urls },
        "{html:?}\n {urls:?}\n {expected_urls:?}"
    );
}

/// What a page says by scraper's tree, which shares html5ever's parser with ours but no line of the tree.
#[derive(Default)]
struct Reference {
    hrefs: Vec<String>,
    base: Option<String>,
    refreshes: bool,
}

impl Reference {
    fn of(html: &str) -> Self {
        let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        let options = ParseOpts { tree_builder, ..ParseOpts::default() };
        let tree = parse_document(HtmlTreeSink::new(Html::new_document()), options).one(html).tree;
        let mut found = Self::default();
        for node in tree.root().descendants() {
            let is_template = |element: &Element| is_html(element) && element.name() == "template";
            let in_template = || node.ancestors().any(|above| above.value().as_element().is_some_and(is_template));
            let Some(element) = node.value().as_element().filter(|element| is_html(element)) else { continue };
            let http_equiv = element.attr("http-equiv");
            found.refreshes |= http_equiv.is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"));
            match (element.name(), element.attr("href")) {
                ("a" | "area", Some(href)) if !in_template() => found.hrefs.push(href.to_owned()),
                ("base", Some(href)) if !in_template() => found.base = found.base.or_else(|| Some(href.to_owned())),
                _ => {}
            }
        }
        found
    }

    /// Where the links lead, as far as it is recorded, in the plainest of ways.
    fn urls(&self, page: &Url) -> BTreeSet<String> {
        let is_base = |base: &Url| !base.cannot_be_a_base() && !matches!(base.scheme(), "data" | "javascript");
        let base = self.base.as_ref().and_then(|href| page.join(href).ok()).filter(is_base);
        let base = base.unwrap_or_else(|| page.clone());
        let urls = self.hrefs.iter().filter_map(|href| base.join(href).ok());
        urls.filter(|url| matches!(url.scheme(), "http" | "https"))
            .map(|mut url| {
                url.set_fragment(None);
                url.set_username("").and_then(|()| url.set_password(None)).expect("it has a host");
                url.into()
            })
            .filter(|url: &String| url.len() <= crawl_worker::extract::MAX_URL_BYTES)
            .collect()
    }
}

fn is_html(element: &Element) -> bool {
    &*element.name.ns == "http://www.w3.org/1999/xhtml"
}
