//! What a person hears of a local crawl while it runs, and at its end, on stderr.

use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use crawl_frontier::{Counts, Finish, SkipReason};
use crawl_protocol::{Kind, Outcome, Record};
use indicatif::{ProgressBar, ProgressStyle};

use super::broken::Broken;
use crate::output::clean;

/// Where nobody watches a bar, a line so often.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Talks.
pub(super) struct Progress {
    bar: ProgressBar,
    quiet: bool,
    verbose: bool,
    limit: u64,
    begun: Instant,
    told: Instant,
    /// Pages that were processed by earlier calls.
    before: u64,
}

impl Progress {
    pub(super) fn new(limit: u64, quiet: bool, verbose: bool) -> Self {
        let watched = !quiet && io::stderr().is_terminal();
        let bar = if watched { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{bar:24} {pos}/{len}  {msg}";
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        let now = Instant::now();
        Self { bar, quiet, verbose, limit, begun: now, told: now, before: 0 }
    }

    /// What was processed so far is not of this call.
    pub(super) fn begin(&mut self, counts: &Counts) {
        self.before = counts.processed();
        self.begun = Instant::now();
    }

    /// Tells something, unless nobody wants to hear.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| eprintln!("{}", clean(text)));
        }
    }

    /// Does what writes on the terminal, without the bar in between.
    pub(super) fn aside<T>(&self, seen: bool, write: impl FnOnce() -> T) -> T {
        if seen { self.bar.suspend(write) } else { write() }
    }

    /// Tells of an attempt, where that is asked for, and of a robots.txt that could not be read: none of its host's pages are
    /// fetched then.
    pub(super) fn attempt(&self, record: &Record, concluded: bool, checks_links: bool) {
        let Record { url, attempt, took_ms, .. } = record;
        let why = match &record.outcome {
            Outcome::Failure { message, .. } => message.clone(),
            Outcome::Robots { status: status @ 500.., .. } => format!("the server answered {status}"),
            Outcome::Page(page) => format!("{}, {} links", page.status, page.links),
            Outcome::Redirect { status, location } => format!("{status}, to {location}"),
            Outcome::Robots { status, .. } | Outcome::Sitemap { status, .. } => status.to_string(),
        };
        let failed = match &record.outcome {
            // Where links are checked, those to this server are told of as broken.
            Outcome::Failure { status, .. } => status.is_some() || !checks_links,
            outcome => matches!(outcome, Outcome::Robots { status: 500.., .. }),
        };
        if concluded && failed && record.kind == Kind::Robots {
            self.say(&format!("{url}: {why}; the host's pages are skipped (--ignore-robots fetches them)"));
        } else if self.verbose {
            let again = if concluded { "" } else { ", not counted" };
            self.say(&format!("{url}: {why} ({took_ms} ms, attempt {attempt}{again})"));
        }
    }

    /// Moves on.
    pub(super) fn update(&mut self, counts: &Counts) {
        let goal = self.limit.min(counts.processed() + counts.queued + counts.in_flight);
        if !self.bar.is_hidden() {
            self.bar.set_length(goal);
            self.bar.set_position(counts.processed());
            self.bar.set_message(self.words(counts, goal));
        } else if !self.quiet && self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            eprintln!("{}/{goal}  {}", counts.processed(), self.words(counts, goal));
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a rate for people")]
    fn words(&self, counts: &Counts, goal: u64) -> String {
        let done = counts.processed().saturating_sub(self.before) as f64;
        let rate = done / self.begun.elapsed().as_secs_f64().max(0.001);
        let words = format!("{} found  {rate:.1}/s  {} failed", counts.discovered, counts.failed);
        let left = goal.saturating_sub(counts.processed()) as f64 / rate;
        if left.is_finite() && left < 1e7 { format!("{words}  {} left", duration(left as u64)) } else { words }
    }

    /// Takes the bar away and sums up; `None` when the crawl was stopped. `broken` links are counted where they were looked for.
    pub(super) fn finish(&self, counts: &Counts, finish: Option<Finish>, broken: Option<&Broken>) {
        self.bar.finish_and_clear();
        let end = match finish {
            Some(Finish::FrontierEmpty) => "complete",
            Some(Finish::MaxLinksReached) => "complete, --max-links is reached",
            Some(Finish::AllSeedsFailed) => "failed, not one page could be fetched",
            None => "stopped",
        };
        self.say(&format!("{end}: {}, {:.1} s", sums(counts, broken), self.begun.elapsed().as_secs_f64()));
    }
}

/// Where everything stands. What is nowhere is not named.
fn sums(counts: &Counts, broken: Option<&Broken>) -> String {
    let Counts { fetched, failed, redirected, skipped, queued, sitemaps, .. } = counts;
    // Left out by the crawl, and broken all the same.
    let unasked = broken.map_or(0, |broken| broken.unasked);
    let silent = SkipReason::RobotsUnreachable.as_str();
    let reasons = counts
        .skipped_by_reason
        .iter()
        .map(|(reason, count)| (*reason, if *reason == silent { count.saturating_sub(unasked) } else { *count }));
    let reasons: Vec<String> =
        reasons.filter(|(_, count)| *count > 0).map(|(reason, count)| format!("{count} {reason}")).collect();
    let (reasons, skipped) = (reasons.join(", "), skipped.saturating_sub(unasked));
    let mut parts = match broken {
        Some(broken) => {
            vec![format!("{} broken of {} links", broken.links.len(), fetched + failed + redirected + unasked)]
        }
        None => vec![format!("{fetched} fetched"), format!("{failed} failed")],
    };
    let left_out = if broken.is_some() { "not checked" } else { "skipped" };
    let others = [
        (if broken.is_some() { 0 } else { *redirected }, "redirected".to_owned()),
        (skipped, format!("{left_out} ({reasons})")),
        (*queued, "not fetched yet".to_owned()),
        (sitemaps.read, "sitemaps read".to_owned()),
        (sitemaps.failed, "sitemaps failed".to_owned()),
    ];
    parts.extend(others.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    parts.join(", ")
}

/// In two units at most.
fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_name_what_there_is() {
        let mut counts = Counts { discovered: 3, fetched: 3, ..Counts::default() };
        assert_eq!(sums(&counts, None), "3 fetched, 0 failed");
        counts.skipped_by_reason.insert("Robots", 2);
        counts = Counts { skipped: 2, queued: 9, redirected: 1, ..counts };
        assert_eq!(sums(&counts, None), "3 fetched, 0 failed, 1 redirected, 2 skipped (2 Robots), 9 not fetched yet");
        counts.skipped_by_reason.insert("RobotsUnreachable", 1);
        counts.skipped = 3;
        let broken = Broken { unasked: 1, ..Broken::default() };
        assert_eq!(sums(&counts, Some(&broken)), "0 broken of 5 links, 2 not checked (2 Robots), 9 not fetched yet");
        assert_eq!([59, 61, 3661].map(duration), ["59 s", "1 min 1 s", "1 h 1 min"]);
    }
}
