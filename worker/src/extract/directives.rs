//! The ways in which a page asks that links be not followed: `rel`, `meta name=robots` and the header `X-Robots-Tag`.

/// Directives of `X-Robots-Tag` that have a value after a colon, and so are no agent's name.
const WITH_VALUE: [&str; 4] = ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

/// `rel` is a list of tokens separated by white space.
pub(super) fn rel_says_nofollow(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case("nofollow"))
}

/// The content of `meta name=robots` is a list separated by commas.
pub(super) fn meta_says_nofollow(content: &str) -> bool {
    content.split(',').any(is_nofollow)
}

/// Whether the values of `X-Robots-Tag` ask `agent` not to follow any link. A directive before any agent's name is for all.
#[must_use]
pub fn header_says_nofollow<'a>(values: impl IntoIterator<Item = &'a str>, agent: &str) -> bool {
    values.into_iter().any(|value| value_says_nofollow(value, agent))
}

fn value_says_nofollow(value: &str, agent: &str) -> bool {
    let mut for_us = true;
    value.split(',').any(|part| {
        let mut directive = part;
        if let Some((before, after)) = part.split_once(':') {
            let name = before.trim_ascii();
            if WITH_VALUE.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                return false;
            }
            for_us = name.eq_ignore_ascii_case(agent);
            directive = after;
        }
        for_us && is_nofollow(directive)
    })
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
            ("noopener NoFollow", true),
            ("noopener\tnofollow\nugc", true),
            ("nofollow,noopener", false),
            ("nofollowing", false),
            ("", false),
        ] {
            assert_eq!(rel_says_nofollow(rel), expected, "{rel:?}");
        }
    }

    #[test]
    fn meta_content_is_a_list_with_commas() {
        for (content, expected) in
            [("NOINDEX, NOFOLLOW", true), ("none", true), ("noindex", false), ("all", false), ("follow,index", false)]
        {
            assert_eq!(meta_says_nofollow(content), expected, "{content:?}");
        }
    }

    #[test]
    fn the_header_may_be_meant_for_somebody_else() {
        for (values, expected) in [
            (vec!["nofollow"], true),
            (vec!["noindex, none"], true),
            (vec!["googlebot: nofollow"], false),
            (vec!["googlebot: noindex, nofollow"], false),
            (vec!["crawl-operator: nofollow"], true),
            (vec!["googlebot: noindex", "noindex, nofollow"], true),
            (vec!["googlebot: noindex, Crawl-Operator: noindex, nofollow"], true),
            (vec!["unavailable_after: 25 Jun 2010 15:00:00 PST, nofollow"], true),
            (vec!["max-snippet:-1, max-image-preview:large"], false),
            (vec![], false),
        ] {
            assert_eq!(header_says_nofollow(values.iter().copied(), "crawl-operator"), expected, "{values:?}");
        }
    }
}
