//! What Secrets that cannot be used make of a Crawl as it goes through its life.

use std::collections::BTreeMap;

use super::*;
use crate::controller::headers::{Problem, Trouble};
use crate::runner::SeedHeaders;

fn withheld(trouble: Trouble) -> HeadersFrom {
    let problem = Problem { trouble, message: "what to do".to_owned() };
    HeadersFrom::Withheld { problem, again: Duration::from_secs(4) }
}

fn ready(value: &str) -> HeadersFrom {
    let key = crawl_sealed::Key::from_text(&crawl_sealed::Key::random_text().unwrap()).unwrap();
    let headers = [("authorization".to_owned(), value.to_owned())].into();
    let by_origin = BTreeMap::from([("https://example.com".to_owned(), headers)]);
    HeadersFrom::Ready { headers: SeedHeaders::new(Arc::new(key), by_origin), again: Duration::from_secs(30) }
}

fn sent(plan: &Plan) -> Option<&SeedHeaders> {
    match &plan.runner {
        Order::Ensure(wanted) => wanted.headers.as_ref(),
        Order::Stop => None,
    }
}

#[test]
fn a_crawl_whose_secrets_cannot_be_used_does_not_run_and_says_why() {
    for (trouble, word) in [
        (Trouble::Forbidden, "SecretForbidden"),
        (Trouble::Missing, "SecretMissing"),
        (Trouble::Invalid, "SecretInvalid"),
        (Trouble::Unreadable, "SecretUnreadable"),
    ] {
        let mut life = Life::of("");
        life.headers = withheld(trouble);
        let plan = life.step(None, 0);
        assert!(matches!(plan.runner, Order::Stop));
        assert_eq!(reason(&plan.status, PROGRESSING), word);
        assert_eq!(plan.status.phase.as_deref(), Some("Pending"));
        assert_eq!(find(&plan.status.conditions, PROGRESSING).unwrap().message, "what to do");
        assert!(holds(&plan.status.conditions, ACCEPTED), "the spec is right");
        assert_eq!(plan.look_again, Some(Duration::from_secs(4)), "it goes on by itself");
    }
}

#[test]
fn a_running_crawl_holds_keeps_its_counts_and_goes_on() {
    let mut life = Life::of("");
    life.headers = ready("one");
    let running = life.step(Some(Stage::Running), 0);
    assert_eq!(sent(&running), life.headers.headers());
    assert_eq!(running.look_again, Some(Duration::from_secs(30)));

    life.headers = withheld(Trouble::Missing);
    let held = life.step(Some(Stage::Running), 10);
    assert!(matches!(held.runner, Order::Stop));
    assert_eq!(held.status.pages, running.status.pages);
    assert_eq!(held.status.start_time, running.status.start_time);

    life.headers = ready("two");
    let goes_on = life.step(Some(Stage::Running), 20);
    assert_eq!(sent(&goes_on), life.headers.headers());
    assert_ne!(sent(&goes_on), sent(&running));
    assert_eq!(reason(&goes_on.status, PROGRESSING), "Crawling");
}

#[test]
fn changed_headers_have_no_log_read_again() {
    let mut life = Life::of("");
    life.headers = ready("one");
    let before = life.progress(Stage::Running);
    life.edit(|spec| spec.fetch.headers_from = vec![]);
    life.headers = HeadersFrom::Nothing;
    assert_eq!(reason(&life.step_with(Some(before), 10).status, PROGRESSING), "Crawling");
}
