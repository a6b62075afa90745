//! What it costs to read a page, its links and what it says of itself: by us, by our full tree alone, and by scraper, as CPU time of this thread:
//! `cargo bench -p crawl-worker --bench extract`. It runs on a generated page and on real ones where some are found;
//! `CRAWL_PAGES=/folder:/folder` says where else to look.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

use std::fmt::Write;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crawl_worker::extract::{Document, extract, extract_by_tags, extract_by_tree};
use scraper::{Html, Selector};
use url::Url;

/// Rounds of which the best counts; those of all ways are interleaved.
const ROUNDS: usize = 15;
/// Real pages at most, of those found evenly.
const PAGES: usize = 150;

/// Counts the links of a page.
type Way = fn(&[u8], &Url) -> u64;

fn main() {
    report("a generated page", &[generated_page()]);
    let manual = std::env::var_os("CRAWL_PAGES").unwrap_or("/tmp/sitefs/srv/manual:/usr/share/doc".into());
    for folder in std::env::split_paths(&manual) {
        let found = html_below(&folder);
        let some = found.iter().step_by(found.len().div_ceil(PAGES).max(1));
        report(&folder.display().to_string(), &some.filter_map(|path| std::fs::read(path).ok()).collect::<Vec<_>>());
    }
}

fn report(name: &str, pages: &[Vec<u8>]) {
    if pages.is_empty() {
        return println!("{name}: no pages");
    }
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let by_tags = pages.iter().filter(|page| extract_by_tags(document(page, &url())).is_some()).count();
    println!("{name}: {} pages of {} bytes, {by_tags} of them read by their tags", pages.len(), bytes / pages.len());
    let ways: [(&str, Way); 4] = [
        ("two tiers", |page, url| extract(document(page, url)).links),
        ("full tree only", |page, url| extract_by_tree(document(page, url)).links),
        ("scraper, a[href]", by_scraper),
        ("scraper, and URLs", by_scraper_with_urls),
    ];
    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        for ((_, way), best) in ways.iter().zip(&mut best) {
            *best = (*best).min(time_of(*way, pages));
        }
    }
    for ((name, _), time) in ways.iter().zip(best) {
        println!(
            "  {name:<18} {:>8.3} ms a page {:>7.0} MB/s {:>6.1} times the two tiers",
            time.as_secs_f64() * 1e3 / pages.len() as f64,
            bytes as f64 / time.as_secs_f64() / 1e6,
            time.as_secs_f64() / best[0].as_secs_f64(),
        );
    }
}

/// CPU time to read all pages once; several times over when that is short.
fn time_of(way: Way, pages: &[Vec<u8>]) -> Duration {
    let (url, times) = (url(), u32::try_from(50_usize.div_ceil(pages.len())).unwrap());
    let begun = processor_time();
    for _ in 0..times {
        for page in pages {
            black_box(way(black_box(page), &url));
        }
    }
    (processor_time() - begun) / times
}

fn by_scraper(page: &[u8], _: &Url) -> u64 {
    let html = Html::parse_document(&String::from_utf8_lossy(page));
    html.select(&Selector::parse("a[href]").unwrap()).filter_map(|link| link.attr("href")).count() as u64
}

/// The same, and what we do with the links besides: resolve, strip, each once.
fn by_scraper_with_urls(page: &[u8], url: &Url) -> u64 {
    let html = Html::parse_document(&String::from_utf8_lossy(page));
    let selector = Selector::parse("a[href]").unwrap();
    let urls = html.select(&selector).filter_map(|link| url.join(link.attr("href")?).ok()).map(|mut url| {
        url.set_fragment(None);
        String::from(url)
    });
    urls.collect::<std::collections::HashSet<_>>().len() as u64
}

fn document<'a>(body: &'a [u8], url: &'a Url) -> Document<'a> {
    Document {
        body,
        content_type: Some("text/html; charset=utf-8"),
        url,
        agent: "bench",
        nofollow: false,
        content_language: None,
    }
}

fn url() -> Url {
    Url::parse("https://docs.example.com/manual/page.html").unwrap()
}

/// 38 KB with 78 links: a head, a menu, paragraphs, a list, a table, a form.
fn generated_page() -> Vec<u8> {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page &amp; more</title>\n\
         <link rel=\"stylesheet\" href=\"/style.css\"><script>var a = 1 < 2;</script></head>\n<body><nav><ul>\n",
    );
    for n in 0..20 {
        writeln!(page, "<li class=\"item\"><a class=\"menu-link\" href=\"/section/{n}.html\">Section {n}</a></li>")
            .unwrap();
    }
    page.push_str("</ul></nav>\n<main>\n");
    for n in 0..38 {
        writeln!(
            page,
            "<div class=\"part\" id=\"p{n}\"><h2>Part {n}</h2>\n<p>{} <a href=\"../part/{n}.html?a=1&amp;b={n}#x\">more</a> and \
             <em>other</em> <code>words</code>,<br>and <b>so on</b>.</p>\n</div>",
            "Some words of a text that says what a page says. ".repeat(14)
        )
        .unwrap();
    }
    page.push_str("<table><tbody>\n");
    for n in 0..20 {
        writeln!(page, "<tr><td>Row {n}</td><td><a href=\"/row/{n}\" rel=\"nofollow noopener\">Row</a></td></tr>")
            .unwrap();
    }
    page.push_str("</tbody></table>\n</main></body></html>\n");
    page.into_bytes()
}

fn html_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let mut paths: Vec<_> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| !path.is_symlink()).collect();
    paths.sort();
    let below = |path: PathBuf| match path.extension() {
        _ if path.is_dir() => html_below(&path),
        Some(extension) if extension == "html" => vec![path],
        _ => vec![],
    };
    paths.into_iter().flat_map(below).collect()
}

/// What this thread has had of the processor: neighbours on the machine do not count.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}
