//! Where crawl-operator is installed. Whoever installed it chose the namespace and the names; its labels are always the same.

use k8s_openapi::api::core::v1::Service;
use kube::{Api, Error, ResourceExt, api::ListParams};

use super::{connect::Cluster, refusal::Asked};
use crate::global::Global;

/// Where the chart's own commands put it.
const USUAL: &str = "crawl-system";

/// A Service of the chart.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) namespace: String,
    pub(super) name: String,
}

/// The Service of a component of the chart that has this port; `None` when there is none.
///
/// # Errors
/// When the cluster does not let us look.
pub(super) async fn service(
    cluster: &Cluster,
    global: &Global,
    component: &str,
    port: i32,
) -> anyhow::Result<Option<Found>> {
    let labels = format!("app.kubernetes.io/part-of=crawl-operator,app.kubernetes.io/component={component}");
    let wanted = ListParams::default().labels(&labels);
    let named = global.operator_namespace.as_deref();
    let api = |namespace: Option<&str>| match namespace {
        Some(namespace) => Api::<Service>::namespaced(cluster.client.clone(), namespace),
        None => Api::<Service>::all(cluster.client.clone()),
    };
    let listed = match (api(named).list(&wanted).await, named) {
        // Most may not look into all namespaces, and need not.
        (Err(Error::Api(status)), None) if status.code == 403 => api(Some(USUAL)).list(&wanted).await,
        (listed, _) => listed,
    };
    let asked = Asked { verb: "list", resource: "services", namespace: Some(named.unwrap_or(USUAL)) };
    let items = listed.map_err(|error| asked.refused(error, cluster))?.items;
    let has_port = |service: &Service| {
        let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
        ports.into_iter().any(|known| known.port == port)
    };
    let mut found = items
        .into_iter()
        .filter(has_port)
        .map(|service| Found { namespace: service.namespace().unwrap_or_default(), name: service.name_any() });
    let first = found.next();
    if let Some(second) = found.next() {
        global.say(&format!(
            "crawl-operator is installed more than once, also in {}; say which with --operator-namespace",
            second.namespace
        ));
    }
    Ok(first)
}
