//! What the operator is told from outside: the only reader of arguments, environment and mounted files.
//!
//! It never connects anywhere and decides nothing.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use crawl_broker::{BrokerConfig, Password};
use crawl_sealed::{Key, KeyError};

/// Runs Crawls: watches them, publishes their page tasks, reads their logs, writes their status.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    /// Something else than running the operator.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How the operator runs.
    #[command(flatten)]
    pub operator: Option<OperatorArgs>,

    /// How it logs.
    #[command(flatten)]
    pub log: LogArgs,
}

/// Something else than running the operator.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Creates the Secrets of a new installation, where they are missing.
    Bootstrap(BootstrapArgs),
}

/// How log lines look.
#[derive(Debug, ClapArgs)]
pub struct LogArgs {
    /// One JSON object a line, or text for people.
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Json, global = true)]
    pub log_format: LogFormat,

    /// What is logged, for example info or info,crawl_operator=debug. lapin is off, since it logs whole messages.
    #[arg(long, env = "RUST_LOG", default_value = "info,lapin=off", global = true)]
    pub log_filter: String,
}

/// The forms of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// How the operator runs. Flat: clap does not see that a nested group was given.
#[derive(Debug, ClapArgs)]
pub struct OperatorArgs {
    /// Host of RabbitMQ.
    #[arg(long, env = "AMQP_HOST")]
    pub amqp_host: String,

    /// Its port; 5672, or 5671 with TLS, when absent.
    #[arg(long, env = "AMQP_PORT")]
    pub amqp_port: Option<u16>,

    /// Virtual host.
    #[arg(long, env = "AMQP_VHOST", default_value = "crawl")]
    pub amqp_vhost: String,

    /// User.
    #[arg(long, env = "AMQP_USERNAME", default_value = "crawl-operator")]
    pub amqp_username: String,

    /// File that holds the password, as a mounted Secret does.
    #[arg(long, env = "AMQP_PASSWORD_FILE")]
    pub amqp_password_file: PathBuf,

    /// Speak amqps.
    #[arg(long, env = "AMQP_TLS", num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub amqp_tls: bool,

    /// PEM file of certificates to trust besides the public ones.
    #[arg(long, env = "AMQP_CA_FILE")]
    pub amqp_ca_file: Option<PathBuf>,

    /// File that holds the key of sealed headers, the workers' own. Without it, no Crawl with spec.fetch.headersFrom runs.
    #[arg(long, env = "TASK_KEY_FILE")]
    pub task_key_file: Option<PathBuf>,

    /// Where /livez, /readyz and /metrics are served.
    #[arg(long, env = "ADMIN_ADDRESS", default_value = "0.0.0.0:8080")]
    pub admin_address: SocketAddr,

    /// Name of the Lease by which one operator leads.
    #[arg(long, env = "LEASE_NAME", default_value = "crawl-operator")]
    pub lease_name: String,

    /// Namespace of the Lease: the operator's own.
    #[arg(long, env = "POD_NAMESPACE", default_value = "default")]
    pub namespace: String,

    /// Who this operator is in the Lease and in Events: the Pod's name.
    #[arg(long, env = "POD_NAME")]
    pub identity: String,

    /// The operator's ServiceAccount: whom people are told to give the right to read a Secret.
    #[arg(long, env = "SERVICE_ACCOUNT", default_value = "crawl-operator")]
    pub service_account: String,

    /// Namespaces whose Crawls are run, separated by commas; none means all.
    #[arg(long, env = "WATCH_NAMESPACES", value_delimiter = ',')]
    pub watch_namespaces: Vec<String>,

    /// Keep to the CrawlPolicies of the cluster; until they can be read no crawl runs. false: no policy holds.
    #[arg(long, env = "POLICIES", default_value_t = true, action = clap::ArgAction::Set)]
    pub policies: bool,

    /// How many crawls have an open log at the same time; further ones wait in order.
    #[arg(long, env = "MAX_OPEN_CRAWLS", default_value = "200", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub max_open_crawls: u16,
}

/// What a new installation is called.
#[derive(Debug, ClapArgs)]
pub struct BootstrapArgs {
    /// What the names of the Secrets begin with.
    #[arg(long)]
    pub prefix: String,

    /// Where the Secrets are created.
    #[arg(long, env = "POD_NAMESPACE")]
    pub namespace: String,

    /// Make the users of RabbitMQ. false where they are somebody else's.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pub broker_users: bool,

