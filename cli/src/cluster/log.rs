//! Results straight from a crawl's log: over a forwarded port to RabbitMQ, folded here as the operator folds it.

use std::time::Duration;

use anyhow::{Context, bail};
use crawl_broker::{Broker, BrokerConfig, BrokerError, LogReader, Password};
use crawl_crds::{Crawl, CrawlPolicy};
use crawl_protocol::{Entry, Record};
use crawl_results::Results;
use k8s_openapi::api::core::v1::Secret;
use kube::{Api, Error, ResourceExt, api::ListParams};

use super::{
    crawls::{Crawls, status},
    forward::forward,
    operator::{Found, service},
    refusal::Asked,
};
use crate::problem::Problem;

/// RabbitMQ's.
const AMQP: i32 = 5672;
/// A log that says nothing for so long has nothing more to say yet.
const QUIET: Duration = Duration::from_millis(300);
/// One that has said less than the status knows of is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads a crawl's whole log. `each` sees every record on the way.
///
/// # Errors
/// When the broker cannot be reached or the log is gone.
pub(super) async fn read(crawls: &Crawls<'_>, crawl: &Crawl, mut each: impl FnMut(&Record)) -> anyhow::Result<Results> {
    let uid = crawl.uid().context("the Crawl has no uid")?;
    let rules =
        crawl_rules::rules(&crawl_rules::effective(&crawl.spec, &crawls.cluster.namespace, &policies(crawls).await))?;
    let mut results = Results::new(&uid, rules)?;
    if status(crawl).start_time.is_none() {
        crawls.global.say("the crawl has not begun: nothing was fetched yet");
        return Ok(results);
    }
    let rabbitmq = service(&crawls.cluster, crawls.global, "rabbitmq", AMQP).await?.ok_or_else(|| {
        Problem::new(
            "the results cannot be read: there is no RabbitMQ of crawl-operator in this cluster",
            "is crawl-operator installed? kubectl crawl version\nin another namespace: --operator-namespace NAME; with a RabbitMQ outside of the cluster the api has to be installed (api.enabled)",
        )
    })?;
    let (username, password) = login(crawls, &rabbitmq).await?;
    crawls.global.detail(|| format!("reading the log through {}/{}", rabbitmq.namespace, rabbitmq.name));
    let forwarded = forward(&crawls.cluster, &rabbitmq, AMQP, 0).await?;
    let config = BrokerConfig {
        host: "127.0.0.1".to_owned(),
        port: forwarded.port,
        vhost: "crawl".to_owned(),
        username,
        password,
        tls: false,
        ca_file: None,
    };
    let broker = Broker::connect(&config, "kubectl-crawl").await.map_err(|error| {
        let hint = format!("does it run? kubectl -n {} get pods", rabbitmq.namespace);
        Problem::new(format!("RabbitMQ cannot be reached: {error}"), hint).because(error)
    })?;
    let log = broker.read_log(&uid).await.map_err(|error| gone(error, &rabbitmq))?;
    let whole = fold(log, crawl, &mut results, &mut each).await?;
    crawls.global.detail(|| format!("{} entries of the log were read", results.entries()));
    if !whole {
        crawls.global.say("the log ended before the counts of the Crawl's status were reached: results may be missing");
    }
    Ok(results)
}

/// Reads until nothing more comes. False when the log says less than the status.
async fn fold(
    mut log: LogReader,
    crawl: &Crawl,
    results: &mut Results,
    each: &mut impl FnMut(&Record),
) -> anyhow::Result<bool> {
    let pages = status(crawl).pages;
    let known = u64::try_from(pages.fetched + pages.failed + pages.redirected).unwrap_or(0);
    loop {
        let counts = results.counts();
        let caught_up = counts.fetched + counts.failed + counts.redirected >= known;
        match tokio::time::timeout(if caught_up { QUIET } else { PATIENCE }, log.next()).await {
            Err(_) => return Ok(caught_up),
            Ok(entry) => {
                let entry = entry.context("the log cannot be read to its end; try again")?;
                // What cannot be read, the operator counts and leaves out too.
                let Some(decoded) = entry.body.ok().and_then(|body| Entry::decode(&body).ok()) else { continue };
                if let Entry::Attempt(record) = &decoded {
                    each(record);
                }
                results.apply(entry.offset, &decoded);
            }
        }
    }
}

fn gone(error: BrokerError, rabbitmq: &Found) -> anyhow::Error {
    match error {
        BrokerError::NotFound { .. } => Problem::new(
            "the crawl's log is gone, and its results with it",
            "the operator fetches again what is missing while the crawl runs: kubectl crawl status NAME",
        )
        .because(error)
        .into(),
        error => {
            let hint = format!(
                "look at it: kubectl -n {} logs -l app.kubernetes.io/component=rabbitmq --tail=20",
                rabbitmq.namespace
            );
            Problem::new(format!("the crawl's log cannot be read: {error}"), hint).because(error).into()
        }
    }
}

/// The user that can only read.
async fn login(crawls: &Crawls<'_>, rabbitmq: &Found) -> anyhow::Result<(String, Password)> {
    let name = format!("{}-amqp-api", rabbitmq.name.strip_suffix("-rabbitmq").unwrap_or(&rabbitmq.name));
    let asked = Asked { verb: "get", resource: "secrets", namespace: Some(&rabbitmq.namespace) };
    let secrets: Api<Secret> = Api::namespaced(crawls.cluster.client.clone(), &rabbitmq.namespace);
    let secret = secrets.get(&name).await.map_err(|error| asked.refused(error, &crawls.cluster))?;
    let data = secret.data.unwrap_or_default();
    let text = |key: &str| data.get(key).and_then(|value| String::from_utf8(value.0.clone()).ok());
    match (text("username"), text("password")) {
        (Some(username), Some(password)) => Ok((username, Password::new(password))),
        _ => bail!("the Secret {name} in {} has no username and password", rabbitmq.namespace),
    }
}

/// The policies that the operator keeps to, as far as we may see them.
async fn policies(crawls: &Crawls<'_>) -> Vec<CrawlPolicy> {
    match Api::<CrawlPolicy>::all(crawls.cluster.client.clone()).list(&ListParams::default()).await {
        Ok(list) => list.items,
        Err(Error::Api(answer)) if answer.code == 403 => {
            crawls.global.say("you may not list crawlpolicies: where one holds something back, what is shown may differ from the counts");
            Vec::new()
        }
        Err(error) => {
            crawls.global.detail(|| format!("no policies could be read: {error}"));
            Vec::new()
        }
    }
}
