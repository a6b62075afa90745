//! The extractor on the documents of html5lib-tests, against an independent reading of the same standard: scraper's tree with
//! the rules of namespace and template applied from outside. The two share html5ever's parser, but no line of the tree, and
//! the documents are those that break trees: misnested formatting, foster parenting, framesets, templates, foreign content.
//!
//! A probe link is put after each `>` of each document that is not a fragment. The data is beside the repository; without it
//! the test says loudly that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use crawl_worker::extract::{Document, extract, extract_by_tags, extract_by_tree};
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{Html, HtmlTreeSink};
use url::Url;

const PROBE: &str = "<a href=/probe>";

/// Where the data is, if it is there.
fn data() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let shared = std::env::var_os("CRAWL_SHARED_DATA").map_or(beside, PathBuf::from);
    let tests = shared.join("html5lib-tests/tree-construction");
    if tests.is_dir() {
        return Some(tests);
    }
    eprintln!("SKIPPED: no {}; set CRAWL_SHARED_DATA to the folder that holds html5lib-tests", tests.display());
    None
}

/// The documents of one file: what stands after `#data`, unless it is a fragment or for browsers with scripting.
fn documents(file: &str) -> Vec<String> {
    let cases = file.strip_prefix("#data\n").unwrap_or(file).split("\n#data\n");
    cases
        .filter_map(|case| case.split_once("\n#errors"))
        .filter(|(_, rest)| !rest.contains("\n#document-fragment\n"))
        .map(|(document, _)| document.to_owned())
        .collect()
}

/// The document as it is, and with a probe after each `>`.
fn variants(document: &str) -> Vec<String> {
    let probed = |(place, _): (usize, char)| format!("{}{PROBE}{}", &document[..=place], &document[place + 1..]);
    let after_tags = document.char_indices().filter(|(_, character)| *character == '>').map(probed);
    std::iter::once(document.to_owned()).chain(after_tags).collect()
}

/// Links by scraper's tree: HTML elements `a` and `area` with an `href` that have no `template` above them.
fn reference(html: &str) -> u64 {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let tree = parse_document(HtmlTreeSink::new(Html::new_document()), options).one(html).tree;
    let is_html = |element: &scraper::node::Element| &*element.name.ns == "http://www.w3.org/1999/xhtml";
    let is_link = |element: &scraper::node::Element| {
        is_html(element) && matches!(element.name(), "a" | "area") && element.attr("href").is_some()
    };
    let is_template = |element: &scraper::node::Element| is_html(element) && element.name() == "template";
    let links = tree.root().descendants().filter(|node| {
        node.value().as_element().is_some_and(is_link)
            && !node.ancestors().any(|above| above.value().as_element().is_some_and(is_template))
    });
    links.count() as u64
}

/// All documents with all probes, each with the file that it is from.
fn probed(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "dat"));
    let of_file = |path: PathBuf| {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let variants: Vec<_> = documents(&text).iter().flat_map(|document| variants(document)).collect();
        variants.into_iter().map(move |html| (path.display().to_string(), html))
    };
    files.flat_map(of_file).collect()
}

#[test]
fn tags_alone_say_the_same_as_the_tree_or_nothing() {
    let Some(folder) = data() else { return };
    let url = Url::parse("https://example.com/dir/").unwrap();
    let (mut compared, mut by_tags, mut wrong) = (0, 0, Vec::new());
    for (file, html) in probed(&folder) {
        // What the base and the robots say shows in where the last link leads.
        for html in [format!("{html}<a href=last>"), html] {
            let content_type = Some("text/html; charset=utf-8");
            let document = Document { body: html.as_bytes(), content_type, url: &url, agent: "", nofollow: false };
            let (tags, tree) = (extract_by_tags(document), extract_by_tree(document));
            compared += 1;
            by_tags += u32::from(tags.is_some());
            if let Some(tags) = tags.filter(|tags| *tags != tree) {
                wrong.push(format!("{file}: {html:?}\n  tags {tags:?}\n  tree {tree:?}"));
            }
        }
    }
    println!("{by_tags} of {compared} documents are read by their tags");
    assert!(compared > 10_000, "only {compared} documents found");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn links_are_those_of_an_independent_tree() {
    let Some(folder) = data() else { return };
    let url = Url::parse("https://example.com/").unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (file, html) in probed(&folder) {
        let content_type = Some("text/html; charset=utf-8");
        let document = Document { body: html.as_bytes(), content_type, url: &url, agent: "", nofollow: false };
        let found = extract(document);
        // scraper's tree never says that an annotation-xml is an integration point; our own tests cover those.
        if html.contains("<annotation-xml encoding") {
            continue;
        }
        compared += 1;
        if found.links != reference(&html) {
            wrong.push(format!("{file}: {} and not {}: {html:?}", found.links, reference(&html)));
        }
    }
    assert!(compared > 5000, "only {compared} documents found");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}
