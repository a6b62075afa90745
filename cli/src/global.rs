//! Options of every command that talks to a cluster, named as kubectl's.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command};
use clap_complete::ArgValueCandidates;

use crate::cluster::namespace_names;

/// Options of every command that talks to a cluster.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Options of all commands")]
pub(crate) struct Global {
    /// The namespace of the Crawls; else that of the context
    #[arg(short, long, global = true, value_name = "NAME", add = ArgValueCandidates::new(namespace_names))]
    pub(crate) namespace: Option<String>,

    /// The context of the kubeconfig
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) context: Option<String>,

    /// The kubeconfig; else KUBECONFIG, else ~/.kube/config
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,

    /// The namespace that crawl-operator is installed in, where it cannot be found
    #[arg(long, global = true, value_name = "NAME", env = "CRAWL_OPERATOR_NAMESPACE", hide_env_values = true)]
    pub(crate) operator_namespace: Option<String>,

    /// No talk but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// What is done, and the causes of errors
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

impl Global {
    /// Says something to a person, on stderr.
    pub(crate) fn say(&self, words: &str) {
        if !self.quiet {
            eprintln!("{words}");
        }
    }

    /// Says what only those want to know who asked for it.
    pub(crate) fn detail(&self, words: impl FnOnce() -> String) {
        if self.verbose {
            eprintln!("{}", words());
        }
    }

    /// The options to repeat in a command that we tell a person to run.
    pub(crate) fn repeated(&self) -> String {
        let option = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!(" {name} {}", crate::output::quoted(value))).unwrap_or_default()
        };
        option("-n", &self.namespace) + &option("--context", &self.context)
    }
}

/// Commands that need no cluster take these options, since one writes them without thinking, and show none of them.
pub(crate) fn hidden_in(command: Command, offline: &[&'static str]) -> Command {
    offline.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |sub| {
            let taken: Vec<_> = sub.get_arguments().map(|arg| arg.get_id().to_string()).collect();
            let options = [
                ("namespace", "namespace", Some('n')),
                ("context", "context", None),
                ("kubeconfig", "kubeconfig", None),
                ("operator_namespace", "operator-namespace", None),
            ];
            let mut sub = sub;
            for (id, long, short) in options {
                if !taken.iter().any(|name| name == id) {
                    let value = if id == "kubeconfig" {
                        clap::value_parser!(PathBuf)
                    } else {
                        clap::builder::ValueParser::string()
                    };
                    let arg = Arg::new(id).long(long).hide(true).value_parser(value).global(false);
                    sub = sub.arg(if let Some(short) = short { arg.short(short) } else { arg });
                }
            }
            for (id, short) in [("quiet", 'q'), ("verbose", 'v')] {
                if !taken.iter().any(|name| name == id) {
                    sub = sub.arg(Arg::new(id).long(id).short(short).hide(true).action(ArgAction::SetTrue));
                }
            }
            sub
        })
    })
}
