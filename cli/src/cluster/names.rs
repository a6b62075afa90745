//! Names for completion. Whatever goes wrong, nothing is suggested and nothing is said.

use std::time::Duration;

use clap_complete::CompletionCandidate;
use crawl_crds::Crawl;
use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, ResourceExt, api::ListParams};

use super::{
    connect::{Cluster, connect},
    crawls::phase,
};
use crate::global::Global;

/// The names of the Crawls in the namespace that the command line names so far.
pub(crate) fn crawls() -> Vec<CompletionCandidate> {
    let found = soon(async |cluster: Cluster| {
        let api: Api<Crawl> = Api::namespaced(cluster.client, &cluster.namespace);
        let list = api.list(&ListParams::default().limit(500)).await.ok()?;
        Some(list.items.iter().map(|crawl| (crawl.name_any(), Some(phase(crawl)))).collect())
    });
    candidates(found)
}

/// The names of namespaces.
pub(crate) fn namespaces() -> Vec<CompletionCandidate> {
    let found = soon(async |cluster: Cluster| {
        let list = Api::<Namespace>::all(cluster.client).list_metadata(&ListParams::default().limit(500)).await.ok()?;
        Some(list.items.iter().map(|item| (item.name_any(), None)).collect())
    });
    candidates(found)
}

fn candidates(found: Vec<(String, Option<String>)>) -> Vec<CompletionCandidate> {
    let candidate = |(name, help): (String, Option<String>)| CompletionCandidate::new(name).help(help.map(Into::into));
    found.into_iter().map(candidate).collect()
}

/// Nobody waits longer than this for a key.
const PATIENCE: Duration = Duration::from_secs(3);

fn soon(ask: impl AsyncFnOnce(Cluster) -> Option<Vec<(String, Option<String>)>>) -> Vec<(String, Option<String>)> {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return Vec::new() };
    let asked = async {
        let global = so_far(std::env::args().skip(1));
        ask(connect(&global).await.ok()?).await
    };
    let found = runtime.block_on(async { tokio::time::timeout(PATIENCE, asked).await.ok().flatten() });
    runtime.shutdown_background();
    found.unwrap_or_default()
}

/// The options in a command line that is not complete yet.
fn so_far(args: impl Iterator<Item = String>) -> Global {
    let mut global = Global {
        namespace: None,
        context: None,
        kubeconfig: None,
        operator_namespace: None,
        quiet: true,
        verbose: false,
    };
    let mut args = args.peekable();
    while let Some(arg) = args.next() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (arg, args.peek().cloned()),
        };
        match name.as_str() {
            "-n" | "--namespace" => global.namespace = value,
            "--context" => global.context = value,
            "--kubeconfig" => global.kubeconfig = value.map(Into::into),
            _ => {}
        }
    }
    global
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_namespace_is_that_of_the_line_so_far() {
        let of = |line: &str| so_far(line.split(' ').map(str::to_owned));
        assert_eq!(of("crawl -n team-a status ").namespace.as_deref(), Some("team-a"));
        assert_eq!(of("crawl status --namespace=b --context kind").namespace.as_deref(), Some("b"));
        assert_eq!(of("crawl status --context kind").context.as_deref(), Some("kind"));
        assert_eq!(of("crawl status").namespace, None);
    }
}
