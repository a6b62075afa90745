//! The cluster under test, and a namespace of its own for each test.

use std::{
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use k8s_openapi::api::core::v1::Namespace as NamespaceObject;
use kube::{Api, Client, api::PostParams};
use tokio::{io::AsyncWriteExt, process::Command};

use crate::SYSTEM;

/// The operator's Deployment.
pub const OPERATOR: &str = "deployment/crawl-operator";
/// The workers' Deployment.
pub const WORKERS: &str = "deployment/crawl-operator-worker-default";
/// The broker's StatefulSet.
pub const RABBITMQ: &str = "statefulset/crawl-operator-rabbitmq";

/// A cluster with the chart installed.
#[derive(Clone)]
pub struct Cluster {
    /// Talks to its API server.
    pub client: Client,
}

/// A namespace that one test made. Printed when the test fails, deleted in any case.
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// The cluster it is in.
    pub cluster: Cluster,
}

impl Cluster {
    /// The cluster of `make e2e`; `None`, loudly, where there is none.
    ///
    /// # Errors
    /// When there should be one and it does not answer.
    pub async fn connect() -> anyhow::Result<Option<Self>> {
        if std::env::var_os("CRAWL_E2E").is_none() {
            eprintln!("SKIPPED: needs a cluster; run `make e2e`");
            return Ok(None);
        }
        // Fails only when a provider is installed already, and then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Some(Self { client: Client::try_default().await.context("no cluster answers")? }))
    }

    /// Makes a namespace for the test of this name, once everything is as the chart installed it.
    ///
    /// # Errors
    /// When the API server refuses, or a Pod does not become ready.
    pub async fn namespace(&self, test: &str) -> anyhow::Result<Namespace> {
        let each = "jsonpath={range .items[*]}{.spec.replicas}/{.status.replicas}/{.status.readyReplicas} {end}";
        if system(&["get", OPERATOR, WORKERS, RABBITMQ, "-o", each]).await? != "1/1/1 2/2/2 1/1/1" {
            for (object, replicas) in [(OPERATOR, 1), (WORKERS, 2), (RABBITMQ, 1)] {
                self.scale(object, replicas).await?;
            }
        }
        let id = uuid::Uuid::new_v4().simple().to_string();
        let name = format!("e2e-{test}-{}", &id[..6]);
        let object = NamespaceObject {
            metadata: kube::api::ObjectMeta { name: Some(name.clone()), ..Default::default() },
            ..Default::default()
        };
        Api::all(self.client.clone()).create(&PostParams::default(), &object).await?;
        Ok(Namespace { name, cluster: self.clone() })
    }

    /// Sets the number of Pods of an object of the chart, and waits until they are ready or gone. The next test's namespace
    /// sets it back.
    ///
    /// # Errors
    /// When that does not happen within three minutes.
    pub async fn scale(&self, object: &str, replicas: u32) -> anyhow::Result<()> {
        system(&["scale", object, &format!("--replicas={replicas}")]).await?;
        eventually(Duration::from_secs(180), &format!("{object} has {replicas} ready Pods"), async || {
            let all = system(&["get", object, "-o", "jsonpath={.status.replicas}"]).await?;
            Ok(all.parse().unwrap_or(0) == replicas && self.ready(object).await? == replicas)
        })
        .await
    }

