//! What is taken of a URL, and how a pattern is escaped.

use crawl_robots::{Robots, path_and_query};

/// TestGetPathParamsQuery
#[test]
fn of_a_url_the_path_and_the_query_are_taken() {
    for (url, expected) in [
        ("", "/"),
        ("http://www.example.com", "/"),
        ("http://www.example.com/", "/"),
        ("http://www.example.com/a", "/a"),
        ("http://www.example.com/a/", "/a/"),
        ("http://www.example.com/a/b?c=http://d.e/", "/a/b?c=http://d.e/"),
        ("http://www.example.com/a/b?c=d&e=f#fragment", "/a/b?c=d&e=f"),
        ("example.com", "/"),
        ("example.com/", "/"),
        ("example.com/a", "/a"),
        ("example.com/a/", "/a/"),
        ("example.com/a/b?c=d&e=f#fragment", "/a/b?c=d&e=f"),
        ("a", "/"),
        ("a/", "/"),
        ("/a", "/a"),
        ("a/b", "/b"),
        ("example.com?a", "/?a"),
        ("example.com/a;b#c", "/a;b"),
        ("//a/b/c", "/b/c"),
        // Ours.
        ("http://example.com#a/b?c", "/"),
        ("http://example.com?u=http://h/", "/?u=http://h/"),
        ("example.com/a?u=http://h/b", "/a?u=http://h/b"),
        ("http://[::1]:8080//a//b", "//a//b"),
    ] {
        assert_eq!(path_and_query(url), expected, "{url}");
    }
}

/// TestMaybeEscapePattern
#[test]
fn patterns_are_escaped_and_their_hexadecimal_digits_are_capitals() {
    for (pattern, path) in [("/a/b/c", "/a/b/c"), ("/á", "/%C3%A1"), ("/%aa", "/%AA")] {
        let robots = Robots::parse(format!("user-agent: *\ndisallow: {pattern}$\n").as_bytes(), "foo");
        assert!(!robots.is_allowed(path), "{pattern} {path}");
    }
    // No path begins like this, so no rule does.
    let robots = Robots::parse(b"user-agent: *\ndisallow: http://www.example.com\n", "foo");
    assert_eq!(robots.verdict("/http://www.example.com").line, None);
}
