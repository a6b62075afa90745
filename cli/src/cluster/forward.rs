//! A port of this machine that leads to a Pod behind a Service, as `kubectl port-forward` makes it, in this process.

use anyhow::Context as _;
use k8s_openapi::{
    api::core::v1::{Pod, Service},
    apimachinery::pkg::util::intstr::IntOrString,
};
use kube::{Api, Client, ResourceExt, api::ListParams};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{connect::Cluster, operator::Found, refusal::Asked};
use crate::problem::Problem;

/// A forwarded port. It is closed when dropped.
pub(super) struct Forward {
    /// On 127.0.0.1.
    pub(super) port: u16,
    task: JoinHandle<()>,
}

impl Drop for Forward {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Forwards a port of this machine to that of a Service; 0 takes any that is free.
///
/// # Errors
/// When no Pod of it is ready, or the port is taken.
pub(super) async fn forward(cluster: &Cluster, to: &Found, port: i32, local: u16) -> anyhow::Result<Forward> {
    let (pod, target) = target(cluster, to, port).await?;
    let listener = TcpListener::bind(("127.0.0.1", local)).await.map_err(|error| {
        Problem::new(
            format!("the port {local} cannot be listened on: {error}"),
            "choose another one with --port, or 0 for any",
        )
    })?;
    let port = listener.local_addr().context("no address")?.port();
    let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), &to.namespace);
    check(cluster, &cluster.client, to, &pod).await?;
    let task = tokio::spawn(async move {
        while let Ok((mut here, _)) = listener.accept().await {
            let (pods, pod) = (pods.clone(), pod.clone());
            tokio::spawn(async move {
                // Whoever connected sees that the connection ends; there is nobody else to tell.
                let Ok(mut forwarder) = pods.portforward(&pod, &[target]).await else { return };
                if let Some(mut there) = forwarder.take_stream(target) {
                    let _ = tokio::io::copy_bidirectional(&mut here, &mut there).await;
                }
                forwarder.abort();
            });
        }
    });
    Ok(Forward { port, task })
}

/// Says early that the right is missing: a connection that just ends would not.
async fn check(cluster: &Cluster, client: &Client, to: &Found, pod: &str) -> anyhow::Result<()> {
    use k8s_openapi::api::authorization::v1::{
        ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
    };
    let attributes = ResourceAttributes {
        verb: Some("create".to_owned()),
        resource: Some("pods".to_owned()),
        subresource: Some("portforward".to_owned()),
        namespace: Some(to.namespace.clone()),
        name: Some(pod.to_owned()),
        ..ResourceAttributes::default()
    };
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec { resource_attributes: Some(attributes), ..Default::default() },
        ..Default::default()
    };
    let asked = Asked { verb: "create", resource: "selfsubjectaccessreviews.authorization.k8s.io", namespace: None };
    let answer = Api::<SelfSubjectAccessReview>::all(client.clone()).create(&Default::default(), &review).await;
    let answer = answer.map_err(|error| asked.refused(error, cluster))?;
    if answer.status.is_some_and(|status| status.allowed) {
        return Ok(());
    }
    let namespace = &to.namespace;
    Err(Problem::new(
        format!("you may not create pods/portforward in the namespace {namespace}: the verb create is missing"),
        format!("see: kubectl auth can-i create pods/portforward -n {namespace}\nan administrator can give it; or read the results in the web UI"),
    )
    .into())
}

/// The Pod behind a Service, and its port.
async fn target(cluster: &Cluster, to: &Found, port: i32) -> anyhow::Result<(String, u16)> {
    let (namespace, client) = (to.namespace.as_str(), &cluster.client);
    let asked = |verb, resource| Asked { verb, resource, namespace: Some(namespace) };
    let service = Api::<Service>::namespaced(client.clone(), namespace).get(&to.name).await;
    let spec = service.map_err(|error| asked("get", "services").refused(error, cluster))?.spec.unwrap_or_default();
    let selector: Vec<_> =
        spec.selector.unwrap_or_default().iter().map(|(key, value)| format!("{key}={value}")).collect();
    let pods = Api::<Pod>::namespaced(client.clone(), namespace)
        .list(&ListParams::default().labels(&selector.join(",")))
        .await;
    let pods = pods.map_err(|error| asked("list", "pods").refused(error, cluster))?.items;
    let pod = pods.iter().find(|pod| ready(pod)).ok_or_else(|| {
        let hint = format!("look at it: kubectl -n {namespace} get pods -l {}", selector.join(","));
        Problem::new(format!("no Pod of {} in the namespace {namespace} is ready", to.name), hint)
    })?;
    let wanted =
        spec.ports.unwrap_or_default().into_iter().find(|found| found.port == port).and_then(|port| port.target_port);
    let number = match wanted {
        Some(IntOrString::String(name)) => named_port(pod, &name).unwrap_or(port),
        Some(IntOrString::Int(number)) => number,
        None => port,
    };
    Ok((pod.name_any(), u16::try_from(number).with_context(|| format!("{number} is no port"))?))
}

fn named_port(pod: &Pod, name: &str) -> Option<i32> {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    let mut ports = containers.flat_map(|container| container.ports.iter().flatten());
    ports.find(|port| port.name.as_deref() == Some(name)).map(|port| port.container_port)
}

fn ready(pod: &Pod) -> bool {
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    pod.metadata.deletion_timestamp.is_none()
        && conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}
