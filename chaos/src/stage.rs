//! Everything that a round needs: operator and workers as processes, a real broker and a real API server behind proxies.
//! It does one fault at a time.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use kube::Client;
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use crate::amqp::Way;
use crate::apiserver::{Gate, Watching};
use crate::fault::{Fault, Who};
use crate::part::{Part, Recipe};

/// How long a trap stays before it is given up: not every step happens in every round.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where things are.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) operator: PathBuf,
    pub(crate) worker: PathBuf,
    /// Port of the broker on this machine, and a file with the password of its user.
    pub(crate) amqp_port: u16,
    pub(crate) amqp_username: String,
    pub(crate) amqp_password_file: PathBuf,
    /// The broker's container.
    pub(crate) container: String,
    /// The namespace of the Crawls and of the Leases.
    pub(crate) namespace: String,
    /// Logs and configuration files.
    pub(crate) folder: PathBuf,
}

/// A process and its way to the broker.
struct Actor {
    part: Arc<Part>,
    way: Way,
}

/// The parts under test.
pub(crate) struct Stage {
    places: Places,
    gate: Gate,
    operator: Actor,
    workers: Vec<Actor>,
}

impl Stage {
    /// Starts an operator and so many workers.
    pub(crate) async fn set(places: Places, client: Client, workers: usize) -> anyhow::Result<Self> {
        let gate = Gate::open(client).await?;
        let kubeconfig = places.folder.join("kubeconfig");
        std::fs::write(&kubeconfig, kubeconfig_for(gate.port)).context("cannot write a kubeconfig")?;
        let operator = places.operator("operator-0", "crawl-operator").await?;
        gate.belongs_to(&operator.part);
        let mut actors = Vec::new();
        for number in 0..workers {
            actors.push(places.worker(number).await?);
        }
        Ok(Self { places, gate, operator, workers: actors })
    }

    /// Does it, and returns once it is over. `false`: it did not come to it.
    pub(crate) async fn suffer(&self, fault: Fault) -> anyhow::Result<bool> {
        match fault {
            Fault::Kill(who) => self.actor(who).part.kill().await,
            Fault::KillAllWorkers => {
                futures::future::join_all(self.workers.iter().map(|worker| worker.part.kill())).await;
            }
            Fault::Terminate(who) => self.actor(who).part.signal("TERM").await?,
            Fault::Freeze(who, time) => {
                let part = &self.actor(who).part;
                part.signal("STOP").await?;
                sleep(time).await;
                part.signal("CONT").await?;
            }
            Fault::CutBroker(who) => self.actor(who).way.cut(),
            Fault::HoldBroker(who, time) => self.actor(who).way.hold(time).await,
            Fault::PauseBroker(time) => {
                docker(&["pause", &self.places.container]).await?;
                sleep(time).await;
                docker(&["unpause", &self.places.container]).await?;
            }
            Fault::Alarm(time) => {
                self.rabbitmqctl(&["set_vm_memory_high_watermark", "0.00001"]).await?;
                sleep(time).await;
                self.rabbitmqctl(&["set_vm_memory_high_watermark", "0.4"]).await?;
            }
            Fault::DieAtBroker(who, step, moment, nth) => {
                let trap = self.actor(who).way.trap();
                trap.set((step, moment), nth);
                return Ok(sprung(trap).await);
            }
            Fault::AtApi(write, deed, nth) => {
                let trap = self.gate.trap();
                trap.set((write, deed), nth);
                return Ok(sprung(trap).await);
            }
            Fault::ApiAway(time) => self.gate.be_away(time).await,
            Fault::CutWatches => self.gate.cut_watches(),
            Fault::Watch(how, time) => {
                self.gate.watching().send_replace(how);
                // What is open goes on as it was, so everything is asked for again.
                self.gate.cut_watches();
                sleep(time).await;
                self.gate.watching().send_replace(Watching::Truly);
            }
            Fault::SecondLeader(time) => {
                // By another Lease it leads at once.
                let second = self.places.operator("operator-1", "crawl-operator-second").await?;
                sleep(time).await;
                second.part.kill().await;
            }
        }
        Ok(true)
    }

