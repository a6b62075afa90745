//! The committed YAML is the one the types make.
#![allow(clippy::unwrap_used)]

use kube::CustomResourceExt;

const COMMITTED: &str = include_str!("../generated/crawls.yaml");

#[test]
fn generated_yaml_is_up_to_date() {
    assert!(
        COMMITTED == crawl_crds::yaml::crawl_crd().unwrap(),
        "crds/generated/crawls.yaml has drifted from the types: run `make generate`"
    );
}

#[test]
fn yaml_reads_back_as_the_same_definition() {
    let read: serde_json::Value = serde_yaml::from_str(COMMITTED).unwrap();
    assert_eq!(read, serde_json::to_value(crawl_crds::Crawl::crd()).unwrap());
}

#[test]
fn client_side_apply_can_carry_it() {
    assert!(COMMITTED.len() < 200_000, "the last-applied annotation holds at most 262,144 bytes");
}

/// What a client of ours reads and writes again must pass admission: zero is written as 0ns.
#[test]
fn durations_are_accepted_as_they_are_written() {
    let crd = serde_json::to_value(crawl_crds::Crawl::crd()).unwrap();
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
