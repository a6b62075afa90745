//! The committed YAML is the one the types make.
#![allow(clippy::unwrap_used)]

use crawl_crds::{Crawl, CrawlPolicy, yaml};
use kube::CustomResourceExt;
use serde_json::Value;

const CRAWLS: &str = include_str!("../generated/crawls.yaml");
const POLICIES: &str = include_str!("../generated/crawlpolicies.yaml");

#[test]
fn generated_yaml_is_up_to_date() {
    for (file, committed, made) in
        [("crawls", CRAWLS, yaml::crawl_crd().unwrap()), ("crawlpolicies", POLICIES, yaml::crawl_policy_crd().unwrap())]
    {
        assert!(committed == made, "crds/generated/{file}.yaml has drifted from the types: run `make generate`");
    }
}

#[test]
fn yaml_reads_back_as_the_same_definition() {
    for (committed, definition) in [(CRAWLS, Crawl::crd()), (POLICIES, CrawlPolicy::crd())] {
        let read: Value = serde_yaml::from_str(committed).unwrap();
        assert_eq!(read, serde_json::to_value(definition).unwrap());
    }
}

#[test]
fn client_side_apply_can_carry_it() {
    for committed in [CRAWLS, POLICIES] {
        assert!(committed.len() < 200_000, "the last-applied annotation holds at most 262,144 bytes");
    }
}

/// The API server refuses CEL rules whose cost it cannot bound, and `kubectl explain` shows what has a description.
#[test]
fn every_list_and_text_is_bounded_and_every_field_described() {
    for definition in [Crawl::crd(), CrawlPolicy::crd()] {
        let crd = serde_json::to_value(definition).unwrap();
        let spec = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
        bounded("spec", spec);
    }
}

fn bounded(path: &str, schema: &Value) {
    let free = schema["type"] == "string" && schema["enum"].is_null();
    assert!(!free || schema["maxLength"].is_u64(), "{path} has no maxLength");
    assert!(schema["type"] != "array" || schema["maxItems"].is_u64(), "{path} has no maxItems");
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        assert!(field["description"].is_string(), "{path}.{name} has no description");
        bounded(&format!("{path}.{name}"), field);
    }
    if schema["items"].is_object() {
        bounded(&format!("{path}[]"), &schema["items"]);
    }
}

/// What a client of ours reads and writes again must pass admission: zero is written as 0ns.
#[test]
fn durations_are_accepted_as_they_are_written() {
    let crd = serde_json::to_value(Crawl::crd()).unwrap();
    let spec = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    let delay = &spec["properties"]["politeness"]["properties"]["delay"];
    let pattern = regex::Regex::new(delay["pattern"].as_str().unwrap()).unwrap();
    for written in ["0s", "20ms", "1500ms", "1s", "90s", "1h30m"] {
        let read: crawl_crds::Duration = written.parse().unwrap();
        let again = serde_json::to_value(read).unwrap();
        assert!(pattern.is_match(again.as_str().unwrap()), "{written} becomes {again}");
    }
    assert!(!pattern.is_match("-1s") && !pattern.is_match("1") && !pattern.is_match(""));
}
