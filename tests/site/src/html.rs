//! Pages.

/// A page that leads to these places.
pub(crate) fn page(title: &str, links: &[String]) -> String {
    let links: String = links.iter().map(|link| format!("<p><a href=\"{}\">on</a></p>\n", escaped(link))).collect();
    format!("<!doctype html>\n<html lang=\"en\"><title>{}</title>\n{links}</html>\n", escaped(title))
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Page `n` of a tree of `pages` pages in which each leads to ten more: every page is reached by one way.
pub(crate) fn tree(pages: u64, n: u64) -> Option<String> {
    let first = n.saturating_mul(10).saturating_add(1);
    let links: Vec<String> = (first..first.saturating_add(10).min(pages)).map(|child| child.to_string()).collect();
    (n < pages).then(|| page(&format!("page {n} of {pages}"), &links))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_as_many_links_as_pages_but_its_root() {
        for pages in [1, 2, 11, 12, 60, 111, 1000] {
            let links: usize = (0..pages).filter_map(|n| tree(pages, n)).map(|page| page.matches("href").count()).sum();
            assert_eq!(links as u64, pages - 1, "{pages}");
        }
        assert_eq!(tree(5, 5), None);
    }
}
