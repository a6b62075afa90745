#![allow(clippy::unwrap_used, clippy::panic)]

use clap::FromArgMatches;

use super::*;

#[test]
fn the_command_line_is_consistent() {
    command().debug_assert();
}

/// The commands of a help text: what follows `kubectl crawl` up to where a shell would do something else.
fn examples(help: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let help = help.replace(" |\n    kubectl crawl", " |\n  kubectl crawl");
    for line in help.lines().filter(|line| line.starts_with("  ") && !line.trim_start().starts_with('#')) {
        for part in line.split("kubectl crawl ").skip(1) {
            let end = part.find([')', '|', '>', ';']).filter(|_| !part.contains('\'')).unwrap_or(part.len());
            let piped = part.contains("xargs");
            let part = part[..end].split(" && ").next().unwrap().split(" <").next().unwrap();
            // xargs adds what stands at the end.
            found.push(
                words(part)
                    .into_iter()
                    .chain((line.contains("xargs") && !piped).then(|| "http://a/".to_owned()))
                    .collect(),
            );
        }
    }
    found
}

/// As a shell splits a line, as far as the examples go.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' | '|' | '>' if !quoted => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            other => word.push(other),
        }
        if matches!(letter, '|' | '>') && !quoted {
            return words;
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// Every example of every help text is a command line that is understood.
#[test]
fn examples_are_understood() {
    let mut count = 0;
    let mut whole = command();
    whole.build();
    let subs: Vec<_> =
        whole.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help").cloned().collect();
    for mut sub in subs.into_iter().chain([command()]) {
        for example in examples(&sub.render_long_help().to_string()) {
            count += 1;
            let line = std::iter::once("kubectl-crawl".to_owned()).chain(example.clone());
            let matches = command().try_get_matches_from(line).unwrap_or_else(|error| panic!("{example:?}: {error}"));
            Cli::from_arg_matches(&matches).unwrap_or_else(|error| panic!("{example:?}: {error}"));
        }
    }
    assert!(count > 30, "{count}");
}
