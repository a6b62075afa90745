//! The ways in which a page asks that links be not followed: `rel`, `meta name=robots` and the header `X-Robots-Tag`.
//!
//! `noindex` is none of them: what is not to be shown may still lead somewhere.

use crawl_robots::product_token;

use super::found::rel_says;

/// Directives of `X-Robots-Tag` that have a value after a colon, and so are no agent's name.
const WITH_VALUE: [&str; 4] = ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

/// `rel` is a list of tokens separated by white space.
pub(super) fn rel_says_nofollow(rel: &str) -> bool {
    rel_says(rel, "nofollow")
}

/// Whether a `meta` of this name speaks to `agent`: to all robots, or to it by its product token.
pub(super) fn meta_speaks_to(name: &str, agent: &str) -> bool {
    let name = name.trim_ascii();
    name.eq_ignore_ascii_case("robots") || (!agent.is_empty() && name.eq_ignore_ascii_case(agent))
}

/// The content of such a `meta` is a list separated by commas.
pub(super) fn meta_says_nofollow(content: &str) -> bool {
    content.split(',').any(is_nofollow)
}

/// Whether the values of `X-Robots-Tag` ask `agent`, a product token, not to follow any link. A directive before any
/// agent's name is for all; after one it is for that agent, up to the next name or the end of the header.
#[must_use]
pub fn header_says_nofollow<'a>(values: impl IntoIterator<Item = &'a str>, agent: &str) -> bool {
    values.into_iter().any(|value| value_says_nofollow(value, agent))
}

fn value_says_nofollow(value: &str, agent: &str) -> bool {
    let mut for_us = true;
    value.split(',').any(|part| {
        let mut directive = part;
        if let Some((before, after)) = part.split_once(':')
            && let Some(name) = agent_name(before)
        {
            for_us = name == "*" || product_token(name).eq_ignore_ascii_case(agent);
            directive = after;
        }
        for_us && is_nofollow(directive)
    })
}

/// The agent that stands before a colon, unless that belongs to a directive's value. A date may hold commas, and so
/// `03 Jan 2024 13` or `13` may stand there; in no name are there spaces or only digits.
fn agent_name(before: &str) -> Option<&str> {
    let name = before.trim_ascii();
    let is_directive = WITH_VALUE.iter().any(|known| known.eq_ignore_ascii_case(name));
    let is_name =
        name == "*" || (!name.contains(char::is_whitespace) && name.contains(|c: char| c.is_ascii_alphabetic()));
    (is_name && !is_directive).then_some(name)
}

fn is_nofollow(directive: &str) -> bool {
    let directive = directive.trim_ascii();
    directive.eq_ignore_ascii_case("nofollow") || directive.eq_ignore_ascii_case("none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rel_is_a_list_of_tokens() {
        for (rel, expected) in [
            ("nofollow", true),
            ("NOFOLLOW", true),
            ("noopener NoFollow", true),
            ("noopener\tnofollow\nugc", true),
            ("\x0C nofollow \r", true),
            ("nofollow nofollow", true),
            ("ugc sponsored", false),
            ("nofollow,noopener", false),
            ("nofollowing", false),
            ("no follow", false),
            ("none", false),
            ("nofollow\u{a0}ugc", false),
            ("", false),
        ] {
            assert_eq!(rel_says_nofollow(rel), expected, "{rel:?}");
        }
    }

    #[test]
    fn meta_content_is_a_list_with_commas() {
        for (content, expected) in [
            ("nofollow", true),
            ("NOINDEX, NOFOLLOW", true),
            ("noindex,nofollow,noarchive", true),
            ("\n nofollow\t,", true),
            ("none", true),
            ("None", true),
            ("unavailable_after: Wed, 03 Jan 2024 13:09:53 GMT, nofollow", true),
            ("noindex", false),
            ("all", false),
            ("follow,index", false),
            ("nofollowing", false),
            ("nofollow:", false),
            ("max-image-preview:none", false),
            ("", false),
        ] {
            assert_eq!(meta_says_nofollow(content), expected, "{content:?}");
        }
    }

    #[test]
    fn a_meta_names_all_robots_or_one() {
        for (name, agent, expected) in [
            ("robots", "crawl-operator", true),
            (" ROBOTS\n", "crawl-operator", true),
            ("Crawl-Operator", "crawl-operator", true),
            ("crawl-operator-news", "crawl-operator", false),
            ("googlebot", "crawl-operator", false),
            ("robots", "", true),
            ("", "", false),
            ("", "crawl-operator", false),
        ] {
            assert_eq!(meta_speaks_to(name, agent), expected, "{name:?} {agent:?}");
        }
    }

    #[test]
    fn the_header_may_be_meant_for_somebody_else() {
        for (values, expected) in [
            (&["nofollow"][..], true),
            (&["NoFollow"], true),
            (&["noindex, none"], true),
            (&["noindex", "nofollow"], true),
            (&["noindex", "nosnippet"], false),
            (&["googlebot: nofollow"], false),
            (&["googlebot: noindex, nofollow"], false),
            (&["googlebot: nofollow", "nofollow"], true),
            (&["googlebot: nofollow", "noindex"], false),
            (&["crawl-operator: nofollow"], true),
            (&["Crawl-Operator:none"], true),
            (&["crawl-operator/0.1: nofollow"], true),
            (&["crawl-operator-news: nofollow"], false),
            (&["*: nofollow"], true),
            (&["360spider: nofollow"], false),
            (&["crawl-operator: noindex, googlebot: nofollow"], false),
            (&["googlebot: noindex", "noindex, nofollow"], true),
            (&["googlebot: noindex, Crawl-Operator: noindex, nofollow"], true),
            (&["googlebot: nofollow, *: noindex, nofollow"], true),
            (&["nofollow, googlebot: noindex"], true),
            (&["max-snippet:-1, max-image-preview:large"], false),
            (&["max-snippet: -1, MAX-VIDEO-PREVIEW : 0, nofollow"], true),
            (&["max-image-preview:none"], false),
            (&["nofollow:"], false),
            (&["", ",", ":", " : nofollow"], false),
            (&[], false),
        ] {
            assert_eq!(header_says_nofollow(values.iter().copied(), "crawl-operator"), expected, "{values:?}");
        }
    }

    #[test]
    fn the_date_of_unavailable_after_names_nobody() {
        for date in [
            "25 Jun 2010 15:00:00 PST",
            "Wed, 03 Jan 2024 13:09:53 GMT",
            "Wednesday, 03-Jan-24 13:09:53 GMT",
            "Jan 3, 2024, 13:09",
            "2024-01-03T13:09:53+00:00",
        ] {
            for (value, expected) in [
                (format!("unavailable_after: {date}, nofollow"), true),
                (format!("nofollow, Unavailable_After: {date}"), true),
                (format!("unavailable_after: {date}"), false),
                (format!("googlebot: unavailable_after: {date}, nofollow"), false),
                (format!("crawl-operator: unavailable_after: {date}, nofollow"), true),
                (format!("unavailable_after: {date}, googlebot: nofollow"), false),
            ] {
                assert_eq!(header_says_nofollow([value.as_str()], "crawl-operator"), expected, "{value:?}");
            }
        }
    }
}
