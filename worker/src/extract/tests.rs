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
        ("<img srcset='/x 1x, /y 2x' src=/z><script src=/x></script><object data=/x><video src=/x poster=/y>", 0),
        ("<!-- <a href=/x> -->", 0),
        ("<![CDATA[<a href=/x>]]>", 0),
        ("<svg><![CDATA[<a href=/x>]]></svg>", 0),
        ("<svg><a xlink:href=/x></a></svg>", 0),
        ("<a href=/x><a href=/x><a href=/x#y><a href=#z><a href=''>", 5),
        ("<a href=javascript:x><a href=mailto:x><a href='http://[bad'>", 3),
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
        (" \n javascript:x", None),
        ("about:blank", None),
        ("https+x:y", None),
        ("HTTPS:/x", Some("https://example.com/x")),
        ("x #y", Some("https://example.com/dir/x%20")),
        ("x%20?y#", Some("https://example.com/dir/x%20?y")),
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
fn which_links_ask_not_to_be_followed() {
    for (rel, follows) in [
        ("nofollow", false),
        ("noopener NoFollow", false),
        ("a\tnofollow\nb", false),
        ("ugc sponsored", true),
        ("nofollow,noopener", true),
        ("", true),
    ] {
        let found = utf8(&format!("<a href=/x rel='{rel}'>"));
        assert_eq!((found.urls.len(), found.nofollow.len()), if follows { (1, 0) } else { (0, 1) }, "{rel:?}");
    }
}

#[test]
fn a_refresh_leads_somewhere_and_is_no_link() {
    for (html, expected) in [
        ("<meta http-equiv=refresh content='0; url=/x'>", &["/x"][..]),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"5;URL='x?a&amp;b'\">", &["/dir/x?a&b"]),
        ("<meta http-equiv=refresh content='0;/x'><a href=/y>", &["/x", "/y"]),
        ("<a href=/y><meta http-equiv=refresh content='0;/x'><a href=/x>", &["/y", "/x"]),
        ("<b><p></b><meta http-equiv=refresh content='0;/x'>", &["/x"]),
        ("<noscript><meta http-equiv=refresh content='0;/x'></noscript>", &["/x"]),
        ("<base href=/b/><meta http-equiv=refresh content=0;x>", &["/b/x"]),
        ("<meta http-equiv=refresh content=0;/x><meta http-equiv=refresh content=0;/y>", &["/x"]),
        ("<meta http-equiv=refresh content=5><meta http-equiv=refresh content=0;/y>", &["/y"]),
        ("<meta http-equiv=refresh content=0;javascript:x>", &[]),
        ("<meta http-equiv=refresh content='x;/x'>", &[]),
        ("<meta name=refresh content=0;/x>", &[]),
        ("<template><meta http-equiv=refresh content=0;/x></template>", &[]),
    ] {
        let found = utf8(html);
        let expected: Vec<_> = expected.iter().map(|path| format!("https://example.com{path}")).collect();
        assert_eq!(found.urls, expected, "{html}");
        assert_eq!(found.links, html.matches("<a ").count() as u64, "{html}");
    }
    let found = utf8("<meta name=robots content=nofollow><meta http-equiv=refresh content=0;/x>");
    assert_eq!((found.urls.len(), found.nofollow.len()), (0, 1));
}

#[test]
fn the_title_is_the_text_of_the_first_one() {
    for (html, expected) in [
        ("<title>A title</title>", Some("A title")),
        ("<TITLE>\n A \t title\x0C\r\n</TITLE>", Some("A title")),
        ("<title>a &amp; b&copy=1&#x41; <b>c</b></title>", Some("a & b\u{a9}=1A <b>c</b>")),
        ("<title>A</title><title>B</title>", Some("A")),
        ("<title></title><title>B</title>", None),
        ("<title> &#32; </title>", None),
        ("<title>not closed <p>", Some("not closed <p>")),
        ("<p>text<title>A</title>", Some("A")),
        ("<head></head><title>A</title>", Some("A")),
        ("<svg><title>icon</title></svg><title>A</title>", Some("A")),
        ("<template><title>B</title></template><title>A</title>", Some("A")),
        ("<b><p></b><svg><title>icon</title></svg><title>A</title>", Some("A")),
        ("<!-- <title>B</title> --><title>A&nbsp;</title>", Some("A\u{a0}")),
        ("<title>a\0b</title>", Some("a\u{fffd}b")),
        ("<p>none", None),
    ] {
        assert_eq!(utf8(html).about.title.as_deref(), expected, "{html}");
    }
    for before in ["", "<b><p></b>"] {
        let title = |text: &str| utf8(&format!("{before}<title>{text}</title>")).about.title.unwrap();
        assert_eq!(title(&"x".repeat(10_000)), "x".repeat(MAX_TITLE_BYTES));
        assert_eq!(title(&"é".repeat(300)), "é".repeat(MAX_TITLE_BYTES / 2));
        assert_eq!(title(&format!("{}é", "x".repeat(MAX_TITLE_BYTES - 1))), "x".repeat(MAX_TITLE_BYTES - 1));
        assert_eq!(title(&format!("{} y", "x".repeat(MAX_TITLE_BYTES - 1))), "x".repeat(MAX_TITLE_BYTES - 1));
        assert_eq!(title(&format!("{}a{}b", " \n".repeat(5000), "\t".repeat(9000))), "a b");
    }
}

