//! What the CEL rules of a CrawlPolicy take and refuse. The regular expressions in them are RE2, which `regex` reads as well;
//! that the API server can bear their cost was seen on a real one.
#![allow(clippy::unwrap_used)]

use crawl_crds::CrawlPolicy;
use kube::CustomResourceExt;
use regex::Regex;
use serde_json::Value;

/// The regular expressions in the rule of a field.
fn patterns(field: &Value) -> Vec<Regex> {
    let rule = field["x-kubernetes-validations"][0]["rule"].as_str().unwrap();
    let quoted = rule.split('\'').filter(|part| part.starts_with('^'));
    quoted.map(|pattern| Regex::new(pattern).unwrap()).collect()
}

fn check(field: &str, taken: &[&str], refused: &[&str]) {
    let crd = serde_json::to_value(CrawlPolicy::crd()).unwrap();
    let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    let patterns = patterns(schema.pointer(&format!("/properties/spec/properties/{field}")).unwrap());
    assert!(!patterns.is_empty());
    let takes = |text: &str| patterns.iter().any(|pattern| pattern.is_match(text));
    for text in taken {
        assert!(takes(text), "{text} is refused");
    }
    for text in refused {
        assert!(!takes(text), "{text} is taken");
    }
}

#[test]
fn namespaces_are_names_or_their_beginning() {
    let taken = ["a", "team-a", "9", "*", "t*", "team-*", "team-a*"];
    check("namespaces", &taken, &["", "Team", "-a", "a-", "*-a", "a*b", "a**", "a.b", "a b"]);
}

#[test]
fn patterns_are_host_names() {
    let taken = ["*", "example.com", "*.example.com", "localhost", "10.0.0.1", "xn--strae-oqa.de", "a_b.example.com"];
    let refused =
        ["", "Example.com", "*example.com", "www.*", "*.", ".example.com", "example.com.", "a:80", "http://a", "a/b"];
    check("hosts/items/properties/pattern", &taken, &refused);
}

#[test]
fn ranges_are_what_the_standard_library_reads() {
    let taken = ["10.0.0.0/8", "0.0.0.0/0", "192.168.1.7/32", "fd00::/8", "::/0", "::1/128", "2001:db8:0:1:2:3:4:5/64"];
    for range in taken {
        let (address, _) = range.split_once('/').unwrap();
        address.parse::<std::net::IpAddr>().unwrap();
    }
    let refused = [
        "10.0.0.0",
        "10.0.0/8",
        "256.0.0.0/8",
        "10.0.0.0/33",
        "010.0.0.0/8",
        "fd00::1::/8",
        "fd00::/129",
        "FD00::/8",
        "1:2:3/8",
        "all",
    ];
    check("allowAddresses", &taken, &refused);
}

/// What a newer version may write must not pass for what this one knows.
#[test]
fn words_of_another_version_are_not_read() {
    let read = |spec: &str| {
        let yaml = format!(
            "{{apiVersion: crawl-operator.io/v1alpha1, kind: CrawlPolicy, metadata: {{name: p}}, spec: {spec}}}"
        );
        serde_yaml::from_str::<CrawlPolicy>(&yaml)
    };
    assert!(read("{}").is_ok());
    assert!(read("{robots: MustNotEvenAsk}").is_err());
    assert!(read("{maxLinks: many}").is_err());
}
