//! To the cluster that the options and the kubeconfig name.

use std::time::Duration;

use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig, KubeconfigError},
};

use crate::{global::Global, problem::Problem};

/// The cluster, and the namespace that is meant.
pub(super) struct Cluster {
    pub(super) client: Client,
    pub(super) namespace: String,
    /// With the credentials, for those who ask on the user's behalf.
    pub(super) config: Config,
    /// Of the API server, for messages.
    pub(super) address: String,
}

/// Reads the kubeconfig. Nothing is asked of the cluster yet.
///
/// # Errors
/// When no cluster is named.
pub(super) async fn connect(global: &Global) -> anyhow::Result<Cluster> {
    let mut config = config(global).await?;
    config.connect_timeout = Some(Duration::from_secs(10));
    // Whoever waits at a terminal wants to be told rather than that we try again.
    config.default_retry = false;
    let namespace = global.namespace.clone().unwrap_or_else(|| config.default_namespace.clone());
    let address = config.cluster_url.to_string();
    global.detail(|| format!("cluster {address}, namespace {namespace}"));
    let client = Client::try_from(config.clone()).map_err(|error| {
        let hint = "look at the context's user: kubectl config view --minify";
        Problem::new(format!("the kubeconfig's credentials cannot be used: {error}"), hint)
    })?;
    Ok(Cluster { client, namespace, config, address })
}

async fn config(global: &Global) -> anyhow::Result<Config> {
    let read = match &global.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let kubeconfig = match read {
        Ok(kubeconfig) => kubeconfig,
        Err(error) => {
            // Within a Pod there is a cluster without any kubeconfig.
            if global.kubeconfig.is_none()
                && global.context.is_none()
                && let Ok(config) = Config::incluster()
            {
                return Ok(config);
            }
            return Err(unreadable(error).into());
        }
    };
    let contexts: Vec<String> = kubeconfig.contexts.iter().map(|context| context.name.clone()).collect();
    let options = KubeConfigOptions { context: global.context.clone(), ..KubeConfigOptions::default() };
    Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|error| unusable(error, &contexts).into())
}

fn unreadable(error: KubeconfigError) -> Problem {
    match error {
        KubeconfigError::FindPath => no_kubeconfig("there is no kubeconfig".to_owned()),
        KubeconfigError::ReadConfig(source, path) if source.kind() == std::io::ErrorKind::NotFound => {
            no_kubeconfig(format!("there is no kubeconfig {}", path.display()))
        }
        other => Problem::new(format!("the kubeconfig cannot be read: {other}"), "try: kubectl config view"),
    }
}

fn no_kubeconfig(what: String) -> Problem {
    let hint = "name one with --kubeconfig or KUBECONFIG, or make a cluster, for example: kind create cluster\n\
                to crawl without a cluster: kubectl crawl local URL";
    Problem::new(format!("no cluster: {what}"), hint)
}

fn unusable(error: KubeconfigError, contexts: &[String]) -> Problem {
    let there = if contexts.is_empty() { "none".to_owned() } else { contexts.join(", ") };
    match error {
        KubeconfigError::LoadContext(_) | KubeconfigError::CurrentContextNotSet if contexts.is_empty() => {
            no_kubeconfig("the kubeconfig names none".to_owned())
        }
        KubeconfigError::LoadContext(name) => {
            Problem::new(format!("the kubeconfig has no context {name}"), format!("contexts that it has: {there}"))
        }
        KubeconfigError::CurrentContextNotSet => Problem::new(
            "no cluster: the kubeconfig has no current context",
            format!("choose one with --context, or: kubectl config use-context NAME\ncontexts that it has: {there}"),
        ),
        other => Problem::new(
            format!("the kubeconfig's context cannot be used: {other}"),
            format!("contexts that it has: {there}"),
        ),
    }
}
