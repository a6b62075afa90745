//! `kubectl crawl` as people use it: every command on a real cluster. What it says without one is tested in `cli/tests`.

use std::process::{Output, Stdio};

use anyhow::Context;
use e2e::{Cluster, Namespace};
use tokio::{io::AsyncWriteExt, process::Command};

/// The plugin, for one namespace.
pub(crate) struct Plugin<'a> {
    namespace: &'a Namespace,
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) talk: String,
}

/// Where the plugin is.
pub(crate) fn program() -> String {
    std::env::var("CRAWL_E2E_CLI").expect("CRAWL_E2E_CLI names the plugin; make e2e sets it")
}

/// A host of the test site for one test alone: a Service of this name.
pub(crate) async fn own_host(name: &str) -> anyhow::Result<String> {
    let service = format!(
        "---\n{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: crawl-site}}, \
         spec: {{selector: {{app: site}}, ports: [{{name: http, port: 80, targetPort: http}}]}}}}"
    );
    let mut kubectl =
        Command::new("kubectl").args(["apply", "-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    kubectl.stdin.take().context("no stdin")?.write_all(service.as_bytes()).await?;
    anyhow::ensure!(kubectl.wait().await?.success(), "no Service {name}");
    Ok(format!("http://{name}.crawl-site.svc.cluster.local"))
}

impl<'a> Plugin<'a> {
    pub(crate) fn new(namespace: &'a Namespace) -> Self {
        Self { namespace }
    }

    /// Runs a command in the namespace.
    pub(crate) async fn run(&self, args: &[&str]) -> Ran {
        let mut command = Command::new(program());
        // What is completed stands last.
        let namespace = ["-n", &self.namespace.name];
        let named = if args[0] == "__complete" { &[][..] } else { &namespace[..] };
        let output = command.args(args).args(named).stdin(Stdio::null()).output().await;
        ran(output.expect("the plugin cannot be run"))
    }

    /// Runs a command that has to succeed; answers what it printed.
    pub(crate) async fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args).await;
        assert_eq!(ran.code, 0, "{args:?}: {ran:#?}");
        ran.out
    }

    /// Runs a command that cannot be done; answers what it said.
    pub(crate) async fn refused(&self, args: &[&str]) -> String {
        let ran = self.run(args).await;
        assert!(ran.code == 2 && ran.talk.contains("hint: ") && ran.out.is_empty(), "{args:?}: {ran:#?}");
        ran.talk
    }
}

pub(crate) fn ran(output: Output) -> Ran {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), talk: text(&output.stderr) }
}

fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

