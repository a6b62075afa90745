//! The crawls, newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crawl_crds::Crawl;
use kube::ResourceExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cursor::Cursor;
use crate::access::{Caller, Verb};
use crate::error::Problem;
use crate::http::{Limit, Path, Query};
use crate::model::{CrawlSummary, Phase};
use crate::state::App;

/// Which crawls.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct Asked {
    /// Only those that stand so.
    phase: Option<Phase>,
    /// Only those with this text in their name or in a seed, in whatever case.
    q: Option<String>,
    /// At most so many.
    #[serde(default)]
    limit: Limit<50, 200>,
    /// What `next` of the answer before said.
    cursor: Option<Cursor>,
}

/// Some of the crawls.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CrawlList {
    /// The crawls.
    items: Vec<CrawlSummary>,
    /// Where the next ones begin; nothing at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Cursor>,
    /// How many there are in all that were asked for.
    total: usize,
}

pub(super) async fn everywhere(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<CrawlList>, Problem> {
    app.allowed(&caller, None, None, Verb::List).await?;
    Ok(Json(select(app.crawls.all(), &asked)))
}

pub(super) async fn in_namespace(
    State(app): State<App>,
    caller: Caller,
    Path(namespace): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<CrawlList>, Problem> {
    app.allowed(&caller, Some(&namespace), None, Verb::List).await?;
    let mut crawls = app.crawls.all();
    crawls.retain(|crawl| crawl.namespace().as_deref() == Some(&namespace));
    Ok(Json(select(crawls, &asked)))
}

fn select(mut crawls: Vec<Arc<Crawl>>, asked: &Asked) -> CrawlList {
    let text = asked.q.as_deref().unwrap_or_default().to_lowercase();
    crawls.retain(|crawl| asked.phase.is_none_or(|phase| Phase::of(crawl) == phase) && mentions(crawl, &text));
    crawls.sort_by_cached_key(|crawl| Cursor::of(crawl));
    let total = crawls.len();
    let begin = asked.cursor.as_ref().map_or(0, |cursor| crawls.partition_point(|crawl| Cursor::of(crawl) <= *cursor));
    let rest = crawls.get(begin..).unwrap_or_default();
    let shown = rest.get(..asked.limit.get()).unwrap_or(rest);
    let next = shown.last().filter(|_| shown.len() < rest.len()).map(|last| Cursor::of(last));
    CrawlList { items: shown.iter().map(|crawl| CrawlSummary::of(crawl)).collect(), next, total }
}

fn mentions(crawl: &Crawl, text: &str) -> bool {
    let holds = |part: &str| part.to_lowercase().contains(text);
    text.is_empty() || holds(&crawl.name_any()) || crawl.spec.seeds.iter().any(|seed| holds(seed))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn crawl(name: &str, created: &str, phase: &str) -> Arc<Crawl> {
        let crawl = json!({
            "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl",
            "metadata": {"name": name, "namespace": "web", "creationTimestamp": created},
            "spec": {"seeds": [format!("https://{name}.example/")]}, "status": {"phase": phase},
        });
        Arc::new(serde_json::from_value(crawl).unwrap())
    }

    fn names(list: &CrawlList) -> Vec<&str> {
        list.items.iter().map(|item| item.name.as_str()).collect()
    }

    #[test]
    fn the_newest_come_first_and_every_one_comes_once() {
        let crawls = || {
            ["b", "c", "a", "d"].map(|name| {
                crawl(name, if name == "d" { "2026-01-02T00:00:00Z" } else { "2026-01-01T00:00:00Z" }, "Running")
            })
        };
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = serde_json::from_value(json!("3")).unwrap();
            let list = select(crawls().to_vec(), &Asked { limit, cursor, ..Asked::default() });
            assert_eq!(list.total, 4);
            seen.extend(names(&list).into_iter().map(str::to_owned));
            cursor = list.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["d", "a", "b", "c"]);
    }

    #[test]
    fn crawls_are_found_by_phase_name_and_seed() {
        let crawls =
            vec![crawl("news", "2026-01-01T00:00:00Z", "Running"), crawl("docs", "2026-01-01T00:00:00Z", "Complete")];
        for (phase, q, expected) in [
            (Some(Phase::Running), None, &["news"][..]),
            (None, Some("DOCS.ex"), &["docs"]),
            (None, Some("example"), &["docs", "news"]),
            (Some(Phase::Complete), Some("news"), &[]),
        ] {
            let asked = Asked { phase, q: q.map(str::to_owned), ..Asked::default() };
            assert_eq!(names(&select(crawls.clone(), &asked)), expected);
        }
    }
}