#[test]
fn the_language_is_that_of_the_root_element_or_the_header() {
    let url = Url::parse(PAGE).unwrap();
    for (html, header, expected) in [
        ("<html lang=de>", Some("en"), Some("de")),
        ("<HTML LANG=' en-GB\n'>", None, Some("en-GB")),
        ("<p><html lang=de><html lang=fr>", None, Some("de")),
        ("<html class=x><b><p></b><html lang=de>", None, Some("de")),
        ("<html lang=''>", Some("en"), Some("en")),
        ("<html lang='' class=x><html lang=de>", None, None),
        ("<html xml:lang=de>", None, None),
        ("<p lang=de><body lang=de>", None, None),
        ("<template><html lang=de></template>", None, None),
        ("<p>", Some(" en-US , de"), Some("en-US")),
        ("<p>", Some(", de"), Some("de")),
        ("<p>", Some(""), None),
        ("<html lang=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>", None, None),
    ] {
        let document = Document {
            body: html.as_bytes(),
            content_type: None,
            content_language: header,
            url: &url,
            agent: AGENT,
            nofollow: false,
        };
        assert_eq!(extract(document).about.language.as_deref(), expected, "{html} {header:?}");
    }
}

#[test]
fn the_canonical_url_is_a_hint_and_no_link() {
    for (html, expected) in [
        ("<link rel=canonical href=/x>", Some("https://example.com/x")),
        ("<link rel='alternate CANONICAL' href='x?a&amp;b#c'>", Some("https://example.com/dir/x?a&b")),
        ("<link rel=canonical><link rel=canonical href=/y><link rel=canonical href=/z>", Some("https://example.com/y")),
        ("<link rel=canonical href=/x><base href=//other.example/>", Some("https://other.example/x")),
        ("<body><b><p></b><link rel=canonical href=/x>", Some("https://example.com/x")),
        ("<link rel=canonical href=mailto:x><link rel=canonical href=/y>", None),
        ("<link rel=alternate href=/x>", None),
        ("<template><link rel=canonical href=/x></template>", None),
    ] {
        let found = utf8(html);
        assert_eq!((found.about.canonical.as_deref(), found.links, found.urls.len()), (expected, 0, 0), "{html}");
    }
}

#[test]
fn headings_are_in_the_order_of_the_document() {
    for (html, expected) in [
        ("<h1>A</h1><p>x</p><h2>B</h2><h6>C</h6>", &[(1, "A"), (2, "B"), (6, "C")][..]),
        ("<h1> a\n <a href=/x>b &lt; <em>c</em></a>d&amp</h1>", &[(1, "a b < cd&")]),
        ("<h1></h1><h2> &#32;<img alt=x></h2><h3>A</h3>", &[(3, "A")]),
        ("<h1>a<script>x</script>b<style>x</style>c<template>x</template>d<!-- x -->e</h1>", &[(1, "abcde")]),
        ("<h1><svg><title>a</title><style>x</style><text>b</text></svg></h1>", &[(1, "ab")]),
        ("<h1>A</h2>x<h2>B<h3>C</h3>", &[(1, "A"), (2, "B"), (3, "C")]),
        ("<h1>a<div><h2>b</h2>c</div>", &[(1, "abc"), (2, "b")]),
        ("<h1>not closed <p>x<p>y", &[(1, "not closed xy")]),
        ("<b><h1>a</b>b</h1>", &[(1, "ab")]),
        ("<h1><table>b<tr><td>c</table>d</h1>", &[(1, "bcd")]),
        ("<h1>a<textarea>\nb</textarea><pre>\nc</pre></h1>", &[(1, "abc")]),
        ("<template><h1>A</h1></template><svg><h1>B</h1></svg>", &[(1, "B")]),
        ("<p>none", &[]),
    ] {
        let found: Vec<_> = utf8(html).about.headings.into_iter().map(|h| (h.level, h.text)).collect();
        let expected: Vec<_> = expected.iter().map(|(level, text)| (*level, (*text).to_owned())).collect();
        assert_eq!(found, expected, "{html}");
    }
}

#[test]
fn headings_have_bounds() {
    for before in ["", "<b><p></b>"] {
        let headings = |html: &str| utf8(&format!("{before}{html}")).about.headings;
        let many = headings(&"<h1></h1><h2>x</h2>".repeat(MAX_HEADINGS + 5));
        assert_eq!((many.len(), many[0].level), (MAX_HEADINGS, 2));
        let long = headings(&format!("<h1>{}</h1>", "é".repeat(10_000)));
        assert_eq!(long[0].text, "é".repeat(MAX_HEADING_BYTES / 2));
        let all = headings(&format!("<h1>{}</h1>", "x".repeat(200)).repeat(30));
        assert_eq!(all.len(), MAX_HEADINGS_BYTES / 200);
        let nested = headings(&format!("{}x", "<h1><div>".repeat(60)));
        assert_eq!((nested.len(), nested[49].text.as_str()), (MAX_HEADINGS, "x"));
        assert_eq!(headings(&format!("{}{}<h2>x", "<h1><div>".repeat(60), "</div></h1>".repeat(60))).len(), 1);
    }
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
