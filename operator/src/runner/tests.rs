//! Runners without a broker: who stands where in the line.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use crawl_broker::Password;

use super::*;
use crate::controller::fixtures;

/// Runners whose broker is at a port that refuses.
fn runners(max_open_crawls: usize) -> (Runners, CancellationToken) {
    let config = BrokerConfig {
        host: "127.0.0.1".to_owned(),
        port: 1,
        vhost: "crawl".to_owned(),
        username: "nobody".to_owned(),
        password: Password::new(String::new()),
        tls: false,
        ca_file: None,
    };
    let shutdown = CancellationToken::new();
    let (runners, _) = Runners::start(config, max_open_crawls, RunnerMetrics::default(), shutdown.clone());
    (runners, shutdown)
}

fn wanted(name: &str, namespace: &str, created: i64, mode: Mode, quota: Option<usize>) -> Wanted {
    Wanted {
        crawl: ObjectRef::new(name).within(namespace),
        uid: name.to_owned(),
        pool: "default".to_owned(),
        rules: fixtures::rules(),
        spec_hash: "hash".to_owned(),
        mode,
        rank: Rank { fresh: true, created, name: name.to_owned(), namespace: namespace.to_owned() },
        headers: None,
        quota: quota.map(|limit| Quota { limit, policy: "teams".to_owned() }),
    }
}

/// Waits until a crawl waits for this; one that waits for the broker has its slot.
async fn awaits(runners: &Runners, uid: &str, expected: Awaited) -> String {
    let found = async {
        loop {
            match runners.progress(uid).map(|progress| progress.stage) {
                Some(Stage::Waiting { what, message }) if what == expected => return message,
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.unwrap()
}

#[tokio::test]
async fn slots_go_by_rank_and_quota_and_are_passed_on() {
    let (runners, shutdown) = runners(2);
    for (name, namespace, created, quota) in
        [("young", "a", 9, Some(1)), ("old", "a", 1, Some(1)), ("other", "b", 5, None), ("last", "b", 6, None)]
    {
        runners.ensure(wanted(name, namespace, created, Mode::Run, quota));
    }
    assert_eq!(runners.progress("old"), None, "nobody has a slot before all have enrolled");
    runners.open();
    awaits(&runners, "old", Awaited::Broker).await;
    awaits(&runners, "other", Awaited::Broker).await;
    let why = awaits(&runners, "young", Awaited::Quota).await;
    assert_eq!(why, "1 crawl of namespace a runs, as many as policy teams allows; 1st in line");
    awaits(&runners, "last", Awaited::Slot).await;

    runners.stop("other");
    awaits(&runners, "last", Awaited::Broker).await;
    runners.ensure(wanted("young", "a", 9, Mode::Run, Some(2)));
    awaits(&runners, "young", Awaited::Slot).await;
    runners.ensure(wanted("last", "b", 6, Mode::Run, Some(0)));
    awaits(&runners, "last", Awaited::Broker).await;
    runners.stop("old");
    awaits(&runners, "young", Awaited::Broker).await;
    shutdown.cancel();
}

#[tokio::test]
async fn changed_headers_are_wanted_at_once() {
    let (runners, shutdown) = runners(1);
    let key = Arc::new(crawl_sealed::Key::from_text(&crawl_sealed::Key::random_text().unwrap()).unwrap());
    let with = |value: &str| {
        let headers = [("cookie".to_owned(), value.to_owned())].into();
        let headers = SeedHeaders::new(key.clone(), [("https://example.com".to_owned(), headers)].into());
        Wanted { headers: Some(headers), ..wanted("crawl", "a", 1, Mode::Run, None) }
    };
    runners.ensure(with("one"));
    let mut seen = lock(&runners.shared.crawls)["crawl"].wanted.subscribe();
    for (value, news) in [("one", false), ("two", true), ("two", false)] {
        runners.ensure(with(value));
        assert_eq!(seen.has_changed().unwrap(), news, "{value}");
        assert_eq!(seen.borrow_and_update().headers, with(value).headers);
    }
    shutdown.cancel();
}

#[tokio::test]
async fn a_crawl_that_is_not_to_run_takes_no_place() {
    let (runners, shutdown) = runners(1);
    runners.open();
    runners.ensure(wanted("first", "a", 1, Mode::Run, None));
    runners.ensure(wanted("second", "a", 2, Mode::Run, None));
    runners.ensure(wanted("third", "a", 3, Mode::Run, None));
    awaits(&runners, "second", Awaited::Slot).await;
    runners.ensure(wanted("second", "a", 2, Mode::Suspend, None));
    awaits(&runners, "second", Awaited::Broker).await;
    runners.stop("first");
    awaits(&runners, "third", Awaited::Broker).await;
    runners.ensure(wanted("second", "a", 2, Mode::Run, None));
    shutdown.cancel();
}
