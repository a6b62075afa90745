//! Names that may have been meant.

/// The names that are most like this one, at most three.
pub(super) fn near<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (wanted.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let starts = !wanted.is_empty() && (name.starts_with(wanted) || wanted.starts_with(name));
            let distance = distance(wanted, name);
            (starts || distance <= limit).then_some((distance, name))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).take(3).collect()
}

/// How many letters are to be changed, left out or put in.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = n + 1;
        for (m, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[m + 1];
            row[m + 1] = changed.min(row[m] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_may_have_been_meant() {
        let names = ["docs-site", "docs-site-2", "blog", "docs"];
        for (wanted, found) in [
            ("docs-sit", &["docs-site", "docs-site-2", "docs"][..]),
            ("docs-stie", &["docs-site", "docs"]),
            ("blgo", &[]),
            ("blok", &["blog"]),
            ("nothing-like-it", &[]),
            ("", &[]),
        ] {
            let near = near(wanted, names);
            assert_eq!(near, found, "{wanted}");
        }
    }
}
