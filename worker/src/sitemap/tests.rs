//! What sitemaps look like, in the standard and in the wild, and what is read of them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures::{StreamExt, stream};

use super::*;

/// What was read of a whole sitemap, paths only.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    pages: Vec<String>,
    sitemaps: Vec<String>,
    /// The numbers of URLs of the parts.
    parts: Vec<usize>,
    cut: bool,
    broken: bool,
}

fn chunks(pieces: impl IntoIterator<Item = Vec<u8>, IntoIter: Send + 'static>) -> Chunks {
    stream::iter(pieces).map(Ok).boxed()
}

fn url() -> Url {
    Url::parse("http://h/dir/sitemap.xml").unwrap()
}

async fn read(chunks: Chunks, content_type: Option<&str>) -> Read {
    read_all(Sitemap::new(chunks, content_type, url())).await
}

async fn read_all(mut sitemap: Sitemap) -> Read {
    let mut read = Read::default();
    loop {
        let part = sitemap.next().await;
        let short = |url: String| url.strip_prefix("http://h").map(str::to_owned).unwrap_or(url);
        read.parts.push(part.urls.len() + part.sitemaps.len());
        read.pages.extend(part.urls.into_iter().map(short));
        read.sitemaps.extend(part.sitemaps.into_iter().map(short));
        match part.end {
            None => continue,
            Some(End::Whole) => {}
            Some(End::Cut) => read.cut = true,
            Some(End::Broken(_)) => read.broken = true,
        }
        return read;
    }
}

async fn read_whole(document: impl Into<Vec<u8>>) -> Read {
    read(chunks([document.into()]), None).await
}

