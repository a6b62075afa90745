//! The binary as the chart starts it: by environment alone. It needs no cluster; that it gets as far as looking for one
//! shows that the arguments were understood.
#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

fn started(environment: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crawl-operator"))
        .args(arguments)
        .env_clear()
        .env("HOME", "/nonexistent")
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

const OPERATOR: [(&str, &str); 5] = [
    ("AMQP_HOST", "rabbitmq"),
    ("AMQP_PASSWORD_FILE", "/nonexistent"),
    ("AMQP_TLS", "false"),
    ("POD_NAME", "operator-0"),
    ("POD_NAMESPACE", "crawl-system"),
];

#[test]
fn the_environment_of_the_chart_is_enough() {
    for arguments in [&[][..], &["bootstrap", "--prefix", "crawl"]] {
        let output = started(&OPERATOR, arguments);
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(log.contains("cannot find the Kubernetes API"), "{arguments:?}: {log}");
        assert!(log.contains("failed to infer config"), "the cause is not told: {log}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn what_is_missing_is_named() {
    let output = started(&[], &[]);
    let usage = String::from_utf8_lossy(&output.stderr);
    assert!(usage.contains("--amqp-host") && usage.contains("--identity"), "{usage}");
    assert_eq!(output.status.code(), Some(2));
}
