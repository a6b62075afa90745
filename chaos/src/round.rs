//! A round: one crawl of one web while things go wrong, and what must hold on the way and in the end.

use std::cell::Cell;
use std::time::{Duration, Instant};

use anyhow::Context;
use crawl_broker::Broker;
use crawl_crds::{Crawl, CrawlStatus};
use fastrand::Rng;
use kube::api::{DeleteParams, PostParams};
use kube::{Api, ResourceExt};
use serde_json::json;
use tokio::time::sleep;

use crate::fault::Fault;
use crate::look::Look;
use crate::site::{Site, Treatment};
use crate::stage::Stage;
use crate::web::{Counts, Web};

/// After the last fault: the longest that a crawl may take to end by itself. A lost task is published again after its
/// timeout and a minute.
const PATIENCE: Duration = Duration::from_secs(150);
/// How often the status is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// What a round is like, by its seed.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) hosts: usize,
    pub(crate) pages: usize,
    /// Milliseconds that an answer takes.
    pub(crate) slowness: u64,
    pub(crate) delay: Duration,
    pub(crate) per_host: u32,
    /// Less than there is, in some rounds.
    pub(crate) max_links: i64,
    pub(crate) two_leaders: bool,
    pub(crate) faults: usize,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// What went wrong, in order.
    pub(crate) suffered: Vec<Fault>,
    pub(crate) took: Duration,
    pub(crate) treatment: Treatment,
    pub(crate) expected: Counts,
    /// What does not hold, in words. Empty is good.
    pub(crate) violations: Vec<String>,
    /// The first request that a host had too soon, in words.
    pub(crate) too_soon: Option<String>,
}

impl Plan {
    /// Made of a seed alone.
    pub(crate) fn from_seed(seed: u64, faults: usize) -> (Self, Rng) {
        let mut rng = Rng::with_seed(seed);
        let pages = rng.usize(800..2400);
        let plan = Self {
            seed,
            hosts: rng.usize(2..6),
            pages,
            slowness: rng.u64(1..10),
            delay: Duration::from_millis(rng.u64(0..40)),
            per_host: rng.u32(1..3),
            max_links: if rng.u8(..4) == 0 { i64::try_from(pages / 2).unwrap_or(100) } else { 5000 },
            two_leaders: rng.u8(..4) == 0,
            faults,
        };
        (plan, rng)
    }

    fn crawl(&self, web: &Web) -> anyhow::Result<Crawl> {
        let spec = json!({
            "seeds": web.seeds(),
            "maxLinks": self.max_links,
            "maxDepth": 100,
            "scope": {"type": "Host"},
            "politeness": {"delay": format!("{}ms", self.delay.as_millis()), "perHostConcurrency": self.per_host},
            "retry": {"maxAttempts": 2, "backoff": "50ms", "maxBackoff": "200ms"},
            "fetch": {"timeout": "5s"},
        });
        Ok(Crawl::new(&format!("seed-{}", self.seed), serde_json::from_value(spec)?))
    }
}

/// Plays a round to its end.
pub(crate) async fn play(
    plan: &Plan,
    rng: &mut Rng,
    stage: &Stage,
    workers: usize,
    crawls: &Api<Crawl>,
    broker: &Broker,
) -> anyhow::Result<Outcome> {
    let site = Site::start().await?;
    let web = Web::grow(rng, plan.hosts, plan.pages, site.port);
    let expected = web.walk();
    let crawl = plan.crawl(&web)?;
    site.serve(web, plan.slowness);
    let begun = Instant::now();
    let created = crawls.create(&PostParams::default(), &crawl).await.context("the Crawl was refused")?;
    let (name, uid) = (created.name_any(), created.uid().context("no uid")?);
    let state = State::default();
    let (suffered, watched) =
        tokio::join!(suffer(plan, rng, stage, workers, &state), watch(plan, expected, &site, crawls, &name, &state),);
    let (suffered, Look { mut violations, too_soon, .. }) = (suffered?, watched?);
    let (took, treatment) = (begun.elapsed(), site.treatment());
    violations.extend(left_behind(crawls, broker, &name, &uid).await?);
    Ok(Outcome { suffered, took, treatment, expected, violations, too_soon })
}

/// Where faults and crawl stand; both ends of a round tell each other.
#[derive(Default)]
struct State {
    crawl_ended: Cell<bool>,
    faults_ended: Cell<Option<Instant>>,
    /// The one that is under way, or was last.
    fault: Cell<Option<Fault>>,
}

/// Has things go wrong until there were enough of them or the crawl has ended.
async fn suffer(
    plan: &Plan,
    rng: &mut Rng,
    stage: &Stage,
    workers: usize,
    state: &State,
) -> anyhow::Result<Vec<Fault>> {
    let mut suffered = Vec::new();
    while suffered.len() < plan.faults && !state.crawl_ended.get() {
        sleep(Duration::from_millis(rng.u64(10..250))).await;
        let fault = Fault::choose(rng, workers, plan.two_leaders);
        state.fault.set(Some(fault));
        if stage.suffer(fault).await.with_context(|| format!("cannot bring about: {}", fault.kind()))? {
            suffered.push(fault);
        }
    }
    state.faults_ended.set(Some(Instant::now()));
    Ok(suffered)
}

/// Looks at the status until the crawl has ended.
async fn watch<'a>(
    plan: &'a Plan,
    expected: Counts,
    site: &Site,
    crawls: &Api<Crawl>,
    name: &str,
    state: &State,
) -> anyhow::Result<Look<'a>> {
    let mut look = Look::new(plan, expected);
    loop {
        sleep(LOOK).await;
        let status = crawls.get_status(name).await.context("the Crawl cannot be read")?.status.unwrap_or_default();
        look.on_the_way(&status, &site.treatment(), state.fault.get());
        let ended = ["Complete", "Failed"].iter().any(|kind| is_true(&status, kind));
        let stuck = state.faults_ended.get().is_some_and(|ended| ended.elapsed() > PATIENCE);
        if ended || stuck {
            state.crawl_ended.set(true);
            look.at_the_end(&status, ended);
            return Ok(look);
        }
    }
}

/// Deletes the Crawl; answers what is left of it.
async fn left_behind(crawls: &Api<Crawl>, broker: &Broker, name: &str, uid: &str) -> anyhow::Result<Vec<String>> {
    crawls.delete(name, &DeleteParams::default()).await.context("the Crawl cannot be deleted")?;
    let begun = Instant::now();
    while crawls.get_opt(name).await?.is_some() {
        if begun.elapsed() > PATIENCE {
            return Ok(vec![format!("its finalizer is stuck for {} s", PATIENCE.as_secs())]);
        }
        sleep(LOOK).await;
    }
    let log_is_left = broker.log_exists(uid).await?;
    Ok(log_is_left.then(|| "its log is left in the broker".to_owned()).into_iter().collect())
}

fn is_true(status: &CrawlStatus, kind: &str) -> bool {
    status.conditions.iter().any(|condition| condition.type_ == kind && condition.status == "True")
}
