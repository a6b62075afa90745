//! Crawls that go on where they stopped, however that was.

use std::{process::Output, sync::atomic::Ordering, time::Duration};

use serde_json::Value;

use crate::{
    program::{crawl, end, folder, lines, signal, start, stderr, sums},
    site,
};

const PAGES: u32 = 120;

/// What the pages are, without times.
fn pages(output: &Output) -> Vec<String> {
    let page = |page: Value| format!("{} {} {}", page["url"], page["links"], page["status"]);
    let mut pages: Vec<String> = lines(output).into_iter().map(page).collect();
    pages.sort();
    pages
}

async fn killed_again_and_again(journal: &str, seed: u64) {
    let (url, asked) = site::slow(PAGES, Duration::from_millis(2)).await;
    let usual = [url.as_str(), "--delay", "0s", "--per-host-concurrency", "4"];
    let undisturbed = crawl(&usual).await;
    let requests = asked.swap(0, Ordering::Relaxed);
    let journal = folder().join(journal);
    let args = [&usual[..], &["--journal", journal.to_str().unwrap()]].concat();
    let (mut random, mut kills) = (seed, 0);
    // Until it has had to go on often enough, it is killed after a few more pages.
    while kills < 12 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let child = start(&args);
        let enough = asked.load(Ordering::Relaxed) + (random >> 60) as u32;
        let mut waited = 0;
        while asked.load(Ordering::Relaxed) < enough && waited < 500 {
            tokio::time::sleep(Duration::from_millis(1)).await;
            waited += 1;
        }
        signal(&child, "KILL");
        end(child).await;
        kills += 1;
    }
    let last = crawl(&args).await;
    assert_eq!(last.status.code(), Some(0), "{}", stderr(&last));
    assert_eq!((pages(&last), sums(&last)), (pages(&undisturbed), sums(&undisturbed)));
    let again = asked.load(Ordering::Relaxed).saturating_sub(requests);
    assert!(again <= 12 * 4, "{again} pages were fetched again, and 4 were under way at each of 12 kills");
    let quiet = crawl(&args).await;
    assert_eq!((pages(&quiet), sums(&quiet)), (pages(&undisturbed), sums(&undisturbed)), "all of it from the journal");
    assert_eq!(asked.load(Ordering::Relaxed).saturating_sub(requests), again, "and none of it asked for again");
}

#[tokio::test]
async fn a_crawl_that_is_killed_goes_on() {
    killed_again_and_again("crawl.jsonl", 1).await;
}

#[tokio::test]
async fn a_compressed_journal_does_too() {
    killed_again_and_again("crawl.zst", 2).await;
}

#[tokio::test]
async fn other_options_read_the_same_journal() {
    let (url, asked) = site::slow(PAGES, Duration::ZERO).await;
    let journal = folder().join("crawl.jsonl");
    let limited = |limit: &'static str| {
        let (url, journal) = (url.clone(), journal.to_str().unwrap().to_owned());
        async move { crawl(&[&url, "--delay", "0s", "--max-links", limit, "--journal", &journal]).await }
    };
    assert_eq!(lines(&limited("20").await).len(), 20);
    let more = limited("40").await;
    assert_eq!(lines(&more).len(), 40);
    assert!(stderr(&more).contains("going on after 20 pages"), "{}", stderr(&more));
    assert_eq!(asked.load(Ordering::Relaxed), 40);
    assert_eq!(lines(&limited("10").await).len(), 10, "under new rules");
    let first = std::fs::read_to_string(&journal).unwrap();
    let first: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    assert_eq!((&first["entry"], &first["rulesVersion"]), (&"opened".into(), &1.into()));
}

#[tokio::test]
async fn a_journal_of_other_seeds_is_refused() {
    let (url, other) = (site::small().await, site::small().await);
    let journal = folder().join("crawl.jsonl");
    let journal = journal.to_str().unwrap();
    assert_eq!(crawl(&[&url, "--delay", "0s", "--journal", journal]).await.status.code(), Some(0));
    let output = crawl(&[&other, "--delay", "0s", "--journal", journal]).await;
    assert_eq!(output.status.code(), Some(2));
    let talk = stderr(&output);
    assert!(talk.contains("other seeds") && talk.contains(&url), "{talk}");
    // The order of seeds, and their spelling, decide nothing.
    let same = url.trim_end_matches('/');
    assert_eq!(crawl(&[same, &url, "--delay", "0s", "--journal", journal]).await.status.code(), Some(0));
}

#[tokio::test]
async fn ctrl_c_and_the_same_command_again() {
    let (url, asked) = site::slow(60, Duration::from_millis(10)).await;
    let journal = folder().join("crawl.zst");
    let args = [&url, "--delay", "0s", "--journal", journal.to_str().unwrap()];
    let child = start(&args);
    while asked.load(Ordering::Relaxed) < 10 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    signal(&child, "INT");
    let output = end(child).await;
    assert_eq!(output.status.code(), Some(130));
    assert!(stderr(&output).contains("the same command goes on from here"), "{}", stderr(&output));
    assert_eq!(crawl(&args).await.status.code(), Some(0));
    let before = asked.load(Ordering::Relaxed);
    assert_eq!(lines(&crawl(&args).await).len(), before as usize, "nothing was asked for twice");
}
