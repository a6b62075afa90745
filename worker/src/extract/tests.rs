//! Links and what they lead to, case by case. Each line is a page that some crawler reads wrongly.

use super::*;

const AGENT: &str = "test-agent";
const PAGE: &str = "https://example.com/dir/page?q=1";

fn extract_at(url: &str, html: &[u8], content_type: Option<&str>) -> Extracted {
    extract(Document {
        body: html,
        content_type,
        url: &Url::parse(url).unwrap(),
        agent: AGENT,
        nofollow: false,
        content_language: None,
    })
}

fn utf8(html: &str) -> Extracted {
    extract_at(PAGE, html.as_bytes(), Some("text/html; charset=utf-8"))
}

#[test]
fn what_counts_as_a_link() {
    for (html, links) in [
        ("<a href=/x>x</a>", 1),
        ("<A HREF='/x'>x</A><area href=/y>", 2),
        ("<a>x</a><a name=n>x</a>", 0),
        ("<a href>empty leads to this page</a>", 1),
        ("<a href=/x><a href=/y>", 2),
        ("<link href=/x><img src=/x><form action=/x><iframe src=/x>", 0),
        ("<!-- <a href=/x> -->", 0),
        ("<script>document.write('<a href=/x>')</script>", 0),
        ("<style><a href=/x></style><textarea><a href=/x></textarea><title><a href=/x></title>", 0),
        ("<noscript><a href=/x></noscript>", 1),
        ("<head><noscript><a href=/x></noscript>", 1),
        ("<template><a href=/x></template>", 0),
        ("<template><template><a href=/x></template></template><a href=/y>", 1),
        ("<svg><a href=/x></a></svg>", 0),
        ("<svg><foreignObject><a href=/x></a></foreignObject></svg>", 1),
        ("<math><annotation-xml encoding=text/html><a href=/x></a></annotation-xml></math>", 1),
        ("<math><annotation-xml><a href=/x></a></annotation-xml></math>", 0),
        ("<table><a href=/x><tr><a href=/y><td><a href=/z></table>", 3),
        ("<frameset><frame src=/x></frameset><a href=/x>", 0),
        ("<a href=/x><p><b>not closed", 1),
        ("<plaintext><a href=/x>", 0),
        ("", 0),
    ] {
        assert_eq!(utf8(html).links, links, "{html}");
    }
}

