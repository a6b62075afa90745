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
