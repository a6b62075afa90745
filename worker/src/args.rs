//! The command line. Only this module reads the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use crawl_broker::{BrokerConfig, Password};
use crawl_sealed::Key;
use ipnet::IpNet;

use crate::FetcherConfig;
use crate::fetch::{BODY_MEMORY_MIB, Proxy, ProxyError, read_roots};

/// Fetches pages for crawl-operator.
#[derive(Clone, Debug, Parser)]
#[command(name = "crawl-worker", version)]
pub struct Args {
    /// Host of the RabbitMQ broker.
    #[arg(long, env = "AMQP_HOST", default_value = "localhost")]
    pub amqp_host: String,
    /// Its port; by default 5672, or 5671 with TLS.
    #[arg(long, env = "AMQP_PORT")]
    pub amqp_port: Option<u16>,
    /// Its virtual host.
    #[arg(long, env = "AMQP_VHOST", default_value = "crawl")]
    pub amqp_vhost: String,
    /// The broker's user for workers.
    #[arg(long, env = "AMQP_USERNAME", default_value = "worker")]
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
    /// The pool whose tasks this worker takes.
    #[arg(long, env = "POOL", default_value = "default")]
    pub pool: String,
    /// Pages fetched at the same time.
    #[arg(long, env = "CONCURRENCY", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub concurrency: u16,
    /// Range of private addresses that may be crawled; may be repeated.
    #[arg(long = "allow-address", env = "ALLOW_ADDRESS", value_name = "CIDR", value_delimiter = ',')]
    pub allow_addresses: Vec<IpNet>,
    /// MiB of memory for all large bodies together, and the most that is read of one, whatever its crawl allows.
    #[arg(long, env = "BODY_MEMORY", default_value_t = BODY_MEMORY_MIB,
          value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub body_memory: u16,
    /// PEM file of certificates that are trusted for pages besides the public ones; read at the start.
    #[arg(long, env = "CA_FILE")]
    pub ca_file: Option<PathBuf>,
    /// Proxy for all pages, such as http://proxy.example:3128; also https:// and socks5://. One in HTTP_PROXY is not used.
    // Neither shown nor read by clap: who puts a password here by mistake must not find it in a log.
    #[arg(long = "proxy", env = "PROXY_URL", hide_env_values = true, value_name = "URL")]
    pub proxy_url: Option<String>,
    /// File that holds user:password for the proxy; read at the start.
    #[arg(long, env = "PROXY_CREDENTIALS_FILE", requires = "proxy_url")]
    pub proxy_credentials_file: Option<PathBuf>,
    /// Host, with all names below it, or range of addresses that goes past the proxy; may be repeated.
    #[arg(long, env = "PROXY_BYPASS", value_name = "HOST|CIDR", value_delimiter = ',', requires = "proxy_url")]
    pub proxy_bypass: Vec<String>,
    /// Leave looking names up to the proxy, and trust it alone to refuse private addresses.
    #[arg(long, env = "PROXY_RESOLVES", default_value_t = false, action = clap::ArgAction::Set, num_args = 0..=1,
          default_missing_value = "true")]
    pub proxy_resolves: bool,
    /// File that holds the key of sealed headers, the operator's own. Without it, tasks that bring some fail. Read at the start.
    #[arg(long, env = "TASK_KEY_FILE")]
    pub task_key_file: Option<PathBuf>,
    /// Where /livez, /readyz and /metrics are served.
    #[arg(long, env = "ADMIN_ADDRESS", default_value = "0.0.0.0:8080")]
    pub admin_address: SocketAddr,
    /// How long running fetches may go on after SIGTERM, such as 25s.
    #[arg(long, env = "GRACE_PERIOD", default_value = "25s", value_parser = seconds)]
    pub grace_period: Duration,
    /// What is logged; a filter of tracing-subscriber. Message bodies are kept out of the log by lapin's own being off.
    #[arg(long, env = "LOG", default_value = "info,lapin=off")]
    pub log: String,
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
            password: password(&self.amqp_password_file)?,
            tls: self.amqp_tls,
            ca_file: self.amqp_ca_file.clone(),
        })
    }

    /// What may be reached, who is trusted, by what way, and the key that opens what tasks bring.
    ///
    /// # Errors
    /// When a file cannot be used, or the proxy.
    pub fn fetcher(&self) -> anyhow::Result<FetcherConfig> {
        let roots = self.ca_file.as_deref().map(read_roots).transpose()?.unwrap_or_default();
        let proxy = self.proxy_url.as_deref().filter(|url| !url.is_empty()).map(|url| self.proxy(url)).transpose()?;
        let task_key = self.task_key_file.as_deref().map(task_key).transpose()?;
        Ok(FetcherConfig {
            allow: self.allow_addresses.clone(),
            body_memory: usize::from(self.body_memory) * 1024 * 1024,
            roots,
            proxy,
            task_key,
            ..FetcherConfig::default()
        })
    }

    fn proxy(&self, url: &str) -> Result<Proxy, ProxyError> {
        let proxy = Proxy::new(url)?.direct(&self.proxy_bypass)?.resolves(self.proxy_resolves);
        match &self.proxy_credentials_file {
            Some(file) => proxy.credentials_file(file),
            None => Ok(proxy),
        }
    }
}