#[test]
fn where_a_link_leads() {
    for (href, expected) in [
        ("", Some("https://example.com/dir/page?q=1")),
        ("#top", Some("https://example.com/dir/page?q=1")),
        ("?x", Some("https://example.com/dir/page?x")),
        ("x#y", Some("https://example.com/dir/x")),
        ("/x", Some("https://example.com/x")),
        ("../../../x", Some("https://example.com/x")),
        ("//other.example/x", Some("https://other.example/x")),
        (r"\\other.example\x", Some("https://other.example/x")),
        ("https:x", Some("https://example.com/dir/x")),
        ("http:x", Some("http://x/")),
        ("HTTP://EXAMPLE.com:80", Some("http://example.com/")),
        (" \n\t/x\r\x0C ", Some("https://example.com/x")),
        ("/a\nb", Some("https://example.com/ab")),
        ("/x?a=1&amp;b=2", Some("https://example.com/x?a=1&b=2")),
        ("/x?a=1&copy=2", Some("https://example.com/x?a=1&copy=2")),
        ("https://user:pw@example.com/x", Some("https://example.com/x")),
        ("/ж?ж", Some("https://example.com/%D0%B6?%D0%B6")),
        ("https://straße.de/", Some("https://xn--strae-oqa.de/")),
        ("www.google.com/x", Some("https://example.com/dir/www.google.com/x")),
        ("javascript:void(0)", None),
        ("JaVaScRiPt:x", None),
        ("java\nscript:x", None),
        ("mailto:a@example.com", None),
        ("tel:1", None),
        ("data:text/html,x", None),
        ("blob:https://example.com/x", None),
        ("ftp://example.com/", None),
        ("a:b", None),
        ("https://", None),
        ("http://example.com:99999/", None),
        ("http://[bad", None),
    ] {
        let found = utf8(&format!("<a href=\"{href}\">"));
        assert_eq!(found.urls, expected.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{href:?}");
        assert_eq!(found.links, 1, "{href:?} is a link all the same");
    }
}

#[test]
fn the_first_base_with_an_href_holds_for_the_whole_document() {
    for (html, expected) in [
        ("<base href=/b/><a href=x>", "https://example.com/b/x"),
        ("<a href=x><base href=/b/>", "https://example.com/b/x"),
        ("<base target=_top><base href=/b/><base href=/c/><a href=x>", "https://example.com/b/x"),
        ("<base href=//other.example/b/><a href=x>", "https://other.example/b/x"),
        ("<base href=b/><a href=x>", "https://example.com/dir/b/x"),
        ("<base href='?a=1&amp;b=2'><a href=''>", "https://example.com/dir/page?a=1&b=2"),
        ("<base href=data:x><a href=x>", "https://example.com/dir/x"),
        ("<base href=javascript:x><a href=x>", "https://example.com/dir/x"),
        ("<base href='http://[bad'><base href=/c/><a href=x>", "https://example.com/dir/x"),
        ("<template><base href=/b/></template><a href=x>", "https://example.com/dir/x"),
        ("<svg><base href=/b/></svg><a href=x>", "https://example.com/dir/x"),
    ] {
        assert_eq!(utf8(html).urls, [expected], "{html}");
    }
}

#[test]
fn each_url_is_recorded_once_and_followed_when_any_link_to_it_may_be() {
    let found = utf8("<a href=/b rel=nofollow><a href=/a><a href=/a#x><a href=/c rel='noopener NOFOLLOW'><a href=/b>");
    assert_eq!(found.links, 5);
    assert_eq!(found.urls, ["https://example.com/b", "https://example.com/a"]);
    assert_eq!(found.nofollow, ["https://example.com/c"]);
}

#[test]
fn a_page_may_ask_that_none_of_its_links_be_followed() {
    for (html, follows) in [
        ("<meta name=robots content=nofollow><a href=/a>", false),
        ("<META NAME=ROBOTS CONTENT='noindex, NONE'><a href=/a>", false),
        ("<meta name=robots content=noindex><a href=/a>", true),
        ("<meta name=googlebot content=nofollow><a href=/a>", true),
        ("<meta name=Test-Agent content=noindex,nofollow><a href=/a>", false),
        ("<meta name=test-agent content=noindex><meta name=robots content=nofollow><a href=/a>", false),
        ("<meta name=test-agent-images content=nofollow><a href=/a>", true),
        ("<meta name='' content=nofollow><a href=/a>", true),
        ("<meta property=robots content=nofollow><a href=/a>", true),
        ("<template><meta name=robots content=nofollow></template><a href=/a>", true),
    ] {
        let found = utf8(html);
        let (urls, nofollow) = if follows { (1, 0) } else { (0, 1) };
        assert_eq!((found.urls.len(), found.nofollow.len(), found.links), (urls, nofollow, 1), "{html}");
    }
    let url = Url::parse(PAGE).unwrap();
    let header = extract(Document {
        body: b"<a href=/a>",
        content_type: None,
        url: &url,
        agent: AGENT,
        nofollow: true,
        content_language: None,
    });
    assert_eq!((header.urls.len(), header.nofollow.len()), (0, 1));
}

#[test]
fn queries_are_in_the_encoding_of_the_page_and_paths_in_utf_8() {
    let (html, _, _) = encoding_rs::KOI8_R.encode("<meta charset=koi8-r><a href='/ж?ж'>");
    assert_eq!(extract_at(PAGE, &html, None).urls, ["https://example.com/%D0%B6?%D6"]);
    let from_header = extract_at(PAGE, b"<a href='/?\xD6'>", Some("text/html; charset=koi8-r"));
    assert_eq!(from_header.urls, ["https://example.com/?%D6"]);
    let by_default = extract_at(PAGE, b"<a href='/\xE9?\xE9'>", None);
    assert_eq!(by_default.urls, ["https://example.com/%C3%A9?%E9"]);
}

#[test]
fn urls_beyond_the_limits_are_counted_and_not_recorded() {
    let long = "x".repeat(MAX_URL_BYTES);
    let found = utf8(&format!("<a href=/{long}><a href=/a>"));
    assert_eq!((found.links, found.urls.len(), found.truncated), (2, 1, false));

    let many: String = (0..MAX_URLS + 5).map(|n| format!("<a href=/{n}>")).collect();
    let found = utf8(&format!("{many}<a href=/0>"));
    assert_eq!(found.links, MAX_URLS as u64 + 6);
    assert_eq!((found.urls.len(), found.truncated), (MAX_URLS, true));
    assert_eq!(found.urls[0], "https://example.com/0");
}

#[test]
fn all_urls_of_a_page_fit_into_one_message() {
    let filler = "x".repeat(2000);
    let many: String = (0..5000).map(|n| format!("<a href=/{n}{filler}>")).collect();
    let found = utf8(&many);
    assert_eq!((found.links, found.truncated), (5000, true));
    assert!(found.urls.iter().map(String::len).sum::<usize>() <= MAX_URLS_BYTES);
}

#[test]
fn hostile_pages_end_and_keep_what_came_before() {
    let attributes: String = (0..300_000).map(|n| format!(" a{n}")).collect();
    let formatting: String = (0..400).map(|n| format!("<b a{n}>")).collect();
    for (name, html) in [
        ("nesting", "<div>".repeat(200_000)),
        ("open formatting elements", format!("<p>{formatting}{}", "<p>x".repeat(200_000))),
        ("attributes of one tag", format!("<math><i {attributes}>")),
        ("nested tables", "<table><tr><td>".repeat(50_000)),
        ("nested templates", "<template>".repeat(100_000)),
        ("nested svg", "<svg><foreignObject>".repeat(50_000)),
    ] {
        let found = utf8(&format!("<a href=/first>first</a>{html}<a href=/last>last</a>"));
        assert!(found.links >= 1, "{name}");
        assert_eq!(found.urls[0], "https://example.com/first", "{name}");
        assert!(found.truncated, "{name}");
    }
}

#[test]
fn large_ordinary_pages_are_not_cut() {
    let html = "<p>text <b>bold</b> <a href=/x>x</a>\n".repeat(20_000);
    let found = utf8(&html);
    assert_eq!((found.links, found.truncated), (20_000, false));
    let deep = format!("{}<a href=/x>{}", "<div>".repeat(400), "</div>".repeat(400));
    assert!(!utf8(&deep).truncated);
}

#[test]
fn no_bytes_make_it_fail() {
    // A small generator of its own, so that a failure can be repeated.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let pieces = [
        "<",
        ">",
        "a",
        " href=",
        "\"",
        "'",
        "/",
        "<a ",
        "<base ",
        "<meta charset=",
        "<!--",
        "-->",
        "\0",
        "\u{FEFF}",
        "ж",
        "<svg>",
        "</",
        "<template>",
        "<table>",
        "<select>",
        "&amp",
        ";",
        "\r\n",
    ];
    for _ in 0..2000 {
        let mut body = Vec::new();
        for _ in 0..60 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            match state % 8 {
                0 => body.push((state >> 32) as u8),
                _ => body.extend_from_slice(pieces[(state >> 16) as usize % pieces.len()].as_bytes()),
            }
        }
        let _ = extract_at(PAGE, &body, None);
    }
}
