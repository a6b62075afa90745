#![allow(clippy::unwrap_used)]

use super::*;
use serde_json::json;

fn crawl(status: serde_json::Value) -> Crawl {
    serde_json::from_value(json!({
        "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl",
        "metadata": {"name": "docs", "namespace": "team-a", "creationTimestamp": "2026-11-24T00:00:00Z"},
        "spec": {"seeds": ["https://example.com/", "https://example.org/"], "maxLinks": 100},
        "status": status,
    }))
    .unwrap()
}

fn shown(status: serde_json::Value) -> String {
    let event = events::Entry {
        at: Some("2026-11-24T00:01:00Z".parse().unwrap()),
        kind: "Normal".into(),
        reason: "Started".into(),
        note: "1 page\u{1b}[2J".into(),
        count: 2,
    };
    screen(&crawl(status), &Ok(vec![event]), "2026-11-24T00:05:00Z".parse().unwrap(), Colour::none())
}

#[test]
fn one_screen_says_what_it_does_and_why() {
    let condition = |kind: &str, status: &str, reason: &str, message: &str| json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": "2026-11-24T00:01:00Z"});
    let text = shown(json!({
        "phase": "Running",
        "startTime": "2026-11-24T00:01:00Z",
        "conditions": [
            condition("Restricted", "True", "Policy", "policy teams: maxLinks 50 instead of 100"),
            condition("Progressing", "True", "Crawling", "37 pages processed, 63 to go"),
        ],
        "pages": {"discovered": 120, "queued": 60, "inFlight": 3, "fetched": 35, "failed": 2, "redirected": 5, "skipped": 15},
        "links": 1234, "hosts": 1, "bytes": 1536,
        "responses": {"200": 35, "404": 2},
        "skippedByReason": {"OutOfScope": 10, "RobotsUnreachable": 5},
    }));
    for words in [
        "docs   Running\n37 pages processed, 63 to go\n",
        "Seeds       https://example.com/ and 1 more\n",
        "Processed   37 of at most 100 pages\n",
        "Found       120 = 60 queued + 3 in flight + 35 fetched + 2 failed + 5 redirected + 15 skipped\n",
        "Links       1234 on 1 host, 1.5 KiB\n",
        "created 5m ago, started 4m ago\n",
        "  policy teams: maxLinks 50 instead of 100\n",
        "  each host has 1 request at a time and 1s between them",
        "  5 pages of hosts left out: the robots.txt of its host could not be read\n",
        "  200          35\n  404          2\n",
        "  10     OutOfScope: it is out of scope\n",
        "  4m (x2)   Normal   Started   1 page\u{fffd}[2J\n",
    ] {
        assert!(text.contains(words), "{words:?} is not in:\n{text}");
    }
}

#[test]
fn a_crawl_that_nobody_has_looked_at_says_so() {
    let text = shown(json!({}));
    assert!(text.contains("docs   Pending\nthe operator has not looked at it yet"), "{text}");
}
