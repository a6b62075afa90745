//! Where results come from: the api where it is installed, else the crawl's log. Who reads them need not know.

use anyhow::Context;
use crawl_crds::Crawl;
use crawl_results::{Query, Results};
use kube::ResourceExt as _;

use super::{
    crawls::Crawls,
    log,
    rest::Rest,
    rows::{Broken, Row},
};
use crate::problem::Problem;

/// Which pages.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Which pages")]
pub(super) struct Filter {
    /// Only those that failed
    #[arg(long)]
    failed: bool,

    /// Only in these states: queued, inFlight, fetched, failed, redirected, skipped
    #[arg(long, value_name = "STATE", value_delimiter = ',', conflicts_with = "failed")]
    state: Vec<String>,

    /// Only with these HTTP status codes, for example 404 or 5xx
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    status: Vec<String>,

    /// Only of this host
    #[arg(long, value_name = "HOST")]
    host: Option<String>,

    /// Only skipped for these reasons, for example Robots
    #[arg(long, value_name = "REASON", value_delimiter = ',')]
    reason: Vec<String>,

    /// Only whose URL has this part, in upper or lower case
    #[arg(long, value_name = "TEXT")]
    grep: Option<String>,
}

impl Filter {
    /// Whether it can be followed.
    ///
    /// # Errors
    /// When a word of it is not known; the message names those that are.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        self.query().map(drop)
    }

    /// As the api takes it.
    fn parameters(&self) -> Vec<(&'static str, String)> {
        let states = if self.failed { "failed".to_owned() } else { self.state.join(",") };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let all = [
            ("state", states),
            ("status", self.status.join(",")),
            ("host", text(&self.host)),
            ("reason", self.reason.join(",")),
            ("q", text(&self.grep)),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn query(&self) -> anyhow::Result<Query> {
        let states = if self.failed { "failed".to_owned() } else { self.state.join(",") };
        let query = Query { host: self.host.clone(), text: self.grep.clone(), ..Query::default() };
        let query = query.with_states(&states).and_then(|query| query.with_statuses(&self.status.join(",")));
        query
            .and_then(|query| query.with_reasons(&self.reason.join(",")))
            .map_err(|error| Problem::new(error.to_string(), "see: kubectl crawl results --help").into())
    }
}

/// Where results come from.
pub(super) enum Source {
    /// The crawl's log, folded here.
    Log(Box<Results>),
    /// The api.
    Rest(Rest),
}

/// Rows that are asked for at once.
const PAGE: usize = 500;
/// URLs that are searched at once.
const EFFORT: usize = 1_000_000;

impl Source {
    /// Opens the way to a crawl's results.
    ///
    /// # Errors
    /// When there is none; the message says what is missing.
    pub(super) async fn open(crawls: &Crawls<'_>, crawl: &Crawl) -> anyhow::Result<Self> {
        if let Some(rest) = Rest::open(crawls, &crawl.name_any()).await {
            return Ok(Self::Rest(rest));
        }
        Ok(Self::Log(Box::new(log::read(crawls, crawl, |_| ()).await?)))
    }

    /// The pages that match, in the order in which they were found.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn pages(&self, filter: &Filter, limit: u64) -> anyhow::Result<Vec<Row>> {
        let results = match self {
            Self::Log(results) => results,
            Self::Rest(rest) => {
                return rest.list("pages", &filter.parameters(), limit).await?.iter().map(converted).collect();
            }
        };
        let (query, mut rows, mut cursor) = (filter.query()?, Vec::new(), None);
        loop {
            let found = results.pages(&query, cursor.as_ref(), PAGE, EFFORT);
            for row in found.rows {
                if rows.len() as u64 >= limit {
                    return Ok(rows);
                }
                rows.push(converted(&row)?);
            }
            match found.next {
                Some(next) => cursor = Some(next),
                None => return Ok(rows),
            }
        }
    }

    /// Failed pages with those that lead to them, in the order in which they were found.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn broken(&self, limit: u64) -> anyhow::Result<Vec<Broken>> {
        let results = match self {
            Self::Log(results) => results,
            Self::Rest(rest) => return rest.list("broken", &[], limit).await?.iter().map(converted).collect(),
        };
        let (mut pages, mut cursor) = (Vec::new(), None);
        loop {
            let found = results.broken(&Query::default(), cursor.as_ref(), PAGE);
            for page in found.items {
                if pages.len() as u64 >= limit {
                    return Ok(pages);
                }
                pages.push(converted(&page)?);
            }
            match found.next {
                Some(next) => cursor = Some(next),
                None => return Ok(pages),
            }
        }
    }
}

/// Both ways give the api's own shape.
pub(super) fn converted<T: serde::de::DeserializeOwned>(from: &impl serde::Serialize) -> anyhow::Result<T> {
    serde_json::from_value(serde_json::to_value(from)?).context("a row is not what this version knows")
}
