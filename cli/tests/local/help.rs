//! What the help says is so.

use std::process::Output;

use crate::{
    program::{crawl, folder, program, stderr, stdout},
    site,
};

async fn run(line: &str, url: &str) -> Output {
    let line = line.replace("https://example.com/", url).replace("http://localhost:8080/", url);
    let mut args: Vec<&str> = line.split_whitespace().skip(3).collect();
    if !args.contains(&"--delay") {
        args.extend(["--delay", "0s"]);
    }
    let mut command = program(&args);
    command.current_dir(folder());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_examples_work() {
    let url = site::small().await;
    let help = stdout(&crawl(&["--help"]).await);
    let examples: Vec<&str> =
        help.lines().map(str::trim).filter(|line| line.starts_with("kubectl crawl local")).collect();
    assert!(examples.len() >= 5, "{help}");
    for example in examples {
        let output = run(example, &url).await;
        // A broken link is what --fail-on-broken is for.
        let expected = i32::from(example.contains("--fail-on-broken"));
        assert_eq!(output.status.code(), Some(expected), "{example}: {}", stderr(&output));
    }
}

#[tokio::test]
async fn the_fields_of_the_help_are_those_of_the_output() {
    let url = site::small().await;
    let help = stdout(&crawl(&["--help"]).await);
    let output = stdout(&crawl(&[&url, "--delay", "0s", "-o", "csv"]).await);
    let fields = help.split("Fields of a page").nth(1).unwrap().lines().skip(1);
    let fields: Vec<&str> = fields.map_while(|line| line.split_whitespace().next()).collect();
    assert_eq!(output.lines().next().unwrap(), fields.join(","));
}
