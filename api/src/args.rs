//! The command line. Only this module reads the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use crawl_broker::{BrokerConfig, Password};

/// What may be done without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Anonymous {
    /// Nothing.
    None,
    /// Look at crawls and their results.
    View,
    /// Also create, change and delete crawls, with the rights of the api's own account.
    Edit,
}

impl Anonymous {
    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::View => "view",
            Self::Edit => "edit",
        }
    }
}

/// The HTTP API of crawl-operator, and its user interface.
#[derive(Clone, Debug, Parser)]
#[command(name = "crawl-api", version)]
pub struct Args {
    /// Where the API and the user interface are served.
    #[arg(long, env = "LISTEN", default_value = "0.0.0.0:8000")]
    pub listen: SocketAddr,
    /// Where /livez, /readyz and /metrics are served.
    #[arg(long, env = "ADMIN_ADDRESS", default_value = "0.0.0.0:8080")]
    pub admin_address: SocketAddr,
    /// Host of the RabbitMQ broker.
    #[arg(long, env = "AMQP_HOST", default_value = "localhost")]
    pub amqp_host: String,
    /// Its port; by default 5672, or 5671 with TLS.
    #[arg(long, env = "AMQP_PORT")]
    pub amqp_port: Option<u16>,
    /// Its virtual host.
    #[arg(long, env = "AMQP_VHOST", default_value = "crawl")]
    pub amqp_vhost: String,
    /// The broker's user that may only read logs.
    #[arg(long, env = "AMQP_USERNAME", default_value = "crawl-api")]
    pub amqp_username: String,
    /// File that holds the user's password; read again at each connection.
    #[arg(long, env = "AMQP_PASSWORD_FILE")]
    pub amqp_password_file: PathBuf,
    /// Speak AMQP over TLS.
    #[arg(long, env = "AMQP_TLS", default_value_t = false, action = clap::ArgAction::Set, num_args = 0..=1,
          default_missing_value = "true")]
    pub amqp_tls: bool,
    /// PEM file of certificates to trust besides the public ones.
    #[arg(long, env = "AMQP_CA_FILE")]
    pub amqp_ca_file: Option<PathBuf>,
    /// The namespace of /crawls, and the one that the user interface begins with.
    #[arg(long, env = "NAMESPACE", default_value = "default")]
    pub namespace: String,
    /// What may be done without a token.
    #[arg(long, env = "ANONYMOUS", value_enum, default_value_t = Anonymous::None)]
    pub anonymous: Anonymous,
    /// Namespaces whose Crawls are shown, separated by commas; none means all.
    #[arg(long, env = "WATCH_NAMESPACES", value_delimiter = ',')]
    pub watch_namespaces: Vec<String>,
    /// The operator keeps to CrawlPolicies, so results are read under them. false: no policy holds.
    #[arg(long, env = "POLICIES", default_value_t = true, action = clap::ArgAction::Set)]
    pub policies: bool,
    /// MiB of memory for the results of all crawls that are being looked at.
    #[arg(long, env = "VIEW_MEMORY", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub view_memory: u32,
    /// Host names by which the API is reached, separated by commas, such as crawl.example.com.
    #[arg(long, env = "ALLOWED_HOSTS", value_delimiter = ',')]
    pub allowed_hosts: Vec<String>,
    /// What is logged; a filter of tracing-subscriber.
    #[arg(long, env = "LOG", default_value = "info,lapin=off")]
    pub log_filter: String,
    /// Log lines for people instead of JSON.
    #[arg(long, env = "LOG_TEXT", default_value_t = false, action = clap::ArgAction::Set, num_args = 0..=1,
          default_missing_value = "true")]
    pub log_text: bool,
}

impl Args {
    /// How to reach the broker, with the password as the file has it now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn broker(&self) -> std::io::Result<BrokerConfig> {
        Ok(BrokerConfig {
            host: self.amqp_host.clone(),
            port: self.amqp_port.unwrap_or(if self.amqp_tls { 5671 } else { 5672 }),
            vhost: self.amqp_vhost.clone(),
            username: self.amqp_username.clone(),
            password: Password::new(std::fs::read_to_string(&self.amqp_password_file)?),
            tls: self.amqp_tls,
            ca_file: self.amqp_ca_file.clone(),
        })
    }

    /// The namespaces to watch; empty means all. A variable that is set but empty means all, too.
    #[must_use]
    pub fn namespaces(&self) -> Vec<String> {
        words(&self.watch_namespaces)
    }

    /// The host names by which the API is reached.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        words(&self.allowed_hosts)
    }
}

fn words(given: &[String]) -> Vec<String> {
    given.iter().map(|word| word.trim()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parse(more: &[&str]) -> Result<Args, clap::Error> {
        Args::try_parse_from(["crawl-api", "--amqp-password-file=/x"].iter().chain(more))
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn nothing_is_allowed_without_a_token_unless_it_is_said() {
        for (more, expected) in [(&[][..], Anonymous::None), (&["--anonymous=view"], Anonymous::View)] {
            assert_eq!(parse(more).unwrap().anonymous, expected);
        }
        assert!(parse(&["--anonymous=all"]).is_err());
        assert!(parse(&["--view-memory=0"]).is_err());
    }

    #[test]
    fn lists_may_be_empty_and_hold_spaces() {
        let args = parse(&["--watch-namespaces=", "--allowed-hosts=a.example, b.example"]).unwrap();
        assert!(args.namespaces().is_empty());
        assert_eq!(args.hosts(), ["a.example", "b.example"]);
    }
}
