//! How lines are read and grouped.

use crawl_robots::{Robots, product_token};

use crate::{allowed, check};

/// GoogleOnly_SystemTest
#[test]
fn what_is_empty_allows() {
    let robots = "user-agent: FooBot\ndisallow: /\n";
    for (robots, agent, expected) in
        [("", "FooBot", true), (robots, "", true), (robots, "FooBot", false), ("", "", true)]
    {
        assert_eq!(allowed(robots, agent, ""), expected, "{agent:?} {robots:?}");
    }
}

/// ID_LineSyntax_Line
#[test]
fn a_colon_may_be_forgotten() {
    check("user-agent: FooBot\ndisallow: /\n", &[("FooBot", "/x/y", false)]);
    check("foo: FooBot\nbar: /\n", &[("FooBot", "/x/y", true)]);
    check("user-agent FooBot\ndisallow /\n", &[("FooBot", "/x/y", false)]);
}

/// ID_LineSyntax_Groups
#[test]
fn groups_end_at_the_next_agent_behind_rules_and_are_merged() {
    let robots = "allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\n\
        allow: /y/\n\n\nallow: /w/\nuser-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n";
    check(
        robots,
        &[
            ("FooBot", "/x/b", true),
            ("FooBot", "/z/d", true),
            ("FooBot", "/y/c", false),
            ("BarBot", "/y/c", true),
            ("BarBot", "/w/a", true),
            ("BarBot", "/z/d", false),
            ("BazBot", "/z/d", true),
            ("FooBot", "/foo/bar/", false),
            ("BarBot", "/foo/bar/", false),
            ("BazBot", "/foo/bar/", false),
        ],
    );
}

/// ID_LineSyntax_Groups_OtherRules
#[test]
fn lines_that_are_no_rules_do_not_end_the_list_of_agents() {
    for other in ["Sitemap: https://foo.bar/sitemap", "Invalid-Unknown-Line: unknown", "Crawl-delay: 5"] {
        let robots = format!("User-agent: BarBot\n{other}\nUser-agent: *\nDisallow: /\n");
        check(&robots, &[("FooBot", "/", false), ("BarBot", "/", false)]);
    }
}

/// ID_REPLineNamesCaseInsensitive
#[test]
fn the_case_of_keys_does_not_matter() {
    for robots in [
        "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n",
        "user-agent: FooBot\nallow: /x/\ndisallow: /\n",
        "uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n",
    ] {
        check(robots, &[("FooBot", "/x/y", true), ("FooBot", "/a/b", false)]);
    }
}

/// ID_VerifyValidUserAgentsToObey
#[test]
fn a_name_is_valid_when_it_is_its_own_token() {
    for (name, valid) in [
        ("Foobot", true),
        ("Foobot-Bar", true),
        ("Foo_Bar", true),
        ("", false),
        ("ツ", false),
        ("Foobot*", false),
        (" Foobot ", false),
        ("Foobot/2.1", false),
        ("Foobot Bar", false),
    ] {
        assert_eq!(!name.is_empty() && product_token(name) == name, valid, "{name:?}");
    }
}

/// ID_UserAgentValueCaseInsensitive
#[test]
fn the_case_of_agents_does_not_matter() {
    for name in ["FOO BAR", "foo bar", "FoO bAr"] {
        let robots = format!("User-Agent: {name}\nAllow: /x/\nDisallow: /\n");
        let cases = [("Foo", "/x/y", true), ("Foo", "/a/b", false), ("foo", "/x/y", true), ("foo", "/a/b", false)];
        check(&robots, &cases);
    }
}

/// GoogleOnly_AcceptUserAgentUpToFirstSpace
#[test]
fn an_agent_is_named_by_its_token_alone() {
    assert_ne!(product_token("Foobot Bar"), "Foobot Bar");
    let robots = "User-Agent: *\nDisallow: /\nUser-Agent: Foo Bar\nAllow: /x/\nDisallow: /\n";
    check(robots, &[("Foo", "/x/y", true), ("Foo Bar", "/x/y", false)]);
}

/// ID_GlobalGroups_Secondary
#[test]
fn the_groups_for_everyone_are_for_those_without_their_own() {
    check("", &[("FooBot", "/x/y", true)]);
    let everyone = "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n";
    check(everyone, &[("FooBot", "/x/y", false), ("BarBot", "/x/y", true)]);
    let others = "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\nuser-agent: BazBot\ndisallow: /\n";
    check(others, &[("QuxBot", "/x/y", true)]);
}

/// ID_LinesNumbersAreCountedCorrectly
#[test]
fn every_end_of_line_counts_once() {
    for robots in [
        "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\nDisallow: /\n",
        "User-Agent: foo\r\nAllow: /some/path\r\nUser-Agent: bar\r\n\r\n\r\nDisallow: /\r\n",
        "User-Agent: foo\rAllow: /some/path\rUser-Agent: bar\r\r\rDisallow: /\r",
        "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\nDisallow: /",
        "User-Agent: foo\nAllow: /some/path\r\nUser-Agent: bar\n\r\n\nDisallow: /",
    ] {
        for (agent, expected) in [("foo", "2: Allow: /some/path"), ("bar", "6: Disallow: /")] {
            let robots = Robots::parse(robots.as_bytes(), agent);
            let line = robots.verdict("/some/path").line.map(|line| line.to_string());
            assert_eq!(line.as_deref(), Some(expected));
        }
    }
}

/// ID_UTF8ByteOrderMarkIsSkipped
#[test]
fn a_byte_order_mark_is_passed_over_at_the_beginning_only() {
    for (robots, rule_counts) in [
        (&b"\xEF\xBB\xBFUser-Agent: foo\nAllow: /AnyValue\n"[..], true),
        (b"\xEF\xBBUser-Agent: foo\nAllow: /AnyValue\n", true),
        (b"\xEFUser-Agent: foo\nAllow: /AnyValue\n", true),
        (b"\xEF\x11\xBFUser-Agent: foo\nAllow: /AnyValue\n", false),
        (b"User-Agent: foo\n\xEF\xBB\xBFAllow: /AnyValue\n", false),
    ] {
        assert_eq!(Robots::parse(robots, "foo").verdict("/AnyValue").line.is_some(), rule_counts, "{robots:?}");
    }
}

/// ID_NonStandardLineExample_Sitemap
#[test]
fn a_sitemap_may_stand_anywhere() {
    let (sitemap, groups) =
        ("Sitemap: http://foo.bar/sitemap.xml\n", "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\n");
    for robots in [[groups, sitemap].concat(), [sitemap, groups].concat()] {
        assert_eq!(Robots::parse(robots.as_bytes(), "foo").sitemaps(), ["http://foo.bar/sitemap.xml"]);
    }
}
