//! What a crawl does now and why, in a sentence for people.
//!
//! The operator's conditions say most of it; here it is put together, and nothing is guessed beyond them.

use crawl_crds::{Crawl, CrawlStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use super::Phase;
use super::summary::condition;

/// What the crawl does now and why.
#[must_use]
pub fn sentence(crawl: &Crawl) -> String {
    if crawl.metadata.deletion_timestamp.is_some() {
        return "Being deleted, with its results.".to_owned();
    }
    let Some(status) = crawl.status.as_ref().filter(|status| status.phase.is_some()) else {
        return "Waits for the operator.".to_owned();
    };
    let said = match Phase::of(crawl) {
        Phase::Pending => pending(status),
        Phase::Running => running(crawl, status),
        Phase::Suspended => format!("Suspended by its owner; {}.", waiting(status)),
        Phase::Complete => told("Complete", condition(status, "Complete")),
        Phase::Cancelled => told("Cancelled", condition(status, "Failed")).replacen(": cancelled by", ": by", 1),
        Phase::Failed => failed(status),
    };
    let unseen = crawl.metadata.generation > status.observed_generation;
    if unseen { format!("{said} The operator has not seen the last change yet.") } else { said }
}

fn pending(status: &CrawlStatus) -> String {
    let progressing = condition(status, "Progressing");
    match progressing.map_or("", |progressing| progressing.reason.as_str()) {
        "Opening" => told("Starting", progressing),
        "WaitingForSlot" | "QuotaReached" | "Retrying" | "BrokerUnavailable" => told("Waits", progressing),
        "" => "Waits for the operator.".to_owned(),
        // A Secret or a policy: nothing goes on before somebody acts.
        _ => told("Held", progressing),
    }
}

fn running(crawl: &Crawl, status: &CrawlStatus) -> String {
    let progressing = condition(status, "Progressing");
    let fetching = progressing.is_none_or(|said| said.reason == "Crawling" && said.message.ends_with(" to go"));
    if !fetching {
        return told("Running", progressing);
    }
    let pages = &status.pages;
    let failed = if pages.failed > 0 { format!(", {} failed", pages.failed) } else { String::new() };
    let processed = pages.fetched + pages.failed;
    let most = crawl.spec.max_links;
    let fetching = format!("Fetching: {processed} of at most {most} pages processed{failed}; {}.", waiting(status));
    match condition(status, "Restricted").filter(|restricted| restricted.status == "True") {
        Some(restricted) => format!("{fetching} {}", told("Restricted", Some(restricted))),
        None => fetching,
    }
}

fn failed(status: &CrawlStatus) -> String {
    match condition(status, "Accepted").filter(|accepted| accepted.status == "False") {
        Some(refused) => told("Cannot run", Some(refused)),
        None => told("Failed", condition(status, "Failed")),
    }
}

fn waiting(status: &CrawlStatus) -> String {
    match status.pages.queued + status.pages.in_flight {
        0 => "no URL waits".to_owned(),
        1 => "1 URL waits".to_owned(),
        n => format!("{n} URLs wait"),
    }
}

/// The word, and what the condition says.
fn told(word: &str, condition: Option<&Condition>) -> String {
    match condition.map(|condition| condition.message.trim_end_matches('.')).filter(|message| !message.is_empty()) {
        Some(message) => format!("{word}: {message}."),
        None => format!("{word}."),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn crawl(phase: &str, conditions: &[(&str, &str, &str, &str)], pages: [i64; 4]) -> Crawl {
        let conditions = conditions.iter().map(|(kind, status, reason, message)| {
            json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": "2026-01-01T00:00:00Z"})
        });
        let [queued, in_flight, fetched, failed] = pages;
        serde_json::from_value(json!({
            "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl", "metadata": {"name": "a", "generation": 1},
            "spec": {"seeds": ["https://example.com/"]},
            "status": {
                "phase": phase, "observedGeneration": 1, "conditions": conditions.collect::<Vec<_>>(),
                "pages": {"queued": queued, "inFlight": in_flight, "fetched": fetched, "failed": failed},
            },
        }))
        .unwrap()
    }

    #[test]
    fn every_phase_has_its_sentence() {
        let to_go = ("Progressing", "True", "Crawling", "412 pages processed, 288 to go");
        let capped = ("Restricted", "True", "Policy", "policy a: maxLinks 100 instead of 1000");
        for (phase, conditions, pages, expected) in [
            (
                "Running",
                vec![to_go],
                [280, 8, 409, 3],
                "Fetching: 412 of at most 1000 pages processed, 3 failed; 288 URLs wait.",
            ),
            ("Running", vec![to_go], [1, 0, 5, 0], "Fetching: 5 of at most 1000 pages processed; 1 URL waits."),
            (
                "Running",
                vec![to_go, capped],
                [0, 0, 1, 0],
                "Fetching: 1 of at most 1000 pages processed; no URL waits. Restricted: policy a: maxLinks 100 instead of 1000.",
            ),
            (
                "Running",
                vec![("Progressing", "True", "Crawling", "every host is busy")],
                [1, 0, 1, 0],
                "Running: every host is busy.",
            ),
            (
                "Running",
                vec![("Progressing", "True", "Suspending", "the crawl is about to hold")],
                [1, 0, 1, 0],
                "Running: the crawl is about to hold.",
            ),
            ("Suspended", vec![], [280, 8, 1, 0], "Suspended by its owner; 288 URLs wait."),
            (
                "Complete",
                vec![("Complete", "True", "MaxLinksReached", "maxLinks is reached: 9 pages processed of 20 found")],
                [0, 0, 9, 0],
                "Complete: maxLinks is reached: 9 pages processed of 20 found.",
            ),
            (
                "Cancelled",
                vec![("Failed", "True", "Cancelled", "cancelled by spec.cancel: 1 page processed of 2 found")],
                [0, 0, 1, 0],
                "Cancelled: by spec.cancel: 1 page processed of 2 found.",
            ),
            (
                "Failed",
                vec![
                    ("Accepted", "True", "Valid", ""),
                    ("Failed", "True", "AllSeedsFailed", "not one page could be fetched"),
                ],
                [0, 0, 0, 1],
                "Failed: not one page could be fetched.",
            ),
            (
                "Failed",
                vec![("Accepted", "False", "DeniedByPolicy", "policy a denies example.com")],
                [0; 4],
                "Cannot run: policy a denies example.com.",
            ),
            (
                "Pending",
                vec![("Progressing", "False", "Opening", "the crawl's log is being opened and read")],
                [0; 4],
                "Starting: the crawl's log is being opened and read.",
            ),
            ("Pending", vec![("Progressing", "False", "QuotaReached", "3 crawls run")], [0; 4], "Waits: 3 crawls run."),
            (
                "Pending",
                vec![("Progressing", "False", "SecretMissing", "there is no Secret a")],
                [0; 4],
                "Held: there is no Secret a.",
            ),
            ("Pending", vec![], [0; 4], "Waits for the operator."),
        ] {
            assert_eq!(sentence(&crawl(phase, &conditions, pages)), expected);
        }
    }

    #[test]
    fn what_the_operator_does_not_know_yet_is_said() {
        let mut fresh = crawl("", &[], [0; 4]);
        fresh.status = None;
        assert_eq!(sentence(&fresh), "Waits for the operator.");
        let mut changed = crawl("Suspended", &[], [1, 0, 0, 0]);
        changed.metadata.generation = Some(2);
        assert_eq!(
            sentence(&changed),
            "Suspended by its owner; 1 URL waits. The operator has not seen the last change yet."
        );
        changed.metadata.deletion_timestamp = changed
            .metadata
            .creation_timestamp
            .clone()
            .or(Some(serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap()));
        assert_eq!(sentence(&changed), "Being deleted, with its results.");
    }
}