    /// How often parts ended by their own will.
    pub(crate) fn gave_up(&self) -> u32 {
        self.workers.iter().chain([&self.operator]).map(|actor| actor.part.gave_up()).sum()
    }

    fn actor(&self, who: Who) -> &Actor {
        match who {
            Who::Operator => &self.operator,
            Who::Worker(number) => self.workers.get(number).unwrap_or(&self.operator),
        }
    }

    async fn rabbitmqctl(&self, arguments: &[&str]) -> anyhow::Result<()> {
        docker(&[&["exec", &self.places.container, "rabbitmqctl", "-q"], arguments].concat()).await
    }
}

impl Places {
    async fn operator(&self, identity: &str, lease: &str) -> anyhow::Result<Actor> {
        let way = Way::open(self.amqp_port).await?;
        let recipe = Recipe {
            program: self.operator.clone(),
            arguments: self.arguments(&way, &["--identity", identity, "--lease-name", lease, "--log-format", "text"]),
            environment: vec![
                ("KUBECONFIG".into(), self.folder.join("kubeconfig").display().to_string()),
                ("POD_NAMESPACE".into(), self.namespace.clone()),
                ("WATCH_NAMESPACES".into(), self.namespace.clone()),
            ],
            log: self.log(identity),
        };
        start(recipe, way)
    }

    async fn worker(&self, number: usize) -> anyhow::Result<Actor> {
        let way = Way::open(self.amqp_port).await?;
        let name = format!("worker-{number}");
        let more = ["--allow-address", "127.0.0.0/8", "--concurrency", "8", "--grace-period", "5s", "--log-text"];
        let recipe = Recipe {
            program: self.worker.clone(),
            arguments: self.arguments(&way, &more),
            environment: Vec::new(),
            log: self.log(&name),
        };
        start(recipe, way)
    }

    fn arguments(&self, way: &Way, more: &[&str]) -> Vec<String> {
        let port = way.port.to_string();
        let password_file = self.amqp_password_file.display().to_string();
        let common = [
            ["--amqp-host", "127.0.0.1"],
            ["--amqp-port", &port],
            ["--amqp-vhost", "/"],
            ["--amqp-username", &self.amqp_username],
            ["--amqp-password-file", &password_file],
            ["--admin-address", "127.0.0.1:0"],
        ];
        common.as_flattened().iter().chain(more).map(|&argument| argument.to_owned()).collect()
    }

    fn log(&self, name: &str) -> PathBuf {
        Path::new(&self.folder).join(format!("{name}.log"))
    }
}

fn start(recipe: Recipe, way: Way) -> anyhow::Result<Actor> {
    let part = Arc::new(Part::start(recipe)?);
    way.belongs_to(&part);
    Ok(Actor { part, way })
}

/// Whether it came to what the trap was set for.
async fn sprung<S: Copy + PartialEq>(trap: &crate::trap::Trap<S>) -> bool {
    if timeout(PATIENCE, trap.happened()).await.is_ok() {
        return true;
    }
    // Not there any more: it is just being sprung.
    if !trap.take() {
        trap.happened().await;
        return true;
    }
    false
}

fn kubeconfig_for(port: u16) -> String {
    serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "proxy",
        "clusters": [{"name": "proxy", "cluster": {"server": format!("http://127.0.0.1:{port}")}}],
        "users": [{"name": "proxy", "user": {}}],
        "contexts": [{"name": "proxy", "context": {"cluster": "proxy", "user": "proxy"}}],
    })
    .to_string()
}

async fn docker(arguments: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("docker").args(arguments).stdin(Stdio::null()).output().await.context("no docker")?;
    if !output.status.success() {
        bail!("docker {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
