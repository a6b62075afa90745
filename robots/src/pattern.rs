//! Whether a path begins with what a rule describes: `*` stands for anything, a `$` at the end for the end of the path.

/// Matches a normalised pattern with a normalised path, in time proportional to their lengths.
///
/// Between two stars the leftmost occurrence is as good as any: it leaves the most room for what follows. So no way is
/// ever tried twice, and `str::find` never goes back either.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let Some((beginning, pattern)) = pattern.split_once('*') else {
        return if to_the_end { path == pattern } else { path.starts_with(pattern) };
    };
    let Some(mut rest) = path.strip_prefix(beginning) else { return false };
    let (middle, end) = match pattern.rsplit_once('*') {
        Some((middle, end)) if to_the_end => (middle, end),
        None if to_the_end => ("", pattern),
        _ => (pattern, ""),
    };
    for piece in middle.split('*') {
        let Some(at) = find(rest, piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(end)
}

/// `str::find`, which is quicker for a character than for a string of one.
fn find(text: &str, piece: &str) -> Option<usize> {
    match piece.as_bytes() {
        [] => Some(0),
        [byte] => text.find(char::from(*byte)),
        _ => text.find(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_the_end() {
        for (pattern, path, expected) in [
            ("/", "/", true),
            ("/a", "/a/b", true),
            ("/a", "/A", false),
            ("/a/", "/a", false),
            ("/a$", "/a", true),
            ("/a$", "/a/", false),
            ("/$", "/", true),
            ("/a$b", "/a$b", true),
            ("/a$b", "/a", false),
            ("/a*", "/a", true),
            ("/a*$", "/abc", true),
            ("/*.php", "/x/y.php?z", true),
            ("/*.php$", "/x.php/y.php", true),
            ("/*.php$", "/x.php5", false),
            ("*", "/", true),
            ("*$", "/", true),
            ("**", "/", true),
            ("*b", "/abc", true),
            ("/a*bc*bc$", "/abc", false),
            ("/a*bc*bc$", "/abcbc", true),
            ("/a*aa", "/aa", false),
            ("/ab*ba", "/aba", false),
            ("/a*a$", "/a", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn wildcards_are_never_tried_in_all_ways() {
        let path = format!("/{}", "a".repeat(100_000));
        for piece in ["*a", "*aa", "*", "a*"] {
            assert!(!matches(&format!("/{}b", piece.repeat(5_000)), &path), "{piece}");
            assert!(!matches(&format!("/{}b$", piece.repeat(5_000)), &path), "{piece}");
        }
    }
}
