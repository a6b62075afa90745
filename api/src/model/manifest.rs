//! A crawl as `kubectl apply` takes it: what a person would have written, and nothing that the cluster added.

use std::collections::BTreeMap;

use crawl_crds::{Crawl, CrawlSpec};
use kube::{Resource as _, ResourceExt as _};
use serde::Serialize;

/// What kubectl adds to what it applies.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    api_version: String,
    kind: String,
    metadata: Metadata<'a>,
    spec: &'a CrawlSpec,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
}

/// The manifest, as YAML.
///
/// # Errors
/// When it cannot be written.
pub fn manifest(crawl: &Crawl) -> Result<String, serde_saphyr::ser::Error> {
    serde_saphyr::to_string(&Manifest {
        api_version: Crawl::api_version(&()).into_owned(),
        kind: Crawl::kind(&()).into_owned(),
        metadata: Metadata {
            name: crawl.name_any(),
            namespace: crawl.namespace(),
            labels: borrowed(crawl.labels()),
            annotations: borrowed(crawl.annotations()),
        },
        spec: &crawl.spec,
    })
}

fn borrowed(map: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
    map.iter().map(|(key, value)| (key.as_str(), value.as_str())).filter(|(key, _)| *key != LAST_APPLIED).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        for hostile in [
            "no",
            "1e3",
            "null",
            "~",
            "0x10",
            "a: b",
            "- a",
            "#x",
            "*",
            "&a",
            "!t",
            "%",
            "'",
            "\"",
            " a",
            "2026-01-01",
            "a\nb",
            "=",
            "0o7",
            "1_000",
            ".inf",
            "<<",
            "@a",
            "`",
        ] {
            let given = json!({
                "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl",
                "metadata": {
                    "name": "a", "namespace": "web", "labels": {"team": hostile}, "uid": "1", "managedFields": [],
                    "annotations": {LAST_APPLIED: "{}", "note": hostile},
                },
                "spec": {"seeds": ["https://example.com/"], "scope": {"exclude": [hostile]}, "urls": {"ignoreParameters": [hostile]}},
                "status": {"phase": "Running"},
            });
            let crawl: Crawl = serde_json::from_value(given).unwrap();
            let text = manifest(&crawl).unwrap();
            let read: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
            assert_eq!(
                read["metadata"],
                json!({"name": "a", "namespace": "web", "labels": {"team": hostile}, "annotations": {"note": hostile}}),
                "{text}"
            );
            assert_eq!(read["spec"], serde_json::to_value(&crawl.spec).unwrap(), "{text}");
            assert!(read.get("status").is_none(), "{text}");
        }
    }
}
