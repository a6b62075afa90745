//! What RFC 9309 says, in its order, with its examples; and how the lines beyond it are read.

use std::time::Duration;

use crawl_robots::{MAX_BYTES, MAX_SITEMAPS, Robots, product_token};

fn is_allowed(robots: &str, agent: &str, path: &str) -> bool {
    Robots::parse(robots.as_bytes(), agent).is_allowed(path)
}

/// Whether a rule that disallows reaches a path.
fn reaches(rule: &str, path: &str) -> bool {
    !is_allowed(&format!("User-agent: *\nDisallow: {rule}\n"), "foo", path)
}

/// §2.2.1
#[test]
fn groups_of_the_same_agent_are_one() {
    let apart = "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: ExampleBot\ndisallow: /baz\n";
    for (path, expected) in [("/foo", false), ("/bar", false), ("/baz", false), ("/qux", true)] {
        assert_eq!(is_allowed(apart, "examplebot", path), expected, "{path}");
    }
    let everyone = "user-agent: *\ndisallow: /a\nuser-agent: x\ndisallow: /\nuser-agent: *\ndisallow: /b\n";
    for (path, expected) in [("/a", false), ("/b", false), ("/c", true)] {
        assert_eq!(is_allowed(everyone, "examplebot", path), expected, "{path}");
    }
}

/// §2.2.1
#[test]
fn the_name_in_the_header_is_compared_as_a_whole() {
    let header = "Mozilla/5.0 (compatible; ExampleBot/0.1; https://www.example.com/bot.html)";
    assert_eq!((product_token("ExampleBot/0.1"), product_token(header)), ("ExampleBot", "Mozilla"));
    for (named, speaks_to_us) in [
        ("ExampleBot", true),
        ("EXAMPLEBOT/1.2", true),
        ("examplebot-news", false),
        ("example", false),
        ("*examplebot", false),
        ("mozilla examplebot", false),
    ] {
        let robots = format!("user-agent: {named}\ndisallow: /\n");
        assert_eq!(!is_allowed(&robots, "ExampleBot", "/"), speaks_to_us, "{named}");
    }
    assert!(is_allowed("user-agent: 7\nuser-agent:\ndisallow: /\n", "", "/"));
}

/// §2.2.2, its table first
#[test]
fn octets_are_compared_in_one_spelling() {
    for (rule, path, expected) in [
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", true),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", true),
        ("/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", true),
        ("/foo/bar/\u{30C4}", "/foo/bar/%E3%83%84", true),
        ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", true),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", true),
        ("/foo/bar/baz", "/foo/bar/%62%61%7a", true),
        ("/~joe", "/%7Ejoe", true),
        ("/a%2Fb", "/a/b", false),
        ("/a/b", "/a%2Fb", false),
        ("/a%3Fb", "/a?b", false),
        ("/?a%26b", "/?a&b", false),
        ("/?a+b", "/?a%2Bb", false),
        ("/a b", "/a%20b", true),
        ("/wiki/Help:", "/wiki/Help%3AContents", true),
        ("/*?q='", "/x?q=%27y", true),
        ("/*u=http%3A%2F%2F", "/?u=http%3A%2F%2Fh", true),
        ("/*u=http://", "/?u=http%3A%2F%2Fh", true),
        ("/*%", "/a%20b", true),
        ("/*%", "/a:b*c$d[e]", false),
        ("/a%2", "/a%20b", true),
        ("/100%25", "/100%", true),
    ] {
        assert_eq!(reaches(rule, path), expected, "{rule} {path}");
    }
}

/// §2.2.2
#[test]
fn equal_rules_in_different_spellings_are_a_tie() {
    for (allow, disallow) in [("/a:b", "/a%3Ab"), ("/baz", "/%62%61%7A"), ("/ツ", "/%E3%83%84")] {
        let robots = format!("User-agent: *\nDisallow: {disallow}\nAllow: {allow}\n");
        let robots = Robots::parse(robots.as_bytes(), "foo");
        let verdict = robots.verdict(allow);
        assert_eq!((verdict.allowed, verdict.line.map(|line| line.number)), (true, Some(3)), "{allow} {disallow}");
    }
}