/// The pages, and whether something was left out.
async fn pages(document: &str) -> (Vec<String>, bool) {
    let read = read_whole(document).await;
    assert_eq!(read.sitemaps, [""; 0], "{document}");
    (read.pages, read.cut)
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

const SITEMAP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="x.xsl"?>
<!-- <url><loc>http://h/comment</loc></url> -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="i" xmlns:xhtml="x" xmlns:video="v">
  <url>
    <loc> http://h/1?a=1&amp;b=&#50;&#x33; </loc><lastmod>2005-01-01</lastmod><priority>0.8</priority>
    <image:image><image:loc>http://h/image</image:loc></image:image>
    <video:video><video:content_loc>http://h/video</video:content_loc><loc>http://h/deep</loc></video:video>
    <xhtml:link rel="alternate" hreflang="de" href="http://h/de"/>
    <image:loc>http://h/misplaced</image:loc>
  </url>
  <url ><loc ><![CDATA[http://h/2]]></loc ></url >
  <url><loc>/3<!-- x -->é</loc></url>
  <url/><url><loc/></url><url><loc></loc></url>
  <loc>http://h/not-in-url</loc>
</urlset>"#;

const LISTED: [&str; 3] = ["/1?a=1&b=23", "/2", "/3%C3%A9"];

#[tokio::test]
async fn a_sitemap_is_read_whatever_its_chunks_are() {
    let whole = Read { pages: LISTED.map(str::to_owned).into(), parts: vec![3], ..Read::default() };
    let utf_16 = utf_16(&format!("\u{FEFF}{SITEMAP}"), u16::to_le_bytes);
    for document in [SITEMAP.as_bytes().to_vec(), gzip(SITEMAP.as_bytes()), utf_16] {
        for at in 0..document.len() {
            let (before, after) = document.split_at(at);
            assert_eq!(read(chunks([before.to_vec(), after.to_vec()]), None).await, whole, "cut at {at}");
        }
        let single: Vec<_> = document.iter().map(|byte| vec![*byte]).collect();
        assert_eq!(read(chunks(single), None).await, whole, "byte by byte");
    }
}

#[tokio::test]
async fn what_is_left_of_a_sitemap_counts_wherever_it_is_cut() {
    // The root's own end is what makes it whole.
    for length in 0..SITEMAP.len() {
        let read = read_whole(&SITEMAP.as_bytes()[..length]).await;
        assert!(LISTED.map(str::to_owned).starts_with(&read.pages), "{length}: {read:?}");
        assert_eq!(read.cut, length > 0, "{length}: {read:?}");
    }
}

#[tokio::test]
async fn every_format_is_read() {
    for (document, expected) in [
        ("<s:urlset xmlns:s='x'><s:url><s:loc>/a</s:loc></s:url><url><loc>/b</loc></url></s:urlset>", "/a"),
        (
            "<rss version='2.0'><channel><link>/home</link><item><title>t</title><link>/a</link><guid>/b</guid></item>\
             <item xmlns:atom='x'><atom:link href='/c'/><link><![CDATA[/d]]></link></item></channel></rss>",
            "/a /d",
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><link href='/home'/><entry><link href='/a?b&amp;c'/></entry>\
             <entry><link rel='alternate' href=\"/d\"></link><link rel='self' href='/e'/></entry>\
             <entry><link href='/f' rel='enclosure'/><link/><content><link href='/g'/></content></entry></feed>",
            "/a?b&c /d",
        ),
        ("http://h/a\nhttp://h/b\r\n\r\n  HTTP://h/c \rnonsense\nftp://h/\n/relative\nhttp://h/d", "/a /b /c /d"),
        ("\u{FEFF}\n\nhttps://x/\n", "https://x/"),
        ("\n<?xml version='1.0'?><urlset><url><loc>/a</loc></url></urlset>trailing", "/a"),
        ("<urlset></urlset>", ""),
        ("<urlset/>", ""),
        ("", ""),
        ("\n \n", ""),
    ] {
        assert_eq!(
            pages(document).await,
            (expected.split_whitespace().map(str::to_owned).collect(), false),
            "{document}"
        );
    }
}

#[tokio::test]
async fn an_index_lists_sitemaps() {
    let index = "<sitemapindex><sitemap><loc>/a.xml.gz</loc><lastmod>2004</lastmod></sitemap><url><loc>/no</loc></url>\
                 <sitemap><loc>http://other/b</loc></sitemap></sitemapindex>";
    let expected = ["/a.xml.gz", "http://other/b"].map(str::to_owned).into();
    assert_eq!(read_whole(index).await, Read { sitemaps: expected, parts: vec![2], ..Read::default() });
}

#[tokio::test]
async fn mistakes_are_forgiven_where_it_is_clear_what_is_meant() {
    for (loc, expected) in [
        ("http://h/?a=1&b=2", "/?a=1&b=2"),
        ("http://h/?a=1&b=2&amp;c=3&", "/?a=1&b=2&c=3&"),
        ("http://h/?a&unknown;b", "/?a&unknown;b"),
        ("http://h/?&#0;", "/?&"),
        ("http://h/a<b>c</b>d", "/ad"),
        ("HTTP://H:80/%7e", "/%7e"),
        ("http://user:pw@h/a#fragment", "/a"),
        ("http://h/a b", "/a%20b"),
        ("//h/a", "/a"),
        ("ftp://h/", ""),
        ("mailto:a@b", ""),
        ("javascript:x", ""),
        ("http://[", ""),
        (" \n ", ""),
    ] {
        let expected: Vec<_> = expected.split_whitespace().map(str::to_owned).collect();
        assert_eq!(pages(&format!("<urlset><url><loc>{loc}</loc></url></urlset>")).await, (expected, false), "{loc}");
    }
}

#[tokio::test]
async fn of_what_is_broken_the_beginning_counts() {
    let deep = "<x>".repeat(1000);
    let flood = "x".repeat(300 * 1024);
    let good = "<url><loc>/a</loc></url>";
    for rest in [
        "<url><loc>/b</url></loc>",
        "<url><loc>/b",
        "</wrong>",
        "<",
        "<!bad>",
        "<url <loc>",
        &deep,
        &format!("<!--{flood}"),
        &format!("<x y='{flood}'>"),
        &format!("<{}>", "n".repeat(2000)),
        &format!("<url>{flood}{flood}</url>"),
    ] {
        // Two chunks of it: a limit on one element shows at the next chunk.
        let document = format!("<urlset>{good}{rest}").into_bytes();
        let pieces: Vec<_> = document.chunks(64 * 1024).map(<[u8]>::to_vec).collect();
        let read = read(chunks(pieces), None).await;
        assert_eq!((read.pages, read.cut), (vec!["/a".to_owned()], true), "{rest:.40}");
    }
}

#[tokio::test]
async fn what_is_no_sitemap_lists_nothing() {
    let bomb =
        "<!DOCTYPE urlset [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><urlset><url><loc>/&b;</loc></url></urlset>";
    assert_eq!(pages(bomb).await, (vec!["/&b;".to_owned()], false), "an entity is never expanded");
    for document in [
        &b"<!doctype html><html><a href=/x>http://h/x</a></html>"[..],
        b"<html><body><urlset><url><loc>/a</loc></url></urlset>",
        b"<URLSET><url><loc>/a</loc></url></URLSET>",
        b"{\"urls\": [\"http://h/a\"]}",
        b"not found\nhttp://h/a\n",
        b"%PDF-1.7\n\x00\x01",
        b"\x00\x01\x02x\nhttp://h/a",
        b"\x1f\x8bnonsense",
        b"\x1f",
        b"<",
        &gzip(&gzip(SITEMAP.as_bytes())),
    ] {
        let read = read_whole(document).await;
        assert_eq!((read.pages.len(), read.cut), (0, true), "{}", String::from_utf8_lossy(document));
    }
}

#[tokio::test]
async fn encodings_are_marked_or_declared() {
    let xml = |encoding: &str| {
        format!("<?xml version='1.0' encoding='{encoding}'?><urlset><url><loc>/é</loc></url></urlset>")
    };
    let latin = |text: String| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
    let text = "\u{FEFF}http://h/é";
    for (document, header, expected) in [
        (xml("utf-8").into_bytes(), None, "/%C3%A9"),
        (latin(xml("ISO-8859-1")), None, "/%C3%A9"),
        (latin(xml("utf-8")), Some("text/xml; charset=iso-8859-1"), "/%C3%A9"),
        (latin(xml("utf-8")), None, "/%EF%BF%BD"),
        // A name that cannot be right.
        (xml("utf-16").into_bytes(), None, "/%C3%A9"),
        (xml("utf-8").into_bytes(), Some("text/xml; charset=utf-16"), "/%C3%A9"),
        (xml("nonsense").into_bytes(), Some("text/xml; charset=nonsense"), "/%C3%A9"),
        (text.into(), Some("text/plain; charset=iso-8859-1"), "/%C3%A9"),
        (utf_16(text, u16::to_be_bytes), None, "/%C3%A9"),
        (utf_16(text, u16::to_le_bytes), None, "/%C3%A9"),
    ] {
        let read = read(chunks([document.clone()]), header).await;
        assert_eq!(read.pages, [expected], "{header:?} {}", String::from_utf8_lossy(&document));
    }
}

#[tokio::test]
async fn gzip_may_have_members_and_of_a_broken_one_the_beginning_counts() {
    let (head, tail) = SITEMAP.as_bytes().split_at(700);
    let mut members = [gzip(head), gzip(b""), gzip(tail)].concat();
    assert_eq!(read_whole(members.clone()).await.pages, LISTED);
    members.extend(b"what follows the end of the root is not looked at");
    assert!(!read_whole(members).await.cut);

    let lines: String = (0..20_000).map(|n| format!("http://h/{n}\n")).collect();
    let mut cut = gzip(lines.as_bytes());
    cut.truncate(cut.len() / 2);
    let read = read_whole(cut).await;
    assert!(read.cut && read.pages.len() > 5000 && read.pages.len() < 15_000, "{}", read.pages.len());
}

#[tokio::test]
async fn parts_are_bounded_and_repetitions_are_left_out_of_them() {
    let urls = |numbers: std::ops::Range<usize>, filling: &str| -> String {
        numbers.map(|n| format!("http://h/{filling}{n}\n")).collect()
    };
    assert_eq!(read_whole(urls(0..4000, "")).await.parts, [2000, 2000, 0]);
    assert_eq!(read_whole(urls(0..4001, "")).await.parts, [2000, 2000, 1]);
    assert_eq!(read_whole(urls(0..10, "").repeat(500)).await.parts, [10]);
    let long = "x".repeat(2000);
    assert!(read_whole(urls(0..300, &long)).await.parts.iter().all(|urls| urls * 2000 < PART_BYTES + 2100));
    assert_eq!(read_whole(urls(0..3, &"x".repeat(8200))).await.parts, [0], "too long for a URL");
    let read = read_whole(format!("{}http://h/{}\nhttp://h/b\n", urls(0..1, ""), "x".repeat(1 << 20))).await;
    assert_eq!((read.pages.as_slice(), read.cut), (&["/0".to_owned(), "/b".to_owned()][..], false), "a long line");
}

#[tokio::test]
async fn no_more_urls_than_the_limit_are_taken() {
    for (count, expected) in [(3000, (3000, false)), (4000, (3000, true))] {
        let lines = chunks((0..count / 1000).map(|n| thousand(n).into_bytes()));
        let read = read_all(Sitemap::within(lines, None, url(), MAX_BYTES, 3000)).await;
        assert_eq!((read.pages.len(), read.cut), expected);
    }
}

#[tokio::test]
async fn no_more_bytes_than_the_limit_are_read() {
    let limit = SITEMAP.len();
    for (limit, cut) in [(limit, false), (limit - 1, true)] {
        for document in [SITEMAP.as_bytes().to_vec(), gzip(SITEMAP.as_bytes())] {
            let read = read_all(Sitemap::within(chunks([document]), None, url(), limit, MAX_URLS)).await;
            assert_eq!((read.pages.len(), read.cut), (3, cut), "{limit}");
        }
    }
    // Without end, and at once: white space, elements, blank lines, members of gzip that hold nothing.
    for (beginning, endless) in [
        ("", " ".repeat(4096).into_bytes()),
        ("<urlset>", b"<x/>".repeat(1024)),
        ("http://h/1\n", b"\n".repeat(4096)),
        ("", gzip(b"").repeat(500)),
    ] {
        let pieces = std::iter::once(beginning.into()).chain(std::iter::repeat(endless));
        assert!(read_all(Sitemap::within(chunks(pieces), None, url(), 1 << 20, MAX_URLS)).await.cut, "{beginning}");
    }
}

fn thousand(n: usize) -> String {
    (0..1000).map(|line| format!("http://h/{}\n", n * 1000 + line)).collect()
}

#[tokio::test]
async fn a_source_that_fails_breaks_the_reading_off() {
    let broken = || stream::iter([Err(io::Error::other("gone"))]);
    let lines = chunks([thousand(0).into_bytes(), thousand(1).into_bytes(), thousand(2).into_bytes()]);
    let read_lines = read(lines.chain(broken()).boxed(), None).await;
    assert_eq!((read_lines.parts.as_slice(), read_lines.broken), (&[2000, 1000][..], true));
    let xml = chunks([b"<urlset><url><loc>/a</loc></url>".to_vec()]);
    let read_xml = read(xml.chain(broken()).boxed(), None).await;
    assert_eq!((read_xml.pages.len(), read_xml.broken), (1, true));
    assert!(read(broken().boxed(), None).await.broken);
    assert!(read(chunks([vec![0x1f]]).chain(broken()).boxed(), None).await.broken);
}