fn task_key(file: &Path) -> anyhow::Result<Arc<Key>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read the task key in {}", file.display()))?;
    Ok(Arc::new(Key::from_text(&text).with_context(|| file.display().to_string())?))
}

fn password(file: &Path) -> std::io::Result<Password> {
    std::fs::read_to_string(file).map(Password::new)
}

/// Reads `25s` or `25`.
fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('s').unwrap_or(text);
    number.parse().map(Duration::from_secs).map_err(|_| format!("{text:?} is not a number of seconds, such as 25s"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn ranges_come_one_by_one_or_in_one_list() {
        let args = [
            "crawl-worker",
            "--amqp-password-file=/x",
            "--allow-address=10.0.0.0/8,fd00::/8",
            "--allow-address=127.0.0.1/32",
        ];
        let args = Args::try_parse_from(args).unwrap();
        assert_eq!(args.allow_addresses.len(), 3);
        assert_eq!((args.concurrency, args.grace_period), (16, Duration::from_secs(25)));
    }

    fn parsed(more: &[&str]) -> Result<Args, clap::Error> {
        Args::try_parse_from(["crawl-worker", "--amqp-password-file=/x"].iter().chain(more))
    }

    #[test]
    fn a_file_or_a_proxy_that_is_of_no_use_is_said_at_the_start() {
        for (wrong, expected) in [
            (&["--ca-file=/nowhere/ca.pem"][..], "cannot read certificates from /nowhere/ca.pem"),
            (&["--proxy=proxy:3128"], "the proxy's URL must begin with"),
            (&["--proxy=http://u:secret@proxy"], "belong into a file"),
            (&["--proxy=http://proxy", "--proxy-credentials-file=/nowhere/p"], "credentials from /nowhere/p"),
            (&["--proxy=http://proxy", "--proxy-bypass=a,b c"], "\"b c\" goes past the proxy"),
        ] {
            let error = format!("{:#}", parsed(wrong).unwrap().fetcher().unwrap_err());
            assert!(error.contains(expected) && !error.contains("secret"), "{error}");
        }
        assert!(parsed(&["--proxy-bypass=a"]).is_err(), "without a proxy");
        for right in
            [&[][..], &["--proxy="], &["--proxy=socks5://proxy", "--proxy-bypass=a,10.0.0.0/8", "--proxy-resolves"]]
        {
            let config = parsed(right).unwrap().fetcher().unwrap();
            assert_eq!(config.proxy.is_some(), right.len() > 1);
        }
    }

    #[test]
    fn a_wrong_range_or_grace_period_is_refused() {
        for wrong in
            ["--allow-address=10.0.0.0/33", "--allow-address=localhost", "--grace-period=soon", "--concurrency=0"]
        {
            assert!(Args::try_parse_from(["crawl-worker", "--amqp-password-file=/x", wrong]).is_err(), "{wrong}");
        }
    }
}
