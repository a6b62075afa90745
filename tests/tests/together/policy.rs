//! What an administrator allows: a CrawlPolicy for the namespace of one test.

use std::process::Stdio;

use crawl_crds::CrawlStatus;
use e2e::{Cluster, Namespace, Owed, Running, Site, crawl, has, treatment};
use serde_json::{Value, json};

/// A policy for one namespace, named like it. Deleted when dropped: it would outlive the namespace.
struct Policy(String);

impl Policy {
    async fn apply(namespace: &Namespace, mut spec: Value) -> Self {
        spec["namespaces"] = json!([namespace.name]);
        let policy = json!({
            "apiVersion": "crawl-operator.io/v1alpha1",
            "kind": "CrawlPolicy",
            "metadata": {"name": namespace.name},
            "spec": spec,
        });
        namespace.apply(&policy.to_string()).await.unwrap();
        Self(namespace.name.clone())
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        let delete = ["delete", "crawlpolicy", &self.0, "--wait=false"];
        let _ = std::process::Command::new("kubectl").args(delete).stdout(Stdio::null()).status();
    }
}

async fn start(namespace: &Namespace, name: &str, spec: Value) -> Running {
    Running::create(namespace, &crawl(name, spec).unwrap()).await.unwrap()
}

fn host(name: &str) -> String {
    format!("{name}.crawl-site.svc.cluster.local")
}

#[tokio::test]
async fn a_policy_caps_denies_slows_and_makes_robots_obeyed() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("ruled").await.unwrap();
    let site = Site::watch().await.unwrap();
    let rules = json!({
        "maxLinks": 12,
        "robots": "MustObey",
        "hosts": [{"pattern": host("denied"), "deny": true}, {"pattern": host("ruled-b"), "delay": "300ms"}],
    });
    let _policy = Policy::apply(&namespace, rules).await;
    let rough = json!({"delay": "0s", "perHostConcurrency": 4, "robots": "Ignore"});
    let long = json!({"seeds": [Site::url("ruled-a", "/tree/100/0")], "maxLinks": 100, "politeness": rough});
    let long = start(&namespace, "long", long).await;
    let seeds = ["ruled-b", "denied", "shut"].map(|host| Site::url(host, "/tree/8/0"));
    let rude = start(&namespace, "rude", json!({"seeds": seeds, "politeness": rough})).await;
    let refused = json!({"seeds": [Site::url("denied", "/tree/8/0")]});
    let refused = start(&namespace, "refused", refused).await;

    let status = long.condition("Complete").await.unwrap();
    assert_eq!((status.pages.fetched, status.stop_reason.as_deref()), (12, Some("MaxLinksReached")), "{status:?}");
    assert!(has(&status, "Restricted", "True"), "{status:?}");

    let status = rude.condition("Complete").await.unwrap();
    assert_eq!((status.pages.fetched, status.pages.failed), (8, 0), "{status:?}");
    let skipped: Vec<(&str, i64)> = status.skipped_by_reason.iter().map(|(reason, n)| (reason.as_str(), *n)).collect();
    assert_eq!(skipped, [("DeniedByPolicy", 1), ("Robots", 1)]);
    assert!(has(&status, "Restricted", "True"), "{status:?}");
    assert_eq!(site.visits("denied").await.unwrap().len(), 0);
    assert_eq!(site.pages("shut").await.unwrap(), Vec::<String>::new());
    let slowed = treatment(&site.visits("ruled-b").await.unwrap(), |_| Owed { concurrency: 4, delay_ms: 300 });
    eprintln!("ruled-b: {slowed}");
    assert!(slowed.wrongs.is_empty(), "{}", slowed.wrongs.join("\n"));

    refused.until("refused", |status| has(status, "Accepted", "False")).await.unwrap();
}

#[tokio::test]
async fn a_policy_lets_one_namespace_reach_a_private_address() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let (namespace, other) = (cluster.namespace("private").await.unwrap(), cluster.namespace("public").await.unwrap());
    let pod = ["get", "pods", "-n", "crawl-site", "-l", "app=site", "-o", "jsonpath={.items[0].status.podIP}"];
    let address = namespace.kubectl(&pod).await.unwrap();
    let _policy = Policy::apply(&namespace, json!({"allowAddresses": [format!("{address}/32")]})).await;
    let spec = json!({"seeds": [format!("http://{address}:8080/tree/5/0")], "politeness": {"delay": "0s"}});
    let allowed = start(&namespace, "allowed", spec.clone()).await;
    let kept_out = start(&other, "kept-out", spec).await;
    assert_eq!(allowed.complete().await.unwrap().fetched, 5);
    let status = kept_out.condition("Failed").await.unwrap();
    assert_eq!((status.pages.fetched, status.stop_reason.as_deref()), (0, Some("AllSeedsFailed")), "{status:?}");
}

#[tokio::test]
async fn more_crawls_than_a_policy_allows_wait_in_order() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("queue").await.unwrap();
    let site = Site::watch().await.unwrap();
    let _policy = Policy::apply(&namespace, json!({"maxActiveCrawls": 1})).await;
    let spec = |name: &str| {
        json!({
            "seeds": [Site::url("queue", &format!("/slow/150/20/{}", if name == "zebra" { 0 } else { 1 }))],
            "politeness": {"delay": "50ms"},
            "fetch": {"userAgent": format!("{name}/1")},
        })
    };
    // Not in the order of their names, and each a second older than the next: that is how exact their age is.
    let mut crawls = Vec::new();
    for name in ["zebra", "bear", "ape"] {
        crawls.push(start(&namespace, name, spec(name)).await);
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    }
    let waits = |status: &CrawlStatus| {
        let progressing = status.conditions.iter().find(|condition| condition.type_ == "Progressing");
        progressing.is_some_and(|it| it.reason == "QuotaReached" && it.message.contains(&namespace.name))
    };
    crawls[2].until("it waits for its turn", waits).await.unwrap();
    for running in &crawls {
        running.complete().await.unwrap();
    }
    let visits = site.visits("queue").await.unwrap();
    let mut agents: Vec<&str> = visits.iter().map(|visit| visit.agent.as_str()).collect();
    agents.dedup();
    assert_eq!(agents, ["zebra/1", "bear/1", "ape/1"], "one after the other");
}
