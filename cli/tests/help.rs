//! Every help text is a file in `help/`, so that a change of it is seen where it is read. `UPDATE=1` writes them.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path, process::Command};

const COMMANDS: [&str; 20] = [
    "",
    "create",
    "list",
    "status",
    "watch",
    "results",
    "broken",
    "explain",
    "suspend",
    "resume",
    "cancel",
    "set-limit",
    "delete",
    "ui",
    "version",
    "local",
    "robots",
    "url",
    "completion",
    "man",
];

fn help(command: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_kubectl-crawl"));
    program.args(Some(command).filter(|command| !command.is_empty())).arg("--help");
    let output = program.env("COLUMNS", "100").env_remove("CRAWL_OPERATOR_NAMESPACE").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{command}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_texts_are_as_they_were_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help");
    let mut different = Vec::new();
    for command in COMMANDS {
        let file = folder.join(if command.is_empty() { "crawl.txt".to_owned() } else { format!("{command}.txt") });
        let now = help(command);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, now).unwrap();
        } else if fs::read_to_string(&file).unwrap_or_default() != now {
            different.push(file);
        }
    }
    assert!(
        different.is_empty(),
        "{different:?}: look at them with UPDATE=1 cargo test -p kubectl-crawl --test help; git diff"
    );
}

/// A command that is new has a help text as well.
#[test]
fn no_command_is_forgotten() {
    let listed = help("");
    let commands = listed.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> =
        commands.filter(|line| !line.starts_with("     ")).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(COMMANDS.contains(&name), "{name} is not in COMMANDS");
    }
}
