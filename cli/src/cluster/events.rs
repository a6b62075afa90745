//! The diary of a Crawl.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use kube::{Api, ResourceExt, api::ListParams};

use super::crawls::Crawls;

/// One entry of it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) at: Option<Timestamp>,
    pub(super) kind: String,
    pub(super) reason: String,
    pub(super) note: String,
    pub(super) count: i32,
}

/// The last events of a Crawl, the oldest first; or why they cannot be told.
pub(super) async fn last(crawls: &Crawls<'_>, crawl: &crawl_crds::Crawl, most: usize) -> Result<Vec<Entry>, String> {
    let api: Api<Event> = Api::namespaced(crawls.cluster.client.clone(), &crawls.cluster.namespace);
    let about = format!("involvedObject.uid={}", crawl.uid().unwrap_or_default());
    let listed = api.list(&ListParams::default().fields(&about)).await;
    let mut events: Vec<Entry> = match listed {
        Ok(list) => list.items.into_iter().map(entry).collect(),
        Err(kube::Error::Api(status)) if status.code == 403 => return Err("you may not list events".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    events.sort_by_key(|event| event.at);
    Ok(events.split_off(events.len().saturating_sub(most)))
}

fn entry(event: Event) -> Entry {
    let series = event.series.as_ref();
    let at = series.and_then(|series| series.last_observed_time.as_ref()).map(|time| time.0);
    let at = at.or_else(|| event.last_timestamp.as_ref().map(|time| time.0));
    let at = at.or_else(|| event.event_time.as_ref().map(|time| time.0));
    let count = series.and_then(|series| series.count).or(event.count).unwrap_or(1);
    Entry {
        at: at.or_else(|| event.metadata.creation_timestamp.as_ref().map(|time| time.0)),
        kind: event.type_.unwrap_or_default(),
        reason: event.reason.unwrap_or_default(),
        note: event.message.unwrap_or_default(),
        count,
    }
}
