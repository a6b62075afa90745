//! Sitemaps: the only way to the pages under `/only/`.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::{answer::Answer, html::escaped};

const XML: &str = "application/xml";

/// `map` names an index of two sitemaps in its robots.txt, `map-plain` has one where it is looked for. Each lists 1 to 60 in
/// all; the index lists some of them twice, and one page of another host.
pub(crate) fn answer(host: &str, path: &str) -> Option<Answer> {
    let here = |path: &str| format!("http://{host}{path}");
    let only = |n: u32| here(&format!("/only/{n}"));
    match (host.split(['.', ':']).next()?, path) {
        ("map", "/maps/index.xml") => {
            let maps = ["/maps/first.xml", "/maps/second.xml.gz"].map(here);
            Some(Answer::new(XML, list("sitemapindex", "sitemap", maps)))
        }
        ("map", "/maps/first.xml") => Some(Answer::new(XML, list("urlset", "url", (1..=35).map(only)))),
        ("map", "/maps/second.xml.gz") => {
            let elsewhere = "http://elsewhere.invalid/".to_owned();
            let urls = list("urlset", "url", (30..=60).map(only).chain([elsewhere]));
            Some(Answer::new("application/gzip", gzipped(urls.as_bytes())?))
        }
        ("map-plain", "/sitemap.xml") => Some(Answer::new(XML, list("urlset", "url", (1..=60).map(only)))),
        _ => None,
    }
}

fn list(root: &str, element: &str, urls: impl IntoIterator<Item = String>) -> String {
    let line = |url: String| format!("<{element}><loc>{}</loc></{element}>\n", escaped(&url));
    let lines: String = urls.into_iter().map(line).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{lines}</{root}>\n"
    )
}

fn gzipped(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{collections::BTreeSet, io::Read};

    use super::*;

    #[test]
    fn the_two_of_the_index_list_sixty_pages_and_a_stranger() {
        let first = String::from_utf8(answer("map:80", "/maps/first.xml").unwrap().body).unwrap();
        let second = answer("map:80", "/maps/second.xml.gz").unwrap().body;
        let mut text = String::new();
        flate2::read::GzDecoder::new(second.as_slice()).read_to_string(&mut text).unwrap();
        let all: BTreeSet<&str> = [first.as_str(), text.as_str()]
            .into_iter()
            .flat_map(str::lines)
            .filter_map(|line| line.strip_prefix("<url><loc>"))
            .collect();
        assert_eq!(all.len(), 61);
        assert!(all.contains("http://map:80/only/60</loc></url>"));
    }
}
