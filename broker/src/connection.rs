//! The two connections of a process to the broker, opened together and given up together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lapin::tcp::OwnedTLSConfig;
use lapin::{Channel, Connection, ConnectionProperties, DefaultConnectionBuilder};
use tokio::sync::Mutex;

use crate::health::{Closed, Health};
use crate::names::answer;
use crate::{BrokerConfig, BrokerError, Publisher};

/// Time for connecting, TLS and login together.
pub(crate) const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Time for saying goodbye.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The file of trusted certificates cannot be read.
    #[error("cannot read the certificates in {}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No answer within the limit.
    #[error("no answer from the broker at {address} within 10 s")]
    Timeout {
        /// Host and port.
        address: String,
    },
    /// Refused, not found, wrong password or virtual host, or TLS failed.
    #[error("cannot connect to the broker at {address}")]
    Connect {
        /// Host and port.
        address: String,
        /// What lapin says.
        #[source]
        source: lapin::Error,
    },
}

/// A session with the broker: one connection to publish on and one for everything else.
///
/// There is no recovery inside: when [`Broker::closed`] resolves or anything else fails, drop it and connect again.
#[derive(Debug)]
pub struct Broker {
    pub(crate) config: BrokerConfig,
    publishing: Connection,
    consuming: Connection,
    health: Health,
    /// The channel of [`Broker::withdraw`], where it has been used.
    pub(crate) withdrawing: Mutex<Option<Channel>>,
}

impl Broker {
    /// Connects. `name` is shown in the broker's list of connections.
    ///
    /// # Errors
    /// When the broker cannot be reached or does not let us in.
    pub async fn connect(config: &BrokerConfig, name: &str) -> Result<Self, ConnectError> {
        let publishing = open(config, &format!("{name} publishing")).await?;
        let consuming = open(config, &format!("{name} consuming")).await?;
        let health = Health::watch([("publishing", &publishing), ("consuming", &consuming)]);
        Ok(Self { config: config.clone(), publishing, consuming, health, withdrawing: Mutex::new(None) })
    }

    /// Resolves at the first failure of either connection, or when the broker has blocked one for a minute.
    pub async fn closed(&self) -> Arc<Closed> {
        self.health.closed().await
    }

    /// Whether the broker takes no messages at the moment, short of memory or disk.
    #[must_use]
    pub fn blocked(&self) -> bool {
        self.publishing.status().blocked()
    }

    /// A publisher with a channel of its own. One task owns it.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn publisher(&self) -> Result<Publisher, BrokerError> {
        Publisher::open(&self.publishing).await
    }

    /// Says goodbye to the broker. Dropping does it too, but does not wait.
    pub async fn close(self) {
        let goodbye = async {
            for connection in [&self.consuming, &self.publishing] {
                // It is going away either way.
                let _ = connection.close(200, "bye".into()).await;
            }
        };
        let _ = tokio::time::timeout(CLOSE_WITHIN, goodbye).await;
    }

    /// A channel for anything but publishing.
    pub(crate) async fn channel(&self) -> Result<Channel, BrokerError> {
        answer("opening a channel", self.consuming.create_channel()).await
    }
}

async fn open(config: &BrokerConfig, name: &str) -> Result<Connection, ConnectError> {
    let address = config.address();
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    let tls = tls_config(config).await?;
    let connecting = async {
        let builder = DefaultConnectionBuilder::new()?;
        builder.with_uri(config.uri()).with_properties(properties).with_tls_config(tls).connect().await
    };
    match tokio::time::timeout(CONNECT_WITHIN, connecting).await {
        Ok(connected) => connected.map_err(|source| ConnectError::Connect { address, source }),
        Err(_) => Err(ConnectError::Timeout { address }),
    }
}

/// The certificates to trust. The file is read at each connect, since a mounted Secret is rotated in place.
pub(crate) async fn tls_config(config: &BrokerConfig) -> Result<OwnedTLSConfig, ConnectError> {
    let Some(path) = config.ca_file.as_ref().filter(|_| config.tls) else {
        return Ok(OwnedTLSConfig::default());
    };
    let read = tokio::fs::read_to_string(path).await;
    let cert_chain = read.map_err(|source| ConnectError::CaFile { path: path.clone(), source })?;
    Ok(OwnedTLSConfig { identity: None, cert_chain: Some(cert_chain) })
}
