//! The examples of Google's documentation of robots.txt: GoogleOnly_DocumentationChecks.

use crate::check;

/// Checks who gets past `disallow: /` by one rule that allows.
fn only(allow: &str, allowed: &[&str], disallowed: &[&str]) {
    let robots = format!("user-agent: FooBot\ndisallow: /\nallow: {allow}\n");
    for (paths, expected) in [(allowed, true), (disallowed, false)] {
        for path in paths {
            check(&robots, &[("FooBot", path, expected)]);
        }
    }
}

#[test]
fn a_path_is_a_beginning() {
    for (rule, shout) in [("/fish", "/Fish.asp"), ("/fish*", "/Fish.bar")] {
        only(
            rule,
            &[
                "/fish",
                "/fish.html",
                "/fish/salmon.html",
                "/fishheads",
                "/fishheads/yummy.html",
                "/fish.html?id=anything",
            ],
            &["/bar", shout, "/catfish", "/?id=fish"],
        );
    }
    only(
        "/fish/",
        &["/fish/", "/fish/salmon", "/fish/?salmon", "/fish/salmon.html", "/fish/?id=anything"],
        &["/bar", "/fish", "/fish.html", "/Fish/Salmon.html"],
    );
}

#[test]
fn a_star_is_anything_and_a_dollar_the_end() {
    only(
        "/*.php",
        &[
            "/filename.php",
            "/folder/filename.php",
            "/folder/filename.php?parameters",
            "//folder/any.php.file.html",
            "/filename.php/",
            "/index?f=filename.php/",
        ],
        &["/bar", "/php/", "/index?php", "/windows.PHP"],
    );
    only(
        "/*.php$",
        &["/filename.php", "/folder/filename.php"],
        &[
            "/bar",
            "/filename.php?parameters",
            "/filename.php/",
            "/filename.php5",
            "/php/",
            "/filename?php",
            "/aaaphpaaa",
            "//windows.PHP",
        ],
    );
    only("/fish*.php", &["/fish.php", "/fishheads/catfish.php?parameters"], &["/bar", "/Fish.PHP"]);
}

#[test]
fn the_order_of_precedence() {
    for (rules, path, expected) in [
        ("allow: /p\ndisallow: /", "/page", true),
        ("allow: /folder\ndisallow: /folder", "/folder/page", true),
        ("allow: /page\ndisallow: /*.htm", "/page.htm", false),
        ("allow: /$\ndisallow: /", "/", true),
        ("allow: /$\ndisallow: /", "/page.html", false),
    ] {
        check(&format!("user-agent: FooBot\n{rules}\n"), &[("FooBot", path, expected)]);
    }
}
