//! Which rule decides.

use crate::{allowed, check};

fn foobot(rules: &str, cases: &[(&str, bool)]) {
    for (path, expected) in cases {
        check(&format!("user-agent: FooBot\n{rules}\n"), &[("FooBot", path, *expected)]);
    }
}

/// ID_AllowDisallow_Value_CaseSensitive
#[test]
fn the_case_of_paths_matters() {
    foobot("disallow: /x/", &[("/x/y", false)]);
    foobot("disallow: /X/", &[("/x/y", true)]);
}

/// ID_LongestMatch
#[test]
fn the_longest_rule_decides_and_allow_wins_a_tie() {
    foobot("disallow: /x/page.html\nallow: /x/", &[("/x/page.html", false)]);
    foobot("allow: /x/page.html\ndisallow: /x/", &[("/x/page.html", true), ("/x/", false)]);
    foobot("disallow: \nallow: ", &[("/x/page.html", true)]);
    foobot("disallow: /\nallow: /", &[("/x/page.html", true)]);
    foobot("disallow: /x\nallow: /x/", &[("/x", false), ("/x/", true)]);
    foobot("disallow: /x/page.html\nallow: /x/page.html", &[("/x/page.html", true)]);
    foobot("allow: /page\ndisallow: /*.html", &[("/page.html", false), ("/page", true)]);
    foobot("allow: /x/page.\ndisallow: /*.html", &[("/x/page.html", true), ("/x/y.html", false)]);
    let own_group = "User-agent: *\nDisallow: /x/\nUser-agent: FooBot\nDisallow: /y/\n";
    check(own_group, &[("FooBot", "/x/page", true), ("FooBot", "/y/page", false)]);
}

/// ID_Encoding
#[test]
fn encodings_are_unified() {
    let query = "/foo/bar?qux=taz&baz=http://foo.bar?tar&par";
    foobot(&format!("disallow: /\nallow: {query}"), &[(query, true)]);
    // Google leaves the encoding of URLs to its callers and refuses the bare ones; by the RFC both sides are encoded
    // first.
    foobot("disallow: /\nallow: /foo/bar/ツ", &[("/foo/bar/%E3%83%84", true), ("/foo/bar/ツ", true)]);
    foobot("disallow: /\nallow: /foo/bar/%E3%83%84", &[("/foo/bar/%E3%83%84", true), ("/foo/bar/ツ", true)]);
    // Google compares these letter by letter, and its test says not to rely on that; the RFC's table has them as equal.
    foobot("disallow: /\nallow: /foo/bar/%62%61%7A", &[("/foo/bar/baz", true), ("/foo/bar/%62%61%7A", true)]);
}

/// ID_SpecialCharacters
#[test]
fn stars_dollars_and_hashes_are_special() {
    let star = [("/foo/bar/quz", false), ("/foo/quz", true), ("/foo//quz", true), ("/foo/bax/quz", true)];
    foobot("disallow: /foo/bar/quz\nallow: /foo/*/qux", &star);
    let end = [("/foo/bar", false), ("/foo/bar/qux", true), ("/foo/bar/", true), ("/foo/bar/baz", true)];
    foobot("disallow: /foo/bar$\nallow: /foo/bar/qux", &end);
    foobot("# disallow: /\ndisallow: /foo/quz#qux\nallow: /", &[("/foo/bar", true), ("/foo/quz", false)]);
}

/// GoogleOnly_IndexHTMLisDirectory
#[test]
fn to_allow_an_index_page_is_to_allow_its_directory() {
    for file in ["index.html", "index.htm"] {
        let robots = format!("User-Agent: *\nAllow: /allowed-slash/{file}\nDisallow: /\n");
        for (path, expected) in [
            ("/allowed-slash/", true),
            ("/allowed-slash/index.htm", file == "index.htm"),
            ("/allowed-slash/index.html", true),
            ("/allowed-slash/other", false),
            ("/anyother-url", false),
        ] {
            assert_eq!(allowed(&robots, "foobot", &format!("http://foo.com{path}")), expected, "{file} {path}");
        }
    }
    // The other way round nobody asked for it.
    foobot("disallow: /a/index.html", &[("/a/", true), ("/a/index.html", false)]);
}
