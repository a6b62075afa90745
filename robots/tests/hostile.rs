//! What nobody should serve as robots.txt: it is read in bounded time and space, and means nothing or what can be made
//! out.
#![allow(clippy::unwrap_used)]

use crawl_robots::{MAX_LINE_BYTES, Robots};

fn allows_everything(body: &[u8]) -> bool {
    let robots = Robots::parse(body, "foo");
    robots.verdict("/a/b?c").line.is_none() && robots.crawl_delay().is_none() && robots.sitemaps().is_empty()
}

#[test]
fn what_is_no_robots_txt_allows_everything() {
    let html = "<!DOCTYPE html><html>\n<head><title>Not found</title><style>\n a:hover { color: red }\n\
        </style></head>\n\
        <body class=\"allow\">\n<p>User-agent: * is not allowed here: disallow: /\n</body></html>\n";
    let utf16: Vec<u8> = "User-agent: *\nDisallow: /\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), (0..=255).collect()].concat();
    let json = b"{\"user-agent\": \"*\",\n\"disallow\": \"/\"}";
    for body in
        [html.as_bytes(), &utf16, &png, json, &[0; 5000], &[0xFF; 5000], b"User-agent", b"User-agent: *\nDisallo"]
    {
        assert!(allows_everything(body), "{:?}", String::from_utf8_lossy(body));
    }
}

#[test]
fn five_megabytes_of_one_line_are_cut() {
    assert!(allows_everything(&vec![b'a'; 5 << 20]));
    assert!(allows_everything(&vec![b'#'; 5 << 20]));
    let body = [b"User-agent: *\nDisallow: /".to_vec(), vec![b'a'; 5 << 20]].concat();
    let robots = Robots::parse(&body, "foo");
    let verdict = robots.verdict(&format!("/{}", "a".repeat(MAX_LINE_BYTES)));
    assert_eq!((verdict.allowed, verdict.line.unwrap().text.len()), (false, MAX_LINE_BYTES));
    assert!(robots.is_allowed("/aaa"));
}

#[test]
fn half_a_line_at_the_end_counts_as_it_stands() {
    let robots = Robots::parse(b"User-agent: *\nDisallow: /pri", "foo");
    assert_eq!(robots.verdict("/private").line.unwrap().to_string(), "2: Disallow: /pri");
}

#[test]
fn bytes_that_are_no_text_are_octets_of_a_path() {
    let robots = Robots::parse(b"User-agent: *\nDisallow: /caf\xE9\nDisallow: /nul\0\n", "foo");
    assert_eq!(robots.verdict("/caf%E9").line.unwrap().to_string(), "2: Disallow: /caf\u{FFFD}");
    assert!(!robots.is_allowed("/nul%00"));
    assert!(robots.is_allowed("/caf%C3%A9"));
}

#[test]
fn fifty_thousand_rules_are_all_asked() {
    let rules: String = (0..50_000).map(|n| format!("allow:/{n}\n")).collect();
    let robots = Robots::parse(format!("user-agent:*\ndisallow:/\n{rules}").as_bytes(), "foo");
    for (path, line) in [("/49999", 50_002), ("/777", 780), ("/x", 2)] {
        assert_eq!(robots.verdict(path).line.unwrap().number, line, "{path}");
    }
}

#[test]
fn wildcards_do_not_multiply() {
    let pattern = "/*a".repeat(4_000);
    let robots = Robots::parse(format!("User-agent: *\nDisallow: {pattern}1$\n").as_bytes(), "foo");
    assert!(robots.is_allowed(&"/a".repeat(16_000)));
}

#[test]
fn too_many_stars_allow_too_little_and_not_too_much() {
    let stars = "/*a*b*c";
    let text = format!(
        "User-agent: *\n{}Disallow: /x/*/y\nAllow: /x/*/z\nAllow: /public\n",
        format!("Allow: {stars}\n").repeat(3000)
    );
    let robots = Robots::parse(text.as_bytes(), "crawler");
    assert!(robots.is_allowed("/1a2b3c"), "the first ones are read as they are");
    assert!(
        !robots.is_allowed("/x/1/y") && !robots.is_allowed("/x/1/z"),
        "/x/ is disallowed, and nothing in it allowed"
    );
    assert!(robots.is_allowed("/public") && robots.is_allowed("/other"));
}
