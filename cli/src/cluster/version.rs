//! `version`: of this program, of the operator, of the CRD.

use std::process::ExitCode;

use clap::ValueEnum;
use k8s_openapi::{
    api::apps::v1::Deployment, apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
};
use kube::{Api, Error, ResourceExt, api::ListParams};
use serde_json::{Value, json};

use super::connect::{Cluster, connect};
use crate::{global::Global, output};

/// Show the versions of this program, of the operator and of the CRD.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kubectl crawl version\n  kubectl crawl version --client")]
pub(crate) struct Args {
    /// Only of this program
    #[arg(long)]
    client: bool,

    /// What to print
    #[arg(short, long, value_enum)]
    output: Option<Output>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Output {
    Json,
    Yaml,
}

/// Prints them. What cannot be seen is told as such.
///
/// # Errors
/// When no cluster answers.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let mut known = json!({"client": env!("CARGO_PKG_VERSION")});
    if !args.client {
        let cluster = connect(global).await?;
        let server = cluster.client.apiserver_version().await;
        let asked = super::refusal::Asked { verb: "get", resource: "version", namespace: None };
        let server = server.map_err(|error| asked.refused(error, &cluster))?;
        known["cluster"] = json!(server.git_version);
        known["crd"] = crd(&cluster).await;
        known["installed"] = installed(&cluster, global).await;
    }
    match args.output {
        Some(Output::Json) => output::json(&known)?,
        Some(Output::Yaml) => output::yaml(&known)?,
        None => output::print(&text(&known))?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn crd(cluster: &Cluster) -> Value {
    let api: Api<CustomResourceDefinition> = Api::all(cluster.client.clone());
    match api.get("crawls.crawl-operator.io").await {
        Ok(crd) => {
            let served = crd.spec.versions.iter().filter(|version| version.served);
            let versions: Vec<_> = served.map(|version| version.name.as_str()).collect();
            let release = crd.labels().get("app.kubernetes.io/version");
            json!({"versions": versions, "release": release})
        }
        Err(error) => {
            json!({"unknown": short(&error, "customresourcedefinitions", "not installed: helm install crawl-operator …")})
        }
    }
}

async fn installed(cluster: &Cluster, global: &Global) -> Value {
    let wanted = ListParams::default().labels("app.kubernetes.io/part-of=crawl-operator");
    let namespace = global.operator_namespace.as_deref();
    let api = |namespace: Option<&str>| match namespace {
        Some(namespace) => Api::<Deployment>::namespaced(cluster.client.clone(), namespace),
        None => Api::<Deployment>::all(cluster.client.clone()),
    };
    let listed = match api(namespace).list(&wanted).await {
        Err(Error::Api(status)) if status.code == 403 && namespace.is_none() => {
            api(Some("crawl-system")).list(&wanted).await
        }
        listed => listed,
    };
    let deployment = |deployment: &Deployment| {
        let spec = deployment.spec.as_ref();
        let image = spec.and_then(|spec| spec.template.spec.as_ref()).and_then(|pod| pod.containers.first());
        let status = deployment.status.as_ref();
        json!({
            "namespace": deployment.namespace(),
            "name": deployment.name_any(),
            "image": image.and_then(|container| container.image.clone()),
            "ready": format!(
                "{}/{}",
                status.and_then(|status| status.ready_replicas).unwrap_or(0),
                spec.and_then(|spec| spec.replicas).unwrap_or(1)
            ),
        })
    };
    match listed {
        Ok(list) => json!(list.items.iter().map(deployment).collect::<Vec<_>>()),
        Err(error) => json!({"unknown": short(&error, "deployments", "not there")}),
    }
}

fn short(error: &Error, resource: &str, absent: &str) -> String {
    match error {
        Error::Api(status) if status.code == 403 => format!("you may not see {resource}"),
        Error::Api(status) if status.code == 404 => absent.to_owned(),
        other => other.to_string(),
    }
}

fn text(known: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or("unknown").to_owned();
    let mut text = format!("kubectl-crawl   {}\n", word(&known["client"]));
    if known["cluster"].is_null() {
        return text;
    }
    text += &format!("cluster         {}\n", word(&known["cluster"]));
    let crd = &known["crd"];
    text += &match crd["versions"].as_array() {
        None => format!("CRD             {}\n", word(&crd["unknown"])),
        Some(versions) => {
            let names = versions.iter().map(&word).collect::<Vec<_>>().join(", ");
            let release = crd["release"].as_str().map(|release| format!(", release {release}")).unwrap_or_default();
            format!("CRD             crawls.crawl-operator.io {names}{release}\n")
        }
    };
    match known["installed"].as_array() {
        None => text += &format!("operator        {}\n", word(&known["installed"]["unknown"])),
        Some(all) if all.is_empty() => text += "operator        not installed\n",
        Some(all) => {
            for one in all {
                let line = format!(
                    "{}/{}  {}  {} ready",
                    word(&one["namespace"]),
                    word(&one["name"]),
                    word(&one["image"]),
                    word(&one["ready"])
                );
                text += &format!("installed       {}\n", output::clean(&line));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_told_as_such() {
        assert_eq!(text(&json!({"client": "0.1.0"})), "kubectl-crawl   0.1.0\n");
        let known = json!({
            "client": "0.1.0", "cluster": "v1.35.0",
            "crd": {"versions": ["v1alpha1"], "release": "0.1.0"},
            "installed": [{"namespace": "crawl-system", "name": "crawl-operator", "image": "operator:1", "ready": "1/1"}],
        });
        assert_eq!(
            text(&known),
            "kubectl-crawl   0.1.0\ncluster         v1.35.0\nCRD             crawls.crawl-operator.io v1alpha1, release 0.1.0\n\
             installed       crawl-system/crawl-operator  operator:1  1/1 ready\n"
        );
        let hidden = json!({"client": "0.1.0", "cluster": "v1", "crd": {"unknown": "you may not"}, "installed": {"unknown": "no"}});
        assert!(text(&hidden).contains("CRD             you may not\noperator        no\n"));
    }
}