/// §2.2.2
#[test]
fn robots_txt_itself_is_allowed() {
    let robots = Robots::parse(b"User-agent: *\nDisallow: /\n", "foo");
    for (path, expected) in
        [("/robots.txt", true), ("/%72obots.txt", true), ("/robots.txt.bak", false), ("/x/robots.txt", false)]
    {
        assert_eq!(robots.is_allowed(path), expected, "{path}");
    }
    assert_eq!(robots.verdict("/robots.txt").line, None);
}

/// §2.2.3
#[test]
fn special_characters_are_meant_literally_when_encoded() {
    for (rule, path, expected) in [
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", false),
        ("/path/foo-%24", "/path/foo-$", true),
        ("/path/foo-%24", "/path/foo-", false),
        ("/path/foo-$", "/path/foo-$", false),
        ("/path/foo-$", "/path/foo-", true),
        ("/this/*/exactly", "/this/and/that/exactly", true),
    ] {
        assert_eq!(reaches(rule, path), expected, "{rule} {path}");
    }
}

/// §2.2.4, §2.5
#[test]
fn other_lines_do_not_interfere_and_long_files_are_read() {
    let robots = Robots::parse(
        b"Sitemap: https://h/a\nSitemap: /b\nUser-agent: x\nSitemap: https://h/c\nSitemap: https://h/a\n",
        "y",
    );
    assert_eq!(robots.sitemaps(), ["https://h/a", "https://h/c"]);
    let many: String = (0..MAX_SITEMAPS + 50).map(|n| format!("Sitemap: https://h/{n}\n")).collect();
    assert_eq!(Robots::parse(many.as_bytes(), "y").sitemaps().len(), MAX_SITEMAPS);

    let comment = "#".repeat(99);
    let long: String = std::iter::repeat_n(format!("{comment}\n"), 600 * 1024 / 100).collect();
    let rule = "User-agent: *\nDisallow: /\n";
    assert!(!is_allowed(&[&long, rule].concat(), "foo", "/"));
    let beyond = [&"\n".repeat(MAX_BYTES), rule].concat();
    assert!(is_allowed(&beyond, "foo", "/"));
}

/// §5.1, §5.2
#[test]
fn the_examples_of_the_rfc() {
    let simple = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
        User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
        User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
        User-Agent: quxbot\n";
    for (agent, path, expected) in [
        ("other", "/a.gif", false),
        ("other", "/a.gif?b", true),
        ("other", "/example/", false),
        ("other", "/publications/", true),
        ("other", "/else", true),
        ("foobot", "/example/page.html", true),
        ("foobot", "/example/allowed.gif", true),
        ("foobot", "/publications/", false),
        ("barbot", "/example/page.html", false),
        ("bazbot", "/example/page.html", false),
        ("bazbot", "/example/", true),
        ("quxbot", "/example/", true),
    ] {
        assert_eq!(is_allowed(simple, agent, path), expected, "{agent} {path}");
    }
    let longest = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
    assert!(!is_allowed(longest, "foobot", "/example/page/disallowed.gif"));
    assert!(is_allowed(longest, "foobot", "/example/page/allowed.gif"));
}

#[test]
fn a_delay_is_ours_or_everyones() {
    for (robots, seconds) in [
        ("User-agent: *\nCrawl-delay: 2.5\n", Some(2.5)),
        ("User-agent: *\nCrawl-delay: 5\nUser-agent: foo\nCrawl-delay: 1\n", Some(1.0)),
        ("User-agent: foo\nCrawl-delay: 1\n\nUser-agent: *\nCrawl-delay: 5\n", Some(1.0)),
        ("User-agent: foo\nCrawl-delay: 1\nDisallow:\nUser-agent: bar\nCrawl-delay: 5\n", Some(1.0)),
        ("User-agent: *\nCrawl-delay: 5\nUser-agent: foo\nDisallow: /\n", None),
        ("User-agent: foo\nCrawl-delay: 2\nCrawl-delay: 7\nCrawl-delay: 3\n", Some(7.0)),
        ("User-agent: foo\nCrawl-delay: -1\nCrawl-delay: NaN\n", None),
        ("Crawl-delay: 5\n", None),
        ("", None),
    ] {
        let delay = Robots::parse(robots.as_bytes(), "foo").crawl_delay();
        assert_eq!(delay, seconds.map(Duration::from_secs_f64), "{robots}");
    }
}
