//! `kubectl-crawl robots` as a user runs it.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const ROBOTS: &str = "# for all\nUser-agent: *\nDisallow:\t/private # not yours\nAllow: /private/open\n\nUser-agent: \
                      crawl-operator\nDisallow: /only-us\n\nUser-agent: GoogleBot/2.1\nDisallow: /\n";

/// Runs the command with `ROBOTS` on its standard input.
fn robots(args: &[&str]) -> Output {
    with_input(ROBOTS, args)
}

fn with_input(input: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-crawl"));
    let command = command.arg("robots").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Whoever refuses its arguments has not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_line_for_each_url_says_what_holds_and_why() {
    let urls = [
        "https://example.com/private/x",
        "https://example.com/private/open?a=b",
        "HTTPS://example.com",
        "https://example.com/robots.txt",
        "https://example.com/%70rivate#x",
    ];
    let output =
        robots(&[&["--file", "-", "--user-agent", "another/1.0 (+https://another.example)"], &urls[..]].concat());
    let expected = [
        "disallow\t3: Disallow: /private # not yours\thttps://example.com/private/x",
        "allow\t4: Allow: /private/open\thttps://example.com/private/open?a=b",
        "allow\t-\tHTTPS://example.com",
        "allow\t-\thttps://example.com/robots.txt",
        "disallow\t3: Disallow: /private # not yours\thttps://example.com/%70rivate#x",
    ];
    assert_eq!(stdout(&output), expected.map(|line| format!("{line}\n")).concat());
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn the_agent_is_ours_a_header_or_a_token() {
    let url = "https://example.com/only-us";
    for (agent, expected) in [
        (&[][..], "disallow\t7: Disallow: /only-us"),
        (&["--user-agent", "CRAWL-OPERATOR"], "disallow\t7: Disallow: /only-us"),
        (&["--user-agent", "googlebot"], "disallow\t10: Disallow: /"),
        (&["--user-agent", "Googlebot/2.1 (+http://www.google.com/bot.html)"], "disallow\t10: Disallow: /"),
        (&["--user-agent", "googlebot-news"], "allow\t-"),
    ] {
        let output = robots(&[agent, &["-f", "-", url]].concat());
        assert_eq!(stdout(&output), format!("{expected}\t{url}\n"), "{agent:?}");
    }
}

#[test]
fn a_file_is_read_by_its_name() {
    let file = std::env::temp_dir().join(format!("robots-{}.txt", std::process::id()));
    std::fs::write(
        &file,
        [b"\xEF\xBB\xBFuser-agent: *\r\ndisallow: /caf\xE9\x1B[2J\r\n".to_vec(), vec![b'\n'; 3 << 20]].concat(),
    )
    .unwrap();
    let output =
        robots(&["--file", file.to_str().unwrap(), "https://example.com/", "https://example.com/caf%E9%1B[2J"]);
    std::fs::remove_file(&file).unwrap();
    let expected = "allow\t-\thttps://example.com/\n\
        disallow\t2: disallow: /caf\u{FFFD} [2J\thttps://example.com/caf%E9%1B[2J\n";
    assert_eq!(stdout(&output), expected);
}

#[test]
fn wrong_usage_is_told_and_nothing_is_printed() {
    for (args, words) in [
        (&["--file", "-", "https://example.com/", "ftp://example.com/"][..], "ftp://example.com/: not an http://"),
        (&["--file", "-", "/private"], "/private: not an http://"),
        (&["--file", "-", "https://"], "https://: not an http://"),
        (&["--file", "/no/such/robots.txt", "https://example.com/"], "cannot read /no/such/robots.txt"),
        (&["--file", "-"], "<URL>"),
        (&["https://example.com/"], "--file <FILE>"),
    ] {
        let output = robots(args);
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {talk}");
        assert!(talk.contains(words), "{args:?}: {talk}");
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn an_empty_file_allows_everything() {
    let output = with_input("", &["--file", "-", "http://example.com:8080/a"]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("allow\t-\thttp://example.com:8080/a\n", Some(0)));
}
