//! What pages of 10 MiB made to take memory take beside themselves. Alone in its process, so that nothing else is measured.
#![allow(clippy::unwrap_used)]

mod shapes;

use crawl_worker::extract::{Document, extract};
use peak_alloc::PeakAlloc;
use url::Url;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const BYTES: usize = 10 * 1024 * 1024;
const MB_AT_MOST: usize = 24;

/// Those that take most; `cargo bench --bench hostile` shows all.
const SHAPES: [&str; 8] = [
    "ordinary, but for a tree",
    "a in one table",
    "an attribute of words, in a tree",
    "different links",
    "different links, in a tree",
    "meta, in a tree",
    "base, in a tree",
    "windows-1252",
];

#[test]
fn pages_take_little_more_than_themselves() {
    let url = Url::parse("https://www.example.com/directory/page").unwrap();
    let (mut wrong, mut measured) = (Vec::new(), 0);
    for (name, make) in shapes::all().filter(|(name, _)| SHAPES.contains(name)) {
        measured += 1;
        let body = make(BYTES);
        let document = Document {
            body: &body,
            content_type: (name != "windows-1252").then_some("text/html; charset=utf-8"),
            content_language: None,
            url: &url,
            agent: "test",
            nofollow: false,
        };
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let _ = extract(document);
        let most = MEMORY.peak_usage() - before;
        if most > MB_AT_MOST * 1_000_000 {
            wrong.push(format!("{name}: {most} bytes"));
        }
    }
    assert_eq!(measured, SHAPES.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
