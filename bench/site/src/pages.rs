//! The pages: about 38 KB of HTML with 78 links each, from the first of which all others are reached.

use std::{collections::HashMap, fmt::Write as _, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use hyper::body::Bytes;

use crate::words::Words;

/// Bytes of a page, nearly.
const SIZE: usize = 38_000;
// Links on each page: 16 + 9 * (2 + 4) + 8 = 78.
const NAVIGATION: usize = 16;
const SECTIONS: usize = 9;
const IN_TEXT: usize = 2;
const IN_LIST: usize = 4;
const FOOTER: usize = 8;
/// Pages that each page leads to before all others, so that every page is reached: a tree of this width.
const CHILDREN: usize = 8;

/// A page as it is sent.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) number: usize,
    pub(crate) plain: Bytes,
    pub(crate) gzip: Option<Bytes>,
}

/// All pages by their path and query.
#[derive(Debug)]
pub(crate) struct Pages(HashMap<String, Page>);

impl Pages {
    pub(crate) fn new(base: &str, count: usize, gzip: bool) -> Self {
        let page = |number| {
            let html = html(base, number, count);
            let page = Page { number, gzip: gzip.then(|| compressed(&html)), plain: html.into() };
            (path(number), page)
        };
        Self((0..count).map(page).collect())
    }

    /// The page at a path, and whether the path was spelled right. Some clients do not decode references in links: they find
    /// their page all the same, as they would where parameters beyond the first are not looked at.
    pub(crate) fn get(&self, path: &str) -> Option<(&Page, bool)> {
        let right = self.0.get(path).map(|page| (page, true));
        right.or_else(|| self.0.get(&path.replace("&amp;", "&")).map(|page| (page, false)))
    }

    /// All pages' URLs, one a line, in the order of their numbers.
    pub(crate) fn urls(&self, base: &str) -> String {
        (0..self.0.len()).map(|number| format!("{base}{}\n", path(number))).collect()
    }
}

/// Where a page is: three shapes, as sites have them.
fn path(number: usize) -> String {
    match number {
        0 => "/".to_owned(),
        n if n % 3 == 0 => format!("/docs/{}/{n}.html", n % 20),
        n if n % 3 == 1 => format!("/view?id={n}&lang=en"),
        n => format!("/docs/{}/{n}/", n % 20),
    }
}

fn compressed(html: &str) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail; an empty body would be noticed by whoever counts links.
    let written = encoder.write_all(html.as_bytes()).and_then(|()| encoder.finish());
    written.unwrap_or_default().into()
}

fn html(base: &str, number: usize, count: usize) -> String {
    let mut page =
        Writer { html: String::with_capacity(SIZE + 1024), words: Words::new(number), base, number, count, links: 0 };
    page.head();
    page.html.push_str("<body>\n<!-- navigation -->\n<nav class=\"main\"><ul>\n");
    for place in 1..=NAVIGATION {
        page.item(place);
    }
    page.html.push_str("</ul></nav>\n<main>\n");
    for section in 0..SECTIONS {
        page.section(section);
    }
    page.html.push_str("</main>\n<footer>\n<ul>\n");
    for _ in 0..FOOTER {
        page.next_item();
    }
    page.html.push_str("</ul>\n<p>&copy; 2026 Example &middot; generated</p>\n</footer>\n</body>\n</html>\n");
    page.html
}

/// A page that is being written.
struct Writer<'a> {
    html: String,
    words: Words,
    base: &'a str,
    number: usize,
    count: usize,
    /// Links written so far, without those of the navigation.
    links: usize,
}

