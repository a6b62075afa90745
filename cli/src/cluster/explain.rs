//! `explain`: what became of one URL, and why.

use std::process::ExitCode;

use ::url::Url;
use clap_complete::ArgValueCandidates;
use crawl_crds::Crawl;
use crawl_protocol::{Kind, Outcome, Record};
use crawl_results::State;
use crawl_robots::{Robots, path_and_query, product_token};

use super::{
    crawls::{Crawls, phase},
    log,
    rows::Row,
    source::converted,
};
use crate::{
    global::Global,
    judged::{judged, why},
    output::{self, clean, counted},
};

/// Say whether a Crawl fetched a URL, and why or why not.
///
/// A URL that the crawl has not found is judged as if a seed linked to it, by the crawl's scope and the robots.txt files that it
/// has read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  kubectl crawl explain docs https://example.com/search?q=a
  kubectl crawl explain docs https://other.example/

Exit status: 0 whatever the answer; 2 there is none.")]
pub(crate) struct Args {
    /// The Crawl
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(super::crawl_names))]
    name: String,

    /// In any spelling
    #[arg(value_name = "URL")]
    url: String,
}

/// Prints what is known of it.
///
/// # Errors
/// When the results cannot be read.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let crawls = Crawls::open(global).await?;
    let crawl = crawls.get(&args.name).await?;
    let mut files = RobotsOfHost::of(&args.url);
    let results = log::read(&crawls, &crawl, |record| files.see(record)).await?;
    let lines = match results.page(&args.url) {
        Some(row) => known(&converted(&row)?, &crawl, &files),
        None => unknown(&args.url, &crawl, &crawls.cluster.namespace, &files)?,
    };
    output::print(&lines.iter().map(|line| clean(line) + "\n").collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

/// The robots.txt of the host that is asked about, as the crawl read it.
struct RobotsOfHost {
    origin: Option<String>,
    path: String,
    body: Option<(u16, String)>,
}

impl RobotsOfHost {
    fn of(url: &str) -> Self {
        let path = path_and_query(url).into_owned();
        Self { origin: origin(url), path, body: None }
    }

    fn see(&mut self, record: &Record) {
        if let Outcome::Robots { status, body } = &record.outcome
            && record.kind == Kind::Robots
            && self.origin.is_some()
            && origin(&record.url) == self.origin
        {
            self.body = Some((*status, body.clone()));
        }
    }

    /// What it says of the URL, in words.
    fn sentence(&self, user_agent: &str) -> Option<String> {
        let (status, body) = self.body.as_ref()?;
        if !(200..300).contains(status) {
            return Some(format!("the host has no robots.txt (it answered {status})"));
        }
        let robots = Robots::parse(body.as_bytes(), product_token(user_agent));
        let verdict = robots.verdict(&self.path);
        let word = if verdict.allowed { "allows" } else { "disallows" };
        Some(match verdict.line {
            Some(line) => format!("the host's robots.txt {word} it, line {line}"),
            None => format!("the host's robots.txt {word} it: no line of it matches"),
        })
    }
}

fn origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

fn known(row: &Row, crawl: &Crawl, robots: &RobotsOfHost) -> Vec<String> {
    let of = |status: Option<u16>| status.map_or_else(String::new, |status| format!(" with status {status}"));
    let mut lines = vec![format!("{}  {}", row.state, row.url)];
    match row.state.as_str() {
        "fetched" => {
            let links = counted(row.links.and_then(|n| i64::try_from(n).ok()).unwrap_or(0), "link");
            lines.push(format!("It was fetched{}: {links}, {} bytes.", of(row.status), row.bytes.unwrap_or(0)));
        }
        "failed" => lines.push(format!(
            "It was given up at attempt {}: {}.",
            row.attempt.unwrap_or(1),
            row.message.as_deref().or(row.class.as_deref()).unwrap_or("for an unknown reason")
        )),
        "redirected" => {
            lines.push(format!("It redirects to {}.", row.redirects_to.as_deref().unwrap_or("another page")))
        }
        "skipped" => {
            let reason = row.reason.as_deref().unwrap_or("unknown");
            lines.push(format!("It was left out because {} ({reason}).", why(reason)));
            if reason == "Robots" {
                lines.extend(robots.sentence(&crawl.spec.fetch.user_agent).map(|words| format!("In detail: {words}.")));
            }
        }
        _ => lines.push(match phase(crawl).as_str() {
            ended @ ("Complete" | "Failed" | "Cancelled") => {
                format!("It was not fetched before the crawl ended ({ended}); more pages: kubectl crawl set-limit.")
            }
            "Suspended" => "It waits: the crawl is suspended.".to_owned(),
            _ => "It waits for its turn: its host is busy or rests, or other pages come first.".to_owned(),
        }),
    }
    lines.push(match (&row.found_on, row.referrers) {
        (None, _) => "It is a seed, or stands in a sitemap.".to_owned(),
        (Some(page), 0 | 1) => format!("Found on {page}."),
        (Some(page), n) => format!("Found first on {page}; {n} pages lead to it."),
    });
    if let Some(depth) = row.depth {
        lines.push(format!("{} from the nearest seed.", counted(depth.into(), "link")));
    }
    lines
}

fn unknown(url: &str, crawl: &Crawl, namespace: &str, robots: &RobotsOfHost) -> anyhow::Result<Vec<String>> {
    let mut lines =
        vec![format!("unknown  {url}"), "The crawl has not found it: no page that was fetched leads to it.".to_owned()];
    let rules = crawl_rules::rules(&crawl_rules::effective(&crawl.spec, namespace, &[]))?;
    match judged(&rules, url)? {
        Some(row) if row.state == State::Skipped => {
            let reason = row.reason.unwrap_or("unknown");
            lines.push(format!("If a seed linked to it, it would be left out because {} ({reason}).", why(reason)));
        }
        Some(_) => {
            lines.push("If a seed linked to it, it would belong to the crawl.".to_owned());
            lines.push(match robots.sentence(&crawl.spec.fetch.user_agent) {
                Some(words) => format!("And {words}."),
                None => "What its host's robots.txt says is not known: the crawl has not read it.".to_owned(),
            });
        }
        None => lines.push("It is no URL that a crawl can request.".to_owned()),
    }
    Ok(lines)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn crawl() -> Crawl {
        let spec = json!({"seeds": ["https://example.com/docs/"], "scope": {"type": "Prefix"}});
        Crawl::new("docs", serde_json::from_value(spec).unwrap())
    }

    fn robots(url: &str) -> RobotsOfHost {
        let mut robots = RobotsOfHost::of(url);
        robots.see(&Record {
            crawl: "x".into(),
            url: "https://example.com/robots.txt".into(),
            kind: Kind::Robots,
            depth: 0,
            attempt: 1,
            fetched_at: 0,
            took_ms: 0,
            outcome: Outcome::Robots { status: 200, body: "User-agent: *\nDisallow: /docs/private".into() },
        });
        robots
    }

    #[test]
    fn what_is_known_is_told_with_its_reason() {
        let url = "https://example.com/docs/private/a";
        let row = Row {
            url: url.into(),
            state: "skipped".into(),
            reason: Some("Robots".into()),
            found_on: Some("https://example.com/docs/".into()),
            referrers: 3,
            ..Row::default()
        };
        let told = known(&row, &crawl(), &robots(url)).join("\n");
        for words in [
            "robots.txt disallows it (Robots)",
            "line 2: Disallow: /docs/private",
            "Found first on https://example.com/docs/; 3 pages",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
    }

    #[test]
    fn what_is_unknown_is_judged_by_scope_and_robots() {
        for (url, words) in [
            ("https://example.com/blog/", "left out because it is out of scope (OutOfScope)"),
            ("https://example.com/docs/private/x", "robots.txt disallows it, line 2"),
            ("https://example.com/docs/a", "robots.txt allows it: no line of it matches"),
        ] {
            let told = unknown(url, &crawl(), "a", &robots(url)).unwrap().join("\n");
            assert!(told.contains(words), "{url}: {told}");
        }
    }
}
