//! `status`: one screen that answers what a crawl is doing, and why.

use std::{fmt::Write as _, process::ExitCode};

use clap::ValueEnum;
use clap_complete::ArgValueCandidates;
use crawl_crds::Crawl;
use jiff::Timestamp;
use kube::ResourceExt;

use super::{
    crawls::{Crawls, manifest, message, phase, sentence, status},
    events,
};
use crate::{
    global::Global,
    judged::why,
    output::{self, Colour, Table, age, bytes, clean, counted, span},
};

/// Show what a Crawl is doing, and why.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  kubectl crawl status docs
  kubectl crawl status docs -o yaml

  # wait for it in a script
  kubectl wait crawl/docs --for=condition=Complete --timeout=1h")]
pub(crate) struct Args {
    /// The Crawl
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(super::crawl_names))]
    name: String,

    /// Print the object instead
    #[arg(short, long, value_enum)]
    output: Option<Output>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Output {
    Json,
    Yaml,
}

/// Events that are shown.
const EVENTS: usize = 6;

/// Prints it.
///
/// # Errors
/// When there is no such Crawl.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let crawls = Crawls::open(global).await?;
    let crawl = crawls.get(&args.name).await?;
    match args.output {
        Some(Output::Json) => output::json(&manifest(&crawl)?)?,
        Some(Output::Yaml) => output::yaml(&manifest(&crawl)?)?,
        None => {
            let events = events::last(&crawls, &crawl, EVENTS).await;
            output::print(&screen(&crawl, &events, Timestamp::now(), Colour::of_stdout()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn screen(crawl: &Crawl, events: &Result<Vec<events::Entry>, String>, now: Timestamp, colour: Colour) -> String {
    let mut out = format!(
        "{}   {}\n{}\n\n",
        colour.head(&crawl.name_any()),
        colour.phase(&phase(crawl)),
        clean(&sentence(crawl))
    );
    for (label, text) in facts(crawl, now) {
        // To a text nothing fails to be written.
        let _ = writeln!(out, "{label:<11} {}", clean(&text));
    }
    let mut part = |head: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{}", colour.head(head));
            lines.iter().for_each(|line| out.push_str(&format!("  {line}\n")));
        }
    };
    part("Held back", held_back(crawl));
    part("Responses", responses(crawl, colour));
    part("Skipped", skipped(crawl));
    part("Conditions", conditions(crawl, now));
    match events {
        Ok(events) => part("Events", diary(events, now)),
        Err(why) => part("Events", vec![format!("not known: {why}")]),
    }
    out
}

fn facts(crawl: &Crawl, now: Timestamp) -> Vec<(&'static str, String)> {
    let (spec, status) = (&crawl.spec, status(crawl));
    let pages = &status.pages;
    let seeds = match spec.seeds.as_slice() {
        [first, rest @ ..] if !rest.is_empty() => format!("{first} and {} more", rest.len()),
        seeds => seeds.first().cloned().unwrap_or_default(),
    };
    let processed = pages.fetched + pages.failed;
    let mut facts = vec![
        ("Seeds", seeds),
        ("Namespace", crawl.namespace().unwrap_or_default()),
        ("Processed", format!("{processed} of at most {}", counted(spec.max_links, "page"))),
        (
            "Found",
            format!(
                "{} = {} queued + {} in flight + {} fetched + {} failed + {} redirected + {} skipped",
                pages.discovered,
                pages.queued,
                pages.in_flight,
                pages.fetched,
                pages.failed,
                pages.redirected,
                pages.skipped
            ),
        ),
        ("Links", format!("{} on {}, {}", status.links, counted(status.hosts, "host"), bytes(status.bytes))),
    ];
    if status.overlooked > 0 {
        facts
            .push(("Overlooked", format!("{} more were found than are remembered", counted(status.overlooked, "URL"))));
    }
    if let Some(maps) = status.sitemaps {
        facts.push((
            "Sitemaps",
            format!("{} found, {} read, {} failed, {} skipped", maps.found, maps.read, maps.failed, maps.skipped),
        ));
    }
    let created = crawl.creation_timestamp().map(|at| format!("created {} ago", age(at.0, now)));
    let time = match (&status.start_time, &status.completion_time) {
        (Some(start), Some(end)) => {
            Some(format!("took {}, ended {} ago", span(end.0.duration_since(start.0).as_secs()), age(end.0, now)))
        }
        (Some(start), None) => Some(format!("started {} ago", age(start.0, now))),
        (None, _) => None,
    };
    facts.push(("Time", [created, time].into_iter().flatten().collect::<Vec<_>>().join(", ")));
    if spec.worker_pool != "default" {
        facts.push(("Workers", spec.worker_pool.clone()));
    }
    facts
}

/// What keeps pages from being fetched, as far as the status knows.
fn held_back(crawl: &Crawl) -> Vec<String> {
    let status = status(crawl);
    let restricted = message(&status, "Restricted", false).map(clean);
    let ended = ["Complete", "Failed"].iter().any(|kind| message(&status, kind, false).is_some());
    let waiting = status.pages.queued > 0 && !ended && !crawl.spec.suspend;
    let polite = &crawl.spec.politeness;
    let delay = std::time::Duration::from(polite.delay);
    let slow = (waiting && !delay.is_zero()).then(|| {
        let at_once = counted(polite.per_host_concurrency.into(), "request");
        format!("each host has {at_once} at a time and {delay:?} between them (spec.politeness); its robots.txt can ask for more")
    });
    let unreachable = ["RobotsUnreachable", "CrawlDelay"].iter().filter_map(|reason| {
        let pages = status.skipped_by_reason.get(*reason).filter(|pages| **pages > 0)?;
        Some(format!("{} of hosts left out: {}", counted(*pages, "page"), why(reason)))
    });
    restricted.into_iter().chain(slow).chain(unreachable).collect()
}

fn responses(crawl: &Crawl, colour: Colour) -> Vec<String> {
    let status = status(crawl);
    let mut counts: Vec<_> = status.responses.iter().collect();
    counts.sort_by_key(|(response, pages)| (-**pages, (*response).clone()));
    let line = |(response, pages): (&String, &i64)| {
        let text = format!("{:<12} {pages}", clean(response));
        if response.starts_with(['2', '3']) { text } else { colour.bad(&text) }
    };
    counts.into_iter().map(line).collect()
}

fn skipped(crawl: &Crawl) -> Vec<String> {
    let status = status(crawl);
    let mut counts: Vec<_> = status.skipped_by_reason.iter().collect();
    counts.sort_by_key(|(reason, pages)| (-**pages, (*reason).clone()));
    counts.into_iter().map(|(reason, pages)| format!("{pages:<6} {reason}: {}", why(reason))).collect()
}

fn conditions(crawl: &Crawl, now: Timestamp) -> Vec<String> {
    let mut table = Table::new(&["TYPE", "STATUS", "REASON", "SINCE", "MESSAGE"]);
    for condition in status(crawl).conditions {
        let since = age(condition.last_transition_time.0, now);
        table.row([condition.type_, condition.status, condition.reason, since, condition.message]);
    }
    let lines = table.lines(true, |_, cell| cell.to_owned());
    if lines.len() > 1 { lines } else { Vec::new() }
}

fn diary(events: &[events::Entry], now: Timestamp) -> Vec<String> {
    let mut table = Table::new(&["AGE", "TYPE", "REASON", "MESSAGE"]);
    for event in events {
        let ago = event.at.map(|at| age(at, now)).unwrap_or_default();
        let ago = if event.count > 1 { format!("{ago} (x{})", event.count) } else { ago };
        table.row([ago, event.kind.clone(), event.reason.clone(), event.note.clone()]);
    }
    let lines = table.lines(true, |_, cell| cell.to_owned());
    if lines.len() > 1 { lines } else { vec!["none in the last hour".to_owned()] }
}

#[cfg(test)]
mod tests;
