//! A URL as a way down the tree: its origin, its folders, its page.

/// What stands next on the way down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// An origin or a folder, and what follows.
    Into(&'a str, &'a str),
    /// A page.
    Page(&'a str),
    /// Nothing: it is the page of the folder itself.
    Here,
}

/// The rest of a URL below a prefix; `None` when it does not begin so.
pub(super) fn below<'a>(url: &'a str, prefix: &str) -> Option<&'a str> {
    url.strip_prefix(prefix).filter(|_| !url.is_empty())
}

/// A prefix as it is compared: empty, or up to a `/`.
pub(super) fn prefix_of(text: &str) -> String {
    if text.is_empty() || text.ends_with('/') { text.to_owned() } else { format!("{text}/") }
}

/// The first step below the top, where `rest` is a whole URL, or below an origin or a folder.
pub(super) fn step(rest: &str, at_top: bool) -> Step<'_> {
    if rest.is_empty() {
        return Step::Here;
    }
    if at_top {
        // All URLs have a path, and `//` before their host.
        let host = memchr::memchr(b':', rest.as_bytes()).map_or(0, |at| (at + 3).min(rest.len()));
        let end = memchr::memchr(b'/', &rest.as_bytes()[host..]).map_or(rest.len(), |at| host + at);
        return Step::Into(&rest[..end], rest.get(end + 1..).unwrap_or_default());
    }
    // A query may hold slashes, which are none of the path's.
    match memchr::memchr2(b'/', b'?', rest.as_bytes()) {
        Some(at) if rest.as_bytes()[at] == b'/' => Step::Into(&rest[..=at], &rest[at + 1..]),
        _ => Step::Page(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_way_down() {
        assert_eq!(step("http://h:1/a/b", true), Step::Into("http://h:1", "a/b"));
        assert_eq!(step("http://h:1/", true), Step::Into("http://h:1", ""));
        assert_eq!(step("a/b/c?d", false), Step::Into("a/", "b/c?d"));
        assert_eq!(step("/b", false), Step::Into("/", "b"));
        assert_eq!(step("c?d/e", false), Step::Page("c?d/e"));
        assert_eq!(step("", false), Step::Here);
        assert_eq!((below("http://h/a", &prefix_of("http://h")), below("http://hh/", "http://h/")), (Some("a"), None));
        assert_eq!((below("", ""), prefix_of("")), (None, String::new()));
    }
}
