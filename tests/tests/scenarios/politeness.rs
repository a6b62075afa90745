//! Politeness, judged from the hosts' own log: over all workers and all crawls together, and whoever dies.

use std::time::Duration;

use crawl_crds::Crawl;
use e2e::{Cluster, OPERATOR, Owed, Running, Site, Treatment, Visit, WORKERS, crawl, eventually, treatment};
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

/// A crawl of three slow pages of a host, in the middle of the second of which a component is killed.
async fn killed_in_the_middle(host: &str, component: &str, answer_ms: u32, owed: Owed) {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    // New Pods: those that were killed before are started again only after a while, when all is over.
    cluster.scale(if component == "operator" { OPERATOR } else { WORKERS }, 0).await.unwrap();
    let namespace = cluster.namespace(host).await.unwrap();
    let site = Site::watch().await.unwrap();
    let seed = Site::url(host, &format!("/slow/{answer_ms}/3/0"));
    let running = Running::create(&namespace, &polite("cut", owed, &[seed])).await.unwrap();
    eventually(Duration::from_secs(60), "the second page is under way", async || {
        let pages = site.visits(host).await?.into_iter().filter(|visit| visit.path != "/robots.txt");
        Ok(pages.map(|visit| visit.end_us.is_some()).eq([true, false]))
    })
    .await
    .unwrap();
    cluster.kill_processes(component).await.unwrap();
    let counts = running.complete().await.unwrap();
    assert_eq!((counts.fetched, counts.failed, counts.links), (3, 0, 2));
    let visits = site.visits(host).await.unwrap();
    let cut = visits.iter().filter(|visit| visit.status == 0).count();
    eprintln!("{component} killed, {cut} requests cut off");
    fair(host, &treatment(&visits, |_| owed));
}

#[tokio::test]
async fn a_host_gets_its_rest_also_when_the_workers_are_killed() {
    // Longer than a worker takes to start again.
    killed_in_the_middle("cut-a", "worker", 2000, Owed { concurrency: 1, delay_ms: 3000 }).await;
}

#[tokio::test]
async fn a_host_gets_its_rest_also_when_the_operator_is_killed() {
    // The answer takes longer than an operator to start again.
    killed_in_the_middle("cut-b", "operator", 5000, Owed { concurrency: 1, delay_ms: 500 }).await;
}
