//! What is needed to reach a broker. Read from arguments by each binary, never from the environment here.

use std::fmt;
use std::path::PathBuf;

use lapin::uri::{AMQPAuthority, AMQPQueryString, AMQPScheme, AMQPUri, AMQPUserInfo};

/// Seconds between heartbeats; a silent connection is given up after twice as long.
const HEARTBEAT_SECONDS: u16 = 10;

/// A password that no log and no error message can show.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Wraps a password; line ends after it, as files of mounted Secrets often have, are no part of it.
    #[must_use]
    pub fn new(password: impl Into<String>) -> Self {
        let password: String = password.into();
        Self(password.trim_end_matches(['\r', '\n']).to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// Where the broker is and who we are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerConfig {
    /// Host name or address.
    pub host: String,
    /// 5672, or 5671 with TLS.
    pub port: u16,
    /// The virtual host, unescaped.
    pub vhost: String,
    /// The user of this role.
    pub username: String,
    /// Its password.
    pub password: Password,
    /// Whether to speak `amqps`.
    pub tls: bool,
    /// PEM file of certificates to trust besides the public ones.
    pub ca_file: Option<PathBuf>,
}

impl BrokerConfig {
    /// `host:port`, for messages.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The lapin form. Built from parts, so that no password has to survive percent-encoding.
    pub(crate) fn uri(&self) -> AMQPUri {
        AMQPUri {
            scheme: if self.tls { AMQPScheme::AMQPS } else { AMQPScheme::AMQP },
            authority: AMQPAuthority {
                userinfo: AMQPUserInfo { username: self.username.clone(), password: self.password.0.clone() },
                host: self.host.clone(),
                port: self.port,
            },
            vhost: self.vhost.clone(),
            query: AMQPQueryString { heartbeat: Some(HEARTBEAT_SECONDS), ..AMQPQueryString::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> BrokerConfig {
        BrokerConfig {
            host: "rabbitmq".into(),
            port: 5672,
            vhost: "crawl".into(),
            username: "worker".into(),
            password: Password::new("s3cret/@:%\n"),
            tls: false,
            ca_file: None,
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let shown = format!("{:?}", config());
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("[hidden]"), "{shown}");
    }

    #[test]
    fn the_uri_keeps_a_password_with_special_characters_and_drops_its_line_end() {
        assert_eq!(config().uri().authority.userinfo.password, "s3cret/@:%");
    }
}