    /// Make the key of sealed headers. false where there is one.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pub task_key: bool,

    /// Make the cookie of RabbitMQ's nodes. true where there are several and it is not somebody else's.
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set)]
    pub erlang_cookie: bool,

    /// Virtual host that the definitions create.
    #[arg(long, default_value = "crawl")]
    pub vhost: String,
}

/// A mounted file that is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("cannot read the file {}", path.display())]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// It should hold the task key.
    #[error("{}", path.display())]
    NoKey {
        /// Its path.
        path: PathBuf,
        /// What it holds.
        #[source]
        source: KeyError,
    },
}

fn read(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(|source| FileError::Unreadable { path: path.to_owned(), source })
}

impl OperatorArgs {
    /// What the broker crate wants to know.
    ///
    /// # Errors
    /// When the password file cannot be read.
    pub fn broker(&self) -> Result<BrokerConfig, FileError> {
        let password = read(&self.amqp_password_file)?;
        Ok(BrokerConfig {
            host: self.amqp_host.clone(),
            port: self.amqp_port.unwrap_or(if self.amqp_tls { 5671 } else { 5672 }),
            vhost: self.amqp_vhost.clone(),
            username: self.amqp_username.clone(),
            password: Password::new(password),
            tls: self.amqp_tls,
            ca_file: self.amqp_ca_file.clone(),
        })
    }

    /// The key of sealed headers, where there is one.
    ///
    /// # Errors
    /// When its file cannot be read or holds no key.
    pub fn task_key(&self) -> Result<Option<Arc<Key>>, FileError> {
        let Some(path) = &self.task_key_file else { return Ok(None) };
        let key = Key::from_text(&read(path)?).map_err(|source| FileError::NoKey { path: path.clone(), source })?;
        Ok(Some(Arc::new(key)))
    }

    /// The namespaces to watch; empty means all. A variable that is set but empty means all, too.
    #[must_use]
    pub fn namespaces(&self) -> Vec<String> {
        self.watch_namespaces
            .iter()
            .map(|name| name.trim())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    const RUN: [&str; 7] =
        ["crawl-operator", "--amqp-host", "rabbitmq", "--amqp-password-file", "/secret", "--identity", "pod-1"];

    fn parse(more: &[&str]) -> Args {
        Args::try_parse_from(RUN.iter().chain(more)).unwrap()
    }

    #[test]
    fn the_least_that_must_be_said_is_enough() {
        let args = parse(&[]).operator.unwrap();
        assert_eq!(args.max_open_crawls, 200);
        assert_eq!(args.amqp_vhost, "crawl");
        assert!(args.namespaces().is_empty());
    }

    #[test]
    fn an_empty_list_of_namespaces_means_all() {
        assert!(parse(&["--watch-namespaces", ""]).operator.unwrap().namespaces().is_empty());
        assert_eq!(parse(&["--watch-namespaces", "a, b"]).operator.unwrap().namespaces(), ["a", "b"]);
    }

    #[test]
    fn tls_is_a_flag_and_a_value() {
        for (more, tls) in [(&[][..], false), (&["--amqp-tls"], true), (&["--amqp-tls", "false"], false)] {
            assert_eq!(parse(more).operator.unwrap().amqp_tls, tls, "{more:?}");
        }
    }

    #[test]
    fn policies_hold_unless_they_are_given_up() {
        for (more, hold) in [(&[][..], true), (&["--policies", "true"], true), (&["--policies=false"], false)] {
            assert_eq!(parse(more).operator.unwrap().policies, hold, "{more:?}");
        }
    }

    #[test]
    fn bootstrap_asks_nothing_of_the_broker() {
        let args = Args::try_parse_from(["crawl-operator", "bootstrap", "--prefix", "crawl", "--namespace", "crawl"]);
        let Some(Command::Bootstrap(bootstrap)) = args.unwrap().command else { panic!("no bootstrap") };
        assert_eq!((bootstrap.prefix.as_str(), bootstrap.vhost.as_str()), ("crawl", "crawl"));
        assert!(bootstrap.broker_users && bootstrap.task_key && !bootstrap.erlang_cookie);
    }

    #[test]
    fn the_operator_says_what_it_misses() {
        let error = Args::try_parse_from(["crawl-operator"]).unwrap_err().to_string();
        assert!(error.contains("--amqp-host"), "{error}");
    }
}