impl Writer<'_> {
    fn head(&mut self) {
        let number = self.number;
        let _ = write!(
            self.html,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Page {number} &ndash; Example</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"description\" content=\"Page {number} of a site that is made up\">\n\
             <link rel=\"stylesheet\" href=\"/style.css\">\n<link rel=\"icon\" href=\"/icon.png\">\n\
             <style>\nbody {{ margin: 0 auto; max-width: 60em }}\nnav > ul > li {{ display: inline }}\n</style>\n\
             <script>\nif (1 < 2 && document.links) {{ document.title += ' <a href=\"/no/link\">'; }}\n</script>\n</head>\n"
        );
    }

    fn section(&mut self, section: usize) {
        let _ = write!(self.html, "<section>\n<h2 id=\"part-{section}\">");
        self.words.write(&mut self.html, 5);
        self.html.push_str("</h2>\n<p class=\"lead\">");
        for _ in 0..IN_TEXT {
            self.words.write(&mut self.html, 12);
            self.html.push(' ');
            let target = self.next_target();
            self.link(target);
            self.html.push(' ');
        }
        self.html.push_str("</p>\n<ul class=\"see-also\">\n");
        for _ in 0..IN_LIST {
            self.next_item();
        }
        self.html.push_str("</ul>\n<table>\n");
        for row in 0..4 {
            let _ = write!(self.html, "<tr><td>{row}</td><td>");
            self.words.write(&mut self.html, 4);
            self.html.push_str("</td></tr>\n");
        }
        self.html.push_str("</table>\n<img src=\"/figure.png\" alt=\"1 &lt; 2\" width=\"640\" height=\"480\">\n");
        // Text up to this section's share of the page; the footer needs some, too.
        let end = (SIZE - 1200) * (section + 1) / SECTIONS;
        while self.html.len() < end {
            self.html.push_str("<p>");
            self.words.write(&mut self.html, 50);
            self.html.push_str(".</p>\n");
        }
        self.html.push_str("</section>\n");
    }

    fn next_item(&mut self) {
        let target = self.next_target();
        self.item(target);
    }

    fn item(&mut self, target: usize) {
        self.html.push_str("<li>");
        self.link(target);
        self.html.push_str("</li>\n");
    }

    /// First the page's children in the tree, then any.
    fn next_target(&mut self) -> usize {
        self.links += 1;
        let child = self.number * CHILDREN + self.links;
        if self.links <= CHILDREN && child < self.count { child } else { self.words.below(self.count) }
    }

    /// A link in one of the ways in which links are written.
    fn link(&mut self, target: usize) {
        let path = path(target % self.count).replace('&', "&amp;");
        let (base, up) = (self.base, self.up());
        let way = self.words.below(10);
        let relative = format!("{up}{}", &path[1..]);
        let _ = match way {
            0..=3 => write!(self.html, "<a href=\"{path}\">"),
            4 | 5 => write!(self.html, "<a class=\"ref\" href=\"{base}{path}\" title=\"Page &quot;{target}&quot;\">"),
            6 => write!(self.html, "<a href='{path}#part-{}'>", self.words.below(SECTIONS)),
            7 => write!(self.html, "<A HREF=\"{path}\" REL=next>"),
            // The first page has no relative spelling from itself but this.
            _ if relative.is_empty() => write!(self.html, "<a href=\"./\">"),
            _ => write!(self.html, "<a href=\"{relative}\">"),
        };
        self.words.write(&mut self.html, 3);
        self.html.push_str("</a>");
    }

    /// How a relative link from here gets to the root.
    fn up(&self) -> &'static str {
        match self.number {
            0 => "",
            n if n % 3 == 0 => "../../",
            n if n % 3 == 1 => "",
            _ => "../../../",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_size_and_its_links_and_is_the_same_at_every_start() {
        for number in 0..300 {
            let page = html("http://127.0.0.1:1", number, 300);
            assert_eq!(page, html("http://127.0.0.1:1", number, 300));
            assert!((37_000..39_000).contains(&page.len()), "page {number} has {} bytes", page.len());
            let links = page.matches("<a ").count() + page.matches("<A ").count() - 1;
            assert_eq!(links, 78, "without the one in the script");
        }
    }

    #[test]
    fn all_pages_have_paths_of_their_own() {
        let pages = Pages::new("http://127.0.0.1:1", 1000, false);
        assert_eq!(pages.0.len(), 1000);
        let number = |path| pages.get(path).map(|(page, right)| (page.number, right));
        assert_eq!(number("/view?id=7&lang=en"), Some((7, true)));
        assert_eq!(number("/view?id=7&amp;lang=en"), Some((7, false)));
        assert_eq!(number("/view?id=8&lang=en"), None);
    }
}
