//! The extractor on the documents of html5lib-tests, against an independent reading of the same standard: scraper's tree with
//! the rules of namespace and template applied from outside. The two share html5ever's parser, but no line of the tree, and
//! the documents are those that break trees: misnested formatting, foster parenting, framesets, templates, foreign content.
//!
//! A probe link is put after each `>` of each document that is not a fragment. The data is beside the repository; without it
//! the test says loudly that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use crawl_protocol::Heading;
use crawl_worker::extract::{Document, extract, extract_by_tags, extract_by_tree};
use ego_tree::NodeRef;
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink, Node};
use url::Url;

/// Something of all that is looked for.
const PROBES: [&str; 4] = [
    "<a href=/probe>",
    "<title>&copy1 probe</title>",
    "<h1>a &amp; <b>b",
    "<html lang=de><link rel=canonical href=/canonical><meta http-equiv=refresh content=0;/refresh>",
];

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
    let probed = |(place, _): (usize, char)| {
        PROBES.map(|probe| format!("{}{probe}{}", &document[..=place], &document[place + 1..]))
    };
    let after_tags = document.char_indices().filter(|(_, character)| *character == '>').flat_map(probed);
    std::iter::once(document.to_owned()).chain(after_tags).collect()
}

/// What a page says by scraper's tree.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reference {
    /// HTML elements `a` and `area` with an `href`.
    links: u64,
    title: Option<String>,
    language: Option<String>,
    canonical: bool,
    headings: Vec<Heading>,
}

/// Of what has no `template` above it.
fn reference(html: &str) -> Reference {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let tree = parse_document(HtmlTreeSink::new(Html::new_document()), options).one(html).tree;
    let (mut found, mut title) = (Reference::default(), None);
    for node in tree.root().descendants() {
        let is_template = |above: NodeRef<'_, Node>| above.value().as_element().is_some_and(is_template);
        let Some(element) = node.value().as_element().filter(|_| !node.ancestors().any(is_template)) else { continue };
        if !is_html(element) {
            continue;
        }
        match element.name() {
            "a" | "area" => found.links += u64::from(element.attr("href").is_some()),
            "title" => title = title.or_else(|| Some(text(node))),
            "html" => found.language = element.attr("lang").map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned),
            "link" => found.canonical |= element.attr("rel") == Some("canonical") && element.attr("href").is_some(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name()[1..].parse().unwrap();
                found
                    .headings
                    .extend(Some(text(node)).filter(|text| !text.is_empty()).map(|text| Heading { level, text }));
            }
            _ => {}
        }
    }
    Reference { title: title.filter(|title| !title.is_empty()), ..found }
}

fn is_html(element: &Element) -> bool {
    &*element.name.ns == "http://www.w3.org/1999/xhtml"
}

fn is_template(element: &Element) -> bool {
    is_html(element) && element.name() == "template"
}

/// The text below a node, but that of scripts, styles and templates.
fn text(node: NodeRef<'_, Node>) -> String {
    let is_hidden = |above: NodeRef<'_, Node>| {
        above
            .value()
            .as_element()
            .is_some_and(|element| matches!(element.name(), "script" | "style") || is_template(element))
    };
    let texts = node.descendants().filter(|below| !below.ancestors().any(is_hidden));
    let all: String = texts.filter_map(|below| below.value().as_text()).map(|text| &*text.text).collect();
    all.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
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
            let document = document(&html, &url);
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
fn all_is_as_in_an_independent_tree() {
    let Some(folder) = data() else { return };
    let url = Url::parse("https://example.com/").unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (file, html) in probed(&folder) {
        let document = document(&html, &url);
        let found = extract(document);
        // scraper's tree never says that an annotation-xml is an integration point; our own tests cover those.
        if html.contains("<annotation-xml encoding") {
            continue;
        }
        compared += 1;
        let about = found.about;
        let ours = Reference {
            links: found.links,
            title: about.title,
            language: about.language,
            canonical: about.canonical.is_some(),
            headings: about.headings,
        };
        let theirs = reference(&html);
        if ours != theirs {
            wrong.push(format!("{file}: {html:?}\n  ours   {ours:?}\n  theirs {theirs:?}"));
        }
    }
    assert!(compared > 5000, "only {compared} documents found");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// A document in UTF-8 that says all there is to say itself.
fn document<'a>(html: &'a str, url: &'a Url) -> Document<'a> {
    let content_type = Some("text/html; charset=utf-8");
    Document { body: html.as_bytes(), content_type, content_language: None, url, agent: "", nofollow: false }
}
