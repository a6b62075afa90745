//! The test site (`tests/site`): its hosts as crawls see them, and its own log of who asked what and when.

use serde::Deserialize;

use crate::cluster::kubectl;

/// The test site's log since a test began.
pub struct Site {
    since_us: u64,
}

/// One request, as the site saw it. Times are in microseconds of the site's clock.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Visit {
    /// When the site had read it.
    pub start_us: u64,
    /// When the site had given all of its answer, or the worker was gone. `None` while it is under way.
    pub end_us: Option<u64>,
    /// The first label of the host's name.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The User-Agent header.
    pub agent: String,
    /// The Authorization header; empty where there was none.
    pub authorization: String,
    /// 0 where no answer was begun.
    pub status: u16,
}

impl Site {
    /// Begins to look: nothing that came before is seen.
    ///
    /// # Errors
    /// When the site does not answer.
    pub async fn watch() -> anyhow::Result<Self> {
        Ok(Self { since_us: now_us().await? })
    }

    /// A URL of the site.
    #[must_use]
    pub fn url(host: &str, path: &str) -> String {
        format!("http://{host}.crawl-site.svc.cluster.local{path}")
    }

    /// The same under the other port: the same host.
    #[must_use]
    pub fn other_port(host: &str, path: &str) -> String {
        format!("http://{host}.crawl-site.svc.cluster.local:8080{path}")
    }

    /// The visits to a host, oldest first.
    ///
    /// # Errors
    /// When the site does not answer.
    pub async fn visits(&self, host: &str) -> anyhow::Result<Vec<Visit>> {
        let lines = get(&format!("_log?host={host}&since={}", self.since_us)).await?;
        Ok(lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
    }

    /// The paths of the visits to a host but robots.txt, sorted: a path that stands there twice was asked for twice.
    ///
    /// # Errors
    /// When the site does not answer.
    pub async fn pages(&self, host: &str) -> anyhow::Result<Vec<String>> {
        let mut pages: Vec<String> = self.visits(host).await?.into_iter().map(|visit| visit.path).collect();
        pages.retain(|path| path != "/robots.txt");
        pages.sort_unstable();
        Ok(pages)
    }
}

/// The time at the site.
async fn now_us() -> anyhow::Result<u64> {
    Ok(get("_now").await?.parse()?)
}

/// Through the API server: the site is reached by nobody else from outside.
async fn get(path: &str) -> anyhow::Result<String> {
    kubectl(&["get", "--raw", &format!("/api/v1/namespaces/crawl-site/services/polite-a:http/proxy/{path}")]).await
}
