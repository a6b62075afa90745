//! krew's manifest is YAML that names this program.
#![allow(clippy::unwrap_used)]

#[test]
fn the_manifest_of_krew_names_this_program() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/krew.yaml")).unwrap();
    let manifest: serde_json::Value =
        serde_saphyr::from_str(&text.replace("{version}", env!("CARGO_PKG_VERSION"))).unwrap();
    assert_eq!((manifest["kind"].as_str(), manifest["metadata"]["name"].as_str()), (Some("Plugin"), Some("crawl")));
    for platform in manifest["spec"]["platforms"].as_array().unwrap() {
        assert_eq!(platform["bin"], "kubectl-crawl");
        let arch = platform["selector"]["matchLabels"]["arch"].as_str().unwrap();
        let uri = platform["uri"].as_str().unwrap();
        assert!(uri.ends_with(&format!("/v{}/kubectl-crawl-linux-{arch}.tar.gz", env!("CARGO_PKG_VERSION"))), "{uri}");
    }
}
