//! What a person or a program sees of a local crawl: a JSON line per page on stdout, progress and counts on stderr.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use crawl_frontier::{Counts, Finish};
use crawl_protocol::{Outcome, Page, Record};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// One page, as a line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    url: &'a str,
    /// -1 where the page failed.
    links: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    depth: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    took_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// Where a crawl's results and progress go.
pub(crate) struct Output {
    pages: io::StdoutLock<'static>,
    bar: ProgressBar,
    begun: Instant,
}

impl Output {
    /// With a progress bar towards `limit` pages, where someone watches.
    pub(crate) fn new(limit: u64, watched: bool) -> Self {
        let bar = if watched { ProgressBar::new(limit) } else { ProgressBar::hidden() };
        let template = "{bar:30} {pos} of at most {len} pages  {per_sec}  {msg}";
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { pages: io::stdout().lock(), bar, begun: Instant::now() }
    }

    /// Prints a page that was fetched or given up; redirects and robots.txt are not pages.
    ///
    /// # Errors
    /// When stdout cannot be written, as when the reader of a pipe has gone.
    pub(crate) fn page(&mut self, record: &Record) -> io::Result<()> {
        let Some(line) = line(record) else { return Ok(()) };
        serde_json::to_writer(&mut self.pages, &line)?;
        self.pages.write_all(b"\n")
    }

    /// Tells of a robots.txt that could not be read: none of its host's pages are fetched then.
    pub(crate) fn robots(&self, record: &Record) {
        let why = match &record.outcome {
            Outcome::Failure { message, .. } => message.clone(),
            Outcome::Robots { status: status @ 500.., .. } => format!("the server answered {status}"),
            _ => return,
        };
        let url = &record.url;
        self.bar.suspend(|| eprintln!("{url}: {why}; the host's pages are skipped (--ignore-robots fetches them)"));
    }

    /// Moves the progress bar.
    pub(crate) fn progress(&self, counts: &Counts) {
        self.bar.set_position(counts.processed());
        self.bar.set_message(format!("{} found, {} failed", counts.discovered, counts.failed));
    }

    /// Prints the counts on stderr; `None` when the crawl was stopped.
    pub(crate) fn finish(&self, counts: &Counts, finish: Option<Finish>) {
        self.bar.finish_and_clear();
        let why = match finish {
            Some(Finish::FrontierEmpty) => "complete: nothing is left to fetch",
            Some(Finish::MaxLinksReached) => "complete: --max-links is reached",
            Some(Finish::AllSeedsFailed) => "failed: not one page could be fetched",
            None => "stopped",
        };
        eprintln!("{why}");
        eprintln!("{}", summary(counts, self.begun.elapsed()));
        let sitemaps = counts.sitemaps;
        if sitemaps.found > 0 {
            eprintln!("  sitemaps: {} found, {} read, {} failed", sitemaps.found, sitemaps.read, sitemaps.failed);
        }
        for (reason, count) in &counts.skipped_by_reason {
            eprintln!("  skipped {count}: {reason}");
        }
    }
}

fn line(record: &Record) -> Option<Line<'_>> {
    let page = Line {
        url: &record.url,
        links: -1,
        status: None,
        depth: record.depth,
        content_type: None,
        bytes: None,
        took_ms: record.took_ms,
        reason: None,
    };
    match &record.outcome {
        Outcome::Page(Page { status, content_type, bytes, links, .. }) => Some(Line {
            links: i64::try_from(*links).unwrap_or(i64::MAX),
            status: Some(*status),
            content_type: Some(content_type),
            bytes: Some(*bytes),
            ..page
        }),
        Outcome::Failure { message, status, .. } => Some(Line { status: *status, reason: Some(message), ..page }),
        Outcome::Redirect { .. } | Outcome::Robots { .. } | Outcome::Sitemap { .. } => None,
    }
}

fn summary(counts: &Counts, took: Duration) -> String {
    let Counts { discovered, queued, fetched, failed, redirected, skipped, links, bytes, hosts, .. } = counts;
    let seconds = took.as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = counts.processed() as f64 / seconds.max(0.001);
    format!(
        "found {discovered} = fetched {fetched} + failed {failed} + redirected {redirected} + skipped {skipped} + queued {queued}\n\
         links {links}, bytes {bytes}, hosts {hosts}, {seconds:.1} s, {rate:.0} pages/s"
    )
}
