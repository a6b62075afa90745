//! Every sample is what it says it is, and holds no field that would be dropped.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use crawl_crds::{Crawl, CrawlPolicy};
use k8s_openapi::api::core::v1::Secret;
use serde::Deserialize as _;
use serde_json::Value;

#[test]
fn samples_are_read_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/samples");
    let mut kinds = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        for document in serde_yaml::Deserializer::from_str(&std::fs::read_to_string(&path).unwrap()) {
            let written = Value::deserialize(document).unwrap();
            let kind = written["kind"].as_str().unwrap().to_owned();
            let group = if kind == "Secret" { "v1" } else { "crawl-operator.io/v1alpha1" };
            assert_eq!(written["apiVersion"], group, "{path:?}");
            let read = match kind.as_str() {
                "Crawl" => serde_json::to_value(serde_json::from_value::<Crawl>(written.clone()).unwrap()),
                "CrawlPolicy" => serde_json::to_value(serde_json::from_value::<CrawlPolicy>(written.clone()).unwrap()),
                "Secret" => serde_json::to_value(serde_json::from_value::<Secret>(written.clone()).unwrap()),
                _ => panic!("{path:?} is of another kind: {kind}"),
            };
            kept(&path.display().to_string(), &written, &read.unwrap());
            kinds.push(kind);
        }
    }
    assert!(kinds.contains(&"Crawl".to_owned()) && kinds.contains(&"CrawlPolicy".to_owned()));
}

/// Whatever was written is in what was read; values may be spelt otherwise, as 0s and 0ns.
fn kept(path: &str, written: &Value, read: &Value) {
    match written {
        Value::Object(fields) => {
            for (name, value) in fields {
                kept(&format!("{path} {name}"), value, read.get(name).unwrap_or_else(|| panic!("{path}: no {name}")));
            }
        }
        Value::Array(items) => {
            assert_eq!(Some(items.len()), read.as_array().map(Vec::len), "{path}");
            items.iter().enumerate().for_each(|(n, item)| kept(&format!("{path} {n}"), item, &read[n]));
        }
        _ => assert!(!read.is_null(), "{path}"),
    }
}
