//! Ctrl-C.

use std::{sync::atomic::Ordering, time::Duration};

use crate::{
    program::{end, lines, signal, start, stderr},
    site,
};

async fn until(what: impl Fn() -> bool) {
    while !what() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_is_under_way_is_awaited_and_nothing_new_starts() {
    let (url, asked) = site::slow(1000, Duration::from_millis(50)).await;
    let crawl = start(&[&url, "--delay", "0s", "--per-host-concurrency", "4"]);
    until(|| asked.load(Ordering::Relaxed) > 20).await;
    signal(&crawl, "INT");
    let output = end(crawl).await;
    let talk = stderr(&output);
    assert_eq!(output.status.code(), Some(130), "{talk}");
    assert_eq!(lines(&output).len(), asked.load(Ordering::Relaxed) as usize, "every page that was asked for is there");
    assert!(
        talk.contains("stopped: ") && talk.contains("not fetched yet") && talk.contains("--journal FILE"),
        "{talk}"
    );
}

#[tokio::test]
async fn the_second_ctrl_c_does_not_wait() {
    let (url, asked) = site::slow(10, Duration::from_secs(3600)).await;
    let crawl = start(&[&url]);
    until(|| asked.load(Ordering::Relaxed) > 0).await;
    signal(&crawl, "INT");
    tokio::time::sleep(Duration::from_millis(100)).await;
    signal(&crawl, "INT");
    let output = end(crawl).await;
    assert_eq!(output.status.code(), Some(130));
    assert!(stderr(&output).contains("stopping: 1 under way"), "{}", stderr(&output));
}