    /// How many Pods of an object of the chart are ready.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn ready(&self, object: &str) -> anyhow::Result<u32> {
        let ready = system(&["get", object, "-o", "jsonpath={.status.readyReplicas}"]).await?;
        Ok(ready.parse().unwrap_or(0))
    }

    /// The Pod of the operator that leads.
    ///
    /// # Errors
    /// When there is no Lease.
    pub async fn leader(&self) -> anyhow::Result<String> {
        system(&["get", "lease", "crawl-operator", "-o", "jsonpath={.spec.holderIdentity}"]).await
    }

    /// Deletes one Pod at once.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn kill_pod(&self, name: &str) -> anyhow::Result<()> {
        system(&["delete", "pod", name, "--force", "--grace-period=0", "--wait=false"]).await.map(drop)
    }

    /// Deletes the Pods of a component at once, as a node that dies does.
    ///
    /// # Errors
    /// When there is none.
    pub async fn kill(&self, component: &str) -> anyhow::Result<()> {
        let selector = format!("app.kubernetes.io/component={component}");
        let deleted =
            system(&["delete", "pod", "-l", &selector, "--force", "--grace-period=0", "--wait=false"]).await?;
        if deleted.is_empty() { bail!("there is no Pod of {component}") } else { Ok(()) }
    }

    /// Ends the processes of a component with SIGKILL, in the middle of whatever they do; their Pods start them again.
    ///
    /// # Errors
    /// When there is none, or it cannot be reached.
    pub async fn kill_processes(&self, component: &str) -> anyhow::Result<()> {
        let selector = format!("app.kubernetes.io/component={component}");
        let each = "{range .items[*]}{.spec.nodeName} {.status.containerStatuses[0].containerID}{\"\\n\"}{end}";
        let found = system(&["get", "pods", "-l", &selector, "-o", &format!("jsonpath={each}")]).await?;
        let mut killed = Vec::new();
        for line in found.lines() {
            let (node, container) =
                line.split_once(" containerd://").with_context(|| format!("no container: {line}"))?;
            let kill =
                ["exec", node, "ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", container];
            killed.push(Command::new("docker").args(kill).output());
        }
        if killed.is_empty() {
            bail!("there is no Pod of {component}");
        }
        for output in futures::future::try_join_all(killed).await? {
            if !output.status.success() {
                bail!("docker exec ctr tasks kill: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
        Ok(())
    }
}

impl Namespace {
    /// Runs kubectl in this namespace; answers what it printed.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub async fn kubectl(&self, args: &[&str]) -> anyhow::Result<String> {
        kubectl(&[&["-n", &self.name], args].concat()).await
    }

    /// Applies a manifest with kubectl.
    ///
    /// # Errors
    /// When kubectl cannot be run, or the manifest is refused.
    pub async fn apply(&self, manifest: &str) -> anyhow::Result<()> {
        let output = apply(&self.name, manifest).await?;
        if output.status.success() { Ok(()) } else { bail!("{}", String::from_utf8_lossy(&output.stderr)) }
    }

    /// Applies a manifest with kubectl; answers what it said when it was refused.
    ///
    /// # Errors
    /// When kubectl cannot be run, or the manifest is taken.
    pub async fn refusal(&self, manifest: &str) -> anyhow::Result<String> {
        let output = apply(&self.name, manifest).await?;
        if output.status.success() {
            bail!("the API server took it:\n{manifest}");
        }
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            dump(&self.name);
        }
        let delete = ["delete", "namespace", &self.name, "--wait=false"];
        let _ = std::process::Command::new("kubectl").args(delete).stdout(Stdio::null()).status();
    }
}

/// Prints what helps to understand a failure.
fn dump(namespace: &str) {
    let everything: [&[&str]; 5] = [
        &["-n", namespace, "get", "crawls", "-o", "yaml"],
        &["-n", namespace, "get", "events", "--sort-by=.lastTimestamp"],
        &["-n", SYSTEM, "get", "pods", "-o", "wide"],
        &["-n", SYSTEM, "logs", "-l", "app.kubernetes.io/component=operator", "--tail=60", "--prefix"],
        &["-n", SYSTEM, "logs", "-l", "app.kubernetes.io/component=worker", "--tail=20", "--prefix"],
    ];
    for args in everything {
        eprintln!("--- kubectl {}", args.join(" "));
        let _ = std::process::Command::new("kubectl").args(args).stdout(std::io::stderr()).status();
    }
}

async fn apply(namespace: &str, manifest: &str) -> anyhow::Result<Output> {
    let mut child = Command::new("kubectl")
        .args(["-n", namespace, "apply", "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("kubectl cannot be run")?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    stdin.write_all(manifest.as_bytes()).await?;
    drop(stdin);
    Ok(child.wait_with_output().await?)
}

/// Runs kubectl in the chart's namespace.
async fn system(args: &[&str]) -> anyhow::Result<String> {
    kubectl(&[&["-n", SYSTEM], args].concat()).await
}

/// Runs kubectl; answers what it printed.
///
/// # Errors
/// When it fails, with what it said.
pub(crate) async fn kubectl(args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("kubectl").args(args).output().await.context("kubectl cannot be run")?;
    if !output.status.success() {
        bail!("kubectl {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Waits until something is true; a check that fails is tried again, and its error told in the end.
///
/// # Errors
/// When it is not true within `limit`.
pub async fn eventually(
    limit: Duration,
    what: &str,
    mut check: impl AsyncFnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    loop {
        let outcome = check().await;
        if matches!(outcome, Ok(true)) {
            return Ok(());
        }
        if begun.elapsed() > limit {
            let why = outcome.err().map(|error| format!(": {error:#}")).unwrap_or_default();
            bail!("not within {} s: {what}{why}", limit.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
