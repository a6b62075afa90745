//! Politeness, judged from the hosts' own log: over all workers and all crawls together, and whoever dies.

use std::time::Duration;

use crawl_crds::Crawl;
use e2e::{Cluster, Owed, Running, Site, Treatment, Visit, WORKERS, crawl, eventually, treatment};
use serde_json::json;

/// What `polite-c` asks for in its robots.txt.
const CRAWL_DELAY_MS: u64 = 1000;

/// Three crawls that differ in all that politeness is made of; they are told apart by their User-Agent.
const CRAWLS: [(&str, Owed); 3] = [
    ("strict", Owed { concurrency: 1, delay_ms: 300 }),
    ("brisk", Owed { concurrency: 2, delay_ms: 100 }),
    ("rough", Owed { concurrency: 4, delay_ms: 0 }),
];

fn polite(name: &str, owed: Owed, seeds: &[String]) -> Crawl {
    let spec = json!({
        "seeds": seeds,
        "politeness": {"perHostConcurrency": owed.concurrency, "delay": format!("{}ms", owed.delay_ms)},
        "fetch": {"userAgent": format!("{name}/1")},
    });
    crawl(name, spec).unwrap()
}

/// What the maker of a request owes the host. Who asks for robots.txt does not know yet what stands there.
fn owed(visit: &Visit) -> Owed {
    let made = |name: &str| visit.agent == format!("{name}/1");
    let (_, mut owed) = CRAWLS.into_iter().find(|(name, _)| made(name)).expect("a request of one of the crawls");
    if visit.host == "polite-c" && visit.path != "/robots.txt" {
        owed.delay_ms = owed.delay_ms.max(CRAWL_DELAY_MS);
    }
    owed
}

fn fair(host: &str, seen: &Treatment) {
    eprintln!("{host}: {seen}");
    assert!(seen.wrongs.is_empty(), "{host}: {}\n{}", seen, seen.wrongs.join("\n"));
}

#[tokio::test]
async fn every_host_gets_the_rest_that_it_is_owed() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("polite").await.unwrap();
    cluster.scale(WORKERS, 4).await.unwrap();
    let site = Site::watch().await.unwrap();
    let mut crawls = Vec::new();
    for (name, owed) in CRAWLS {
        // One host is one host, whatever the port.
        let first = if name == "rough" { Site::other_port } else { Site::url };
        let seeds = [
            first("polite-a", "/slow/40/10/0"),
            Site::url("polite-b", "/slow/40/10/0"),
            Site::url("polite-c", "/tree/3/0"),
        ];
        crawls.push(Running::create(&namespace, &polite(name, owed, &seeds)).await.unwrap());
    }
    for running in &crawls {
        assert_eq!(running.complete().await.unwrap().fetched, 23);
    }
    for (host, requests) in [("polite-a", 33), ("polite-b", 33), ("polite-c", 12)] {
        let seen = treatment(&site.visits(host).await.unwrap(), owed);
        fair(host, &seen);
        assert_eq!(seen.requests, requests, "pages and robots.txt, each once for each crawl");
    }
}

#[tokio::test]
async fn a_host_gets_its_rest_also_when_workers_and_the_operator_are_killed() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("cut").await.unwrap();
    let site = Site::watch().await.unwrap();
    let owed = Owed { concurrency: 1, delay_ms: 500 };
    // Slow answers, so that both are killed in the middle of some.
    let seeds = ["cut-a", "cut-b"].map(|host| Site::url(host, "/slow/3000/4/0"));
    let running = Running::create(&namespace, &polite("cut", owed, &seeds)).await.unwrap();
    for (component, answered) in [("worker", 1), ("operator", 3)] {
        eventually(Duration::from_secs(60), "one request is under way", async || {
            let visits = [site.visits("cut-a").await?, site.visits("cut-b").await?].concat();
            let done = visits.iter().filter(|visit| visit.end_us.is_some() && visit.status == 200).count();
            Ok(done >= answered && visits.iter().any(|visit| visit.end_us.is_none()))
        })
        .await
        .unwrap();
        cluster.kill_processes(component).await.unwrap();
    }
    let counts = running.complete().await.unwrap();
    assert_eq!((counts.fetched, counts.failed, counts.links), (8, 0, 6));
    let mut cut = 0;
    for host in ["cut-a", "cut-b"] {
        let visits = site.visits(host).await.unwrap();
        cut += visits.iter().filter(|visit| visit.status == 0).count();
        fair(host, &treatment(&visits, |_| owed));
    }
    eprintln!("requests that were cut off: {cut}");
}
