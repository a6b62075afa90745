//! The cluster's RabbitMQ as the operator sees it, for tests that look at queues and logs or put poison into them.

use std::time::Duration;

use anyhow::Context;
use crawl_broker::{Broker, BrokerConfig, Password};
use k8s_openapi::api::core::v1::Secret;
use kube::Api;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{Cluster, SYSTEM};

/// A session with the broker, with the operator's own credentials.
pub struct BrokerAccess {
    /// The session.
    pub broker: Broker,
    /// Killed when dropped.
    _forward: Child,
}

impl BrokerAccess {
    /// Forwards a port and connects.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn open(cluster: &Cluster) -> anyhow::Result<Self> {
        let (forward, port) = forward().await?;
        let secrets: Api<Secret> = Api::namespaced(cluster.client.clone(), SYSTEM);
        let secret = secrets.get("crawl-operator-amqp-operator").await?.data.context("an empty Secret")?;
        let text = |key: &str| {
            let value = secret.get(key).with_context(|| format!("no {key} in the Secret"))?;
            anyhow::Ok(String::from_utf8(value.0.clone())?)
        };
        let config = BrokerConfig {
            host: "127.0.0.1".to_owned(),
            port,
            vhost: "crawl".to_owned(),
            username: text("username")?,
            password: Password::new(text("password")?),
            tls: false,
            ca_file: None,
        };
        let broker = Broker::connect(&config, "e2e").await?;
        Ok(Self { broker, _forward: forward })
    }
}

async fn forward() -> anyhow::Result<(Child, u16)> {
    let mut child = Command::new("kubectl")
        .args(["-n", SYSTEM, "port-forward", "service/crawl-operator-rabbitmq", ":5672"])
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("kubectl cannot be run")?;
    let stdout = child.stdout.take().context("no stdout")?;
    let mut lines = BufReader::new(stdout).lines();
    let line =
        tokio::time::timeout(Duration::from_secs(20), lines.next_line()).await??.context("no port was forwarded")?;
    // Forwarding from 127.0.0.1:40001 -> 5672
    let port =
        line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split(' ').next()).context("no port in the answer")?;
    let port = port.parse().with_context(|| format!("not a port: {line}"))?;
    // The pipe must be read to its end, or kubectl stops at a full one.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, port))
}