#[tokio::test]
async fn a_crawl_from_its_creation_to_its_end() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("plugin").await.unwrap();
    let (plugin, host) = (Plugin::new(&namespace), own_host("plugin-a").await.unwrap());
    holds(&plugin.run(&["list"]).await.talk, &["No crawls found in namespace", "kubectl crawl create"]);

    let (tree, gone) = (format!("{host}/tree/40/0"), format!("{host}/gone"));
    let options = ["--name", "tree", "--max-links", "10", "--delay", "0s", "--per-host-concurrency", "2"];
    let dry = plugin.ok(&[&["create", &tree, "--dry-run=server", "-o", "yaml"], &options[..]].concat()).await;
    holds(&dry, &["maxLinks: 10", "uid: "]);
    let followed = plugin.run(&[&["create", &tree, &gone, "--follow"], &options[..]].concat()).await;
    assert_eq!(followed.code, 0, "{followed:#?}");
    holds(&followed.talk, &["crawl tree created", "Complete: maxLinks is reached: 10 pages processed"]);
    holds(&plugin.refused(&["create", &tree, "--name", "tree"]).await, &["already exists", "--name"]);

    holds(&plugin.ok(&["list"]).await, &["NAME", "tree   Complete"]);
    holds(&plugin.ok(&["list", "-A", "-o", "wide"]).await, &["NAMESPACE", &namespace.name, "MaxLinksReached"]);
    assert_eq!(plugin.ok(&["list", "-o", "name"]).await, "crawl.crawl-operator.io/tree\n");
    holds(&plugin.ok(&["list", "-o", "json"]).await, &["\"kind\": \"List\"", "\"maxLinks\": 10"]);
    holds(
        &plugin.ok(&["status", "tree"]).await,
        &["tree   Complete", "Processed   10 of at most 10 pages", "404", "Conditions", "MaxLinksReached", "Completed"],
    );
    let failed = plugin.ok(&["results", "tree", "--failed", "-o", "jsonl"]).await;
    assert_eq!(failed.lines().count(), 1, "{failed}");
    holds(&failed, &[&gone, "\"status\":404"]);
    assert_eq!(plugin.ok(&["results", "tree", "--status", "2xx", "-o", "csv"]).await.lines().count(), 1 + 9);
    assert_eq!(plugin.ok(&["results", "tree", "--grep", "/TREE/", "--limit", "3"]).await.lines().count(), 1 + 3);
    holds(&plugin.refused(&["results", "tree", "--state", "lost"]).await, &["lost", "queued"]);
    holds(&plugin.ok(&["broken", "tree"]).await, &[&gone, "404", "it is a seed"]);
    holds(&plugin.ok(&["explain", "tree", &tree]).await, &["fetched", "status 200", "It is a seed"]);
    holds(&plugin.ok(&["explain", "tree", "https://other.example/"]).await, &["unknown", "OutOfScope"]);

    assert_eq!(plugin.ok(&["set-limit", "tree", "1000"]).await, "crawl.crawl-operator.io/tree limit 10 -> 1000\n");
    let watched = plugin.run(&["watch", "tree"]).await;
    assert_eq!(watched.code, 0, "{watched:#?}");
    holds(&watched.talk, &["Complete: nothing is left to fetch: 41 pages processed", "kubectl crawl broken tree"]);
    holds(&plugin.refused(&["suspend", "tree"]).await, &["tree: the crawl has ended (Complete)", "set-limit tree"]);

    holds(&plugin.refused(&["status", "tre"]).await, &["there is no Crawl tre ", "did you mean tree?"]);
    holds(&plugin.ok(&["__complete", "-n", &namespace.name, "status", ""]).await, &["tree\tComplete", ":4"]);
    holds(&plugin.refused(&["delete", "tree"]).await, &["--yes"]);
    assert_eq!(plugin.ok(&["delete", "tree", "--yes"]).await, "crawl.crawl-operator.io/tree deleted\n");
}

#[tokio::test]
async fn a_crawl_is_held_goes_on_and_is_cancelled() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("plugin").await.unwrap();
    let (plugin, host) = (Plugin::new(&namespace), own_host("plugin-b").await.unwrap());
    let seed = format!("{host}/tree/1000/0");
    assert_eq!(plugin.ok(&["create", &seed, "--name", "long", "-o", "name"]).await, "crawl.crawl-operator.io/long\n");
    let until = async |condition: &str| {
        let condition = format!("--for=condition={condition}");
        namespace.kubectl(&["wait", "crawl/long", &condition, "--timeout=120s"]).await.unwrap();
    };
    until("Progressing").await;
    assert_eq!(plugin.ok(&["suspend", "long"]).await, "crawl.crawl-operator.io/long suspended\n");
    until("Suspended").await;
    holds(&plugin.ok(&["status", "long"]).await, &["long   Suspended"]);
    plugin.ok(&["resume", "long"]).await;
    until("Progressing").await;
    holds(&plugin.ok(&["status", "long"]).await, &["Held back", "1 request at a time"]);
    plugin.ok(&["cancel", "long"]).await;
    let watched = plugin.run(&["watch", "long"]).await;
    assert_eq!(watched.code, 1, "{watched:#?}");
    holds(&watched.talk, &["Cancelled: cancelled by spec.cancel"]);
    holds(&plugin.refused(&["resume", "long"]).await, &["it was cancelled", "kubectl patch crawl long"]);
}

#[tokio::test]
async fn versions_are_told() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("plugin").await.unwrap();
    let told = Plugin::new(&namespace).ok(&["version"]).await;
    holds(
        &told,
        &["kubectl-crawl   ", "crawls.crawl-operator.io v1alpha1", "crawl-system/crawl-operator  ", "1/1 ready"],
    );
}
