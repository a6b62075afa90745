//! Wrong Crawls are refused at admission, with a message that says what to write.

use e2e::{Cluster, Running, manual};

const CASES: [(&str, &str); 14] = [
    ("{}", "spec.seeds: Required value"),
    ("{seeds: []}", "give at least one seed, for example seeds: [\"https://example.com/\"]"),
    (
        "{seeds: [\"ftp://example.com/\"]}",
        "every seed must be an absolute http:// or https:// URL, for example https://example.com/",
    ),
    (
        "{seeds: [\"example.com\"]}",
        "every seed must be an absolute http:// or https:// URL, for example https://example.com/",
    ),
    ("{seeds: [\"https://me:secret@example.com/\"]}", "a seed must not hold a user name or password"),
    ("{seeds: [\"https://example.com/\"], maxLinks: 0}", "spec.maxLinks in body should be greater than or equal to 1"),
    ("{seeds: [\"https://example.com/\"], maxLinks: many}", "spec.maxLinks"),
    ("{seeds: [\"https://example.com/\"], scope: {exclude: [\"[\"]}}", "spec.scope.exclude"),
    ("{seeds: [\"https://example.com/\"], scope: {include: [\"(\"]}}", "spec.scope.include"),
    ("{seeds: [\"https://example.com/\"], politeness: {delay: -1s}}", "spec.politeness.delay"),
    ("{seeds: [\"https://example.com/\"], fetch: {maxBodyBytes: 10MB}}", "spec.fetch.maxBodyBytes"),
    (
        "{seeds: [\"https://example.com/\"], fetch: {headersFrom: [{secretRef: {name: a}}, {secretRef: {name: a}}]}}",
        "name every Secret once",
    ),
    ("{seeds: [\"https://example.com/\"], fetch: {headersFrom: [{secretRef: {name: ../a}}]}}", "secretRef.name"),
    ("{seeds: [\"https://example.com/\"], maxPagez: 3}", "unknown field \"spec.maxPagez\""),
];

#[tokio::test]
async fn wrong_specs_are_refused_with_what_to_write_instead() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("refusals").await.unwrap();
    for (spec, words) in CASES {
        let manifest =
            format!("{{apiVersion: crawl-operator.io/v1alpha1, kind: Crawl, metadata: {{name: wrong}}, spec: {spec}}}");
        let refusal = namespace.refusal(&manifest).await.unwrap();
        assert!(refusal.contains(words), "{spec}: {refusal}");
    }
}

#[tokio::test]
async fn seeds_cannot_be_changed() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("seeds").await.unwrap();
    let running = Running::create(&namespace, &manual("seeds", |spec| spec.suspend = true).unwrap()).await.unwrap();
    let error = running.change(serde_json::json!({"seeds": ["https://example.com/"]})).await.unwrap_err();
    assert!(error.to_string().contains("create a new Crawl instead"), "{error:#}");
}
