//! What needs no cluster, and what is said when there is none.
#![allow(clippy::unwrap_used)]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_kubectl-crawl"));
    // No test may find a cluster of whoever runs it.
    program.env("KUBECONFIG", "/nowhere/kubeconfig").env("HOME", "/nowhere").env_remove("KUBERNETES_SERVICE_HOST");
    program
}

fn run(args: &[&str]) -> Output {
    program().args(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_dry_run_prints_a_manifest_with_only_what_was_given() {
    let output = run(&[
        "create",
        "https://example.com/docs/",
        "--name",
        "docs",
        "-n",
        "team-a",
        "--max-links",
        "100",
        "--depth",
        "3",
        "--scope",
        "prefix",
        "--exclude",
        "\\.pdf$",
        "--delay",
        "500ms",
        "--dry-run=client",
        "-o",
        "yaml",
    ]);
    assert!(output.status.success(), "{}", talk(&output));
    let yaml: serde_json::Value = serde_saphyr::from_str(&out(&output)).unwrap();
    assert_eq!(
        yaml,
        serde_json::json!({
            "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl", "metadata": {"name": "docs", "namespace": "team-a"},
            "spec": {
                "seeds": ["https://example.com/docs/"], "maxLinks": 100, "maxDepth": 3, "politeness": {"delay": "500ms"},
                "scope": {"type": "Prefix", "exclude": ["\\.pdf$"]},
            },
        })
    );
    assert_eq!(
        out(&run(&["create", "https://a/", "--name", "x", "--dry-run=client", "-o", "name"])),
        "crawl.crawl-operator.io/x\n"
    );
}

#[test]
fn what_the_cluster_would_refuse_is_refused_without_it() {
    for (args, words) in [
        (
            &["example.com"][..],
            "every seed must be an absolute http:// or https:// URL, for example https://example.com/",
        ),
        (&["https://example.com/", "--max-links", "0"], "spec.maxLinks in body should be greater than or equal to 1"),
        (&["https://example.com/", "--max-depth", "-1"], "spec.maxDepth in body should be greater than or equal to 0"),
        (&["https://example.com/", "--delay", "2h"], "delay must be at most 1h"),
        (&["https://example.com/", "--exclude", "("], "must be a regular expression in RE2 syntax"),
    ] {
        let output = run(&[&["create", "--dry-run=client"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let talk = talk(&output);
        assert!(talk.contains(words) && talk.contains("\nhint: ") && out(&output).is_empty(), "{args:?}: {talk}");
    }
}

#[test]
fn without_a_cluster_it_says_what_to_do() {
    let output = run(&["list"]);
    assert_eq!(output.status.code(), Some(2));
    let words = talk(&output);
    assert!(
        words.starts_with("error: no cluster: ") && words.contains("hint: ") && words.contains("local URL"),
        "{words}"
    );

    let config = "apiVersion: v1\nkind: Config\ncontexts: [{name: kind-a, context: {cluster: a, user: a}}, {name: kind-b, context: {cluster: a, user: a}}]\n\
                  clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: a, user: {token: secret}}]\n";
    let path = file("kubeconfig-contexts", config);
    let path = path.to_str().unwrap();
    for args in [&["list", "--context", "kind-c"][..], &["list"]] {
        let words = talk(&run(&[args, &["--kubeconfig", path]].concat()));
        assert!(words.contains("contexts that it has: kind-a, kind-b"), "{words}");
    }
    let output = run(&["list", "--context", "kind-a", "--kubeconfig", path]);
    let words = talk(&output);
    assert!(
        words.contains("the cluster at https://127.0.0.1:1/ does not answer") && words.contains("kubectl cluster-info"),
        "{words}"
    );
    assert!(!words.contains("secret"), "{words}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn urls_are_judged_offline() {
    let output = run(&["url", "https://Example.com:443/a/../b#top", "https://example.com/b", "https://example.com/c"]);
    assert_eq!(
        out(&output),
        "take\t1\thttps://example.com/b\t\ntake\t1\thttps://example.com/b\t\ntake\t2\thttps://example.com/c\t\n"
    );
    let args = [
        "url",
        "--seed",
        "https://example.com/docs/",
        "--scope",
        "prefix",
        "https://example.com/docs/a",
        "https://example.com/blog",
    ];
    assert_eq!(
        out(&run(&args)),
        "take\t1\thttps://example.com/docs/a\t\nskip\t2\thttps://example.com/blog\tOutOfScope: it is out of scope\n"
    );
    let output = run(&["url", "nonsense"]);
    assert_eq!(output.status.code(), Some(2), "{}", talk(&output));
}

#[test]
fn shells_and_kubectl_complete() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let output = run(&["completion", shell]);
        assert!(output.status.success() && out(&output).contains("kubectl-crawl"), "{shell}: {}", talk(&output));
    }
    let words = out(&run(&["__complete", "s"]));
    assert!(words.contains("status\tShow what") && words.contains("set-limit\t") && words.ends_with(":4\n"), "{words}");
    let words = out(&run(&["__complete", "create", "--sco"]));
    assert!(words.contains("--scope\t"), "{words}");
    // Names need a cluster; without one nothing is suggested, and nothing breaks.
    assert_eq!(out(&run(&["__complete", "status", ""])).lines().last(), Some(":4"));
}

#[cfg(unix)]
#[test]
fn kubectls_completion_finds_a_program() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("completion");
    std::fs::create_dir_all(&folder).unwrap();
    let output = run(&["completion", "install", "--folder", folder.to_str().unwrap()]);
    assert!(output.status.success(), "{}", talk(&output));
    let answer = Command::new(folder.join("kubectl_complete-crawl")).args(["res"]).output().unwrap();
    assert!(out(&answer).starts_with("results\t"), "{}", out(&answer));
    let output = run(&["completion", "install", "--folder", "/nowhere/at/all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(talk(&output).contains("hint: name a folder"), "{}", talk(&output));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("man");
    assert!(run(&["man", folder.to_str().unwrap()]).status.success());
    for page in ["kubectl-crawl.1", "kubectl-crawl-create.1", "kubectl-crawl-results.1"] {
        assert!(std::fs::read_to_string(folder.join(page)).unwrap().contains(".SH"), "{page}");
    }
}

#[test]
fn nothing_is_coloured_in_a_pipe_and_quiet_is_quiet() {
    let output = run(&["create", "https://a/", "--name", "x", "--dry-run=client"]);
    assert_eq!(out(&output), "crawl.crawl-operator.io/x created (dry run)\n");
    assert!(!talk(&output).contains('\u{1b}'));
    assert!(talk(&run(&["list", "-q"])).starts_with("error: "), "errors are told even so");
}
