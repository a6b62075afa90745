//! The two ways to read a page, by tags alone and by the whole tree, must say the same wherever the first says anything: on
//! random documents, in all encodings, and on real pages. `html5lib.rs` does it on the documents that break trees.
//!
//! `CRAWL_PAGES=/folder:/folder cargo test -p crawl-worker --test tiers -- --nocapture` reads all HTML below the folders too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod documents;
mod hostile;

use std::path::{Path, PathBuf};

use crawl_worker::extract::{Document, extract_by_tags, extract_by_tree};
use documents::{Random, document};
use url::Url;

/// Whether a document is read by its tags, or how that differs from its tree.
fn compare(body: &[u8], content_type: &str) -> Result<bool, String> {
    let url = Url::parse("https://example.com/dir/page?q").unwrap();
    let document = Document {
        body,
        content_type: Some(content_type),
        url: &url,
        agent: "agent",
        nofollow: false,
        content_language: None,
    };
    let (tags, tree) = (extract_by_tags(document), extract_by_tree(document));
    match tags {
        Some(tags) if tags != tree && !tree.truncated => {
            Err(format!("{:?}\n  tags {tags:?}\n  tree {tree:?}", String::from_utf8_lossy(body)))
        }
        tags => Ok(tags.is_some()),
    }
}

/// `SEED` and `DOCUMENTS` in the environment choose others, and more of them.
#[test]
fn random_documents() {
    let given = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let mut random = Random(given("SEED").unwrap_or(0x9E37_79B9_7F4A_7C15));
    let number = given("DOCUMENTS").unwrap_or(20_000);
    let mut by_tags = 0;
    for _ in 0..number {
        let seed = random.0;
        let html = document(&mut random) + "<a href=last>";
        match compare(html.as_bytes(), "text/html; charset=utf-8") {
            Ok(is_by_tags) => by_tags += u64::from(is_by_tags),
            Err(difference) => panic!("SEED={seed} DOCUMENTS=1: {difference}"),
        }
    }
    println!("{by_tags} of {number} random documents are read by their tags");
    assert!(by_tags > number / 4, "only {by_tags} of {number} are read by their tags: this test proves little");
}

/// Every name there is, with what may follow it, and numbers at all borders.
#[test]
fn character_references() {
    let table = &html5ever::data::NAMED_ENTITIES;
    let names: Vec<&str> = table.entries().filter(|(_, found)| found.0 != 0).map(|(name, _)| *name).collect();
    assert!(names.len() > 2000, "{}", names.len());
    let named = names.iter().flat_map(|name| {
        let after = ["", ";", "=", "=2", "x", "1", " ", "&", "#", "/", "é"];
        after.map(|after| format!("<a href=\"/?&{name}{after}\"><a href=/?&{name}{after}><a href='&{after}'>"))
    });
    let borders = [0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFDD0, 0xFFFE, 0x1_F600, 0x10_FFFF, 0x11_0000, u32::MAX];
    let borders_too = (0..0x200).chain(borders);
    let numbers = borders_too.clone().map(|number| {
        format!("<a href='/&#{number};'><a href=/&#x{number:X}><a href=/&#X{number:x}g><a href=/&#{number}a>")
    });
    // The rules of text are others.
    let in_text =
        |reference: &str| format!("<title>{reference}</title>x{reference}<h1>{reference}</h1><h2>{reference}x");
    let odd = ["&#", "&#;", "&#x", "&#xg", "&#99999999999999999999;", "&", "&;", "&&amp", "&x;", "&noti;"];
    let all: Vec<String> = named.chain(numbers).chain(odd.map(|odd| format!("<a href='{odd}'>"))).collect();
    for some in all.chunks(2000) {
        assert_eq!(compare(some.concat().as_bytes(), "text/html; charset=utf-8"), Ok(true));
    }
    let numbers = borders_too.flat_map(|number| [format!("&#{number};"), format!("&#x{number:X}g&#{number}")]);
    let named = names.iter().flat_map(|name| ["", ";", "=", "x", "1", "&", " "].map(|after| format!("&{name}{after}")));
    for reference in named.chain(numbers).chain(odd.map(str::to_owned)) {
        assert_eq!(compare(in_text(&reference).as_bytes(), "text/html; charset=utf-8"), Ok(true), "{reference}");
    }
}

#[test]
fn encodings() {
    let mut random = Random(7);
    for _ in 0..1000 {
        let html = format!("{}<a href='/жé表?жé表'>", document(&mut random));
        for label in ["windows-1252", "shift_jis", "koi8-r", "gb18030", "iso-2022-jp", "euc-kr", "utf-8"] {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let body = encoding.encode(&html).0;
            let compared = compare(&body, &format!("text/html; charset={label}"));
            assert!(compared.is_ok(), "{label}: {compared:?}");
            // Read as what it is not, it is a text as well.
            let compared = compare(&body, "text/html");
            assert!(compared.is_ok(), "{label} without a header: {compared:?}");
        }
        let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(html.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let compared = compare(&utf_16, "text/html");
        assert!(compared.is_ok(), "utf-16: {compared:?}");
    }
}

#[test]
fn real_pages() {
    let Some(folders) = std::env::var_os("CRAWL_PAGES") else { return };
    let (mut pages, mut by_tags, mut wrong, mut cut) = (0, 0, Vec::new(), Vec::new());
    for folder in std::env::split_paths(&folders) {
        let (pages_before, by_tags_before) = (pages, by_tags);
        for path in html_below(&folder) {
            pages += 1;
            let body = std::fs::read(&path).unwrap();
            if is_cut_as_a_tree(&body) {
                cut.push(format!("{} ({} bytes)", path.display(), body.len()));
            }
            match compare(&body, "text/html") {
                Ok(tags) => by_tags += usize::from(tags),
                Err(_) => wrong.push(path.display().to_string()),
            }
        }
        println!("{}: {} of {} by tags", folder.display(), by_tags - by_tags_before, pages - pages_before);
    }
    println!("{by_tags} of {pages} real pages are read by their tags");
    println!("{} would be cut as trees:\n{}", cut.len(), cut.join("\n"));
    assert!(wrong.is_empty(), "{} of {pages} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether the tree, which is bounded, is not all of a page. No real page should be as hostile.
fn is_cut_as_a_tree(body: &[u8]) -> bool {
    let url = Url::parse("https://example.com/dir/page?q").unwrap();
    let content_type = Some("text/html");
    let document = Document { body, content_type, content_language: None, url: &url, agent: "", nofollow: false };
    extract_by_tree(document).truncated
}

fn html_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let paths =
        entries.filter_map(|entry| entry.ok()).filter(|entry| !entry.path().is_symlink()).map(|entry| entry.path());
    let is_html = |path: &Path| {
        path.extension().is_some_and(|extension| ["html", "htm", "xhtml"].iter().any(|html| extension == *html))
    };
    paths
        .flat_map(|path| {
            if path.is_dir() {
                html_below(&path)
            } else {
                vec![path].into_iter().filter(|path| is_html(path)).collect()
            }
        })
        .collect()
}
