//! Where a crawl stands: one word for what spec, progress and broker say together. Conditions are written from it.
//!
//! Pure. A standing is *settled* when the runner speaks of the spec as it is now: the same rules, the same mode.
//! Until then nothing may be said of the new generation but that it is being worked on.

use super::headers::Problem;
use super::observe::{Broker, Observed};
use crate::runner::{Awaited, Finish, Mode, Progress, Stage};

/// Where a crawl stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The spec cannot be followed.
    Invalid(String),
    /// Policies leave nothing of it.
    Denied(String),
    /// Nothing happens: the broker is away, all slots are taken, a Secret is missing.
    Waiting(Wait),
    /// The runner does not yet do what the spec says now.
    Changing(Change),
    /// Pages are being fetched.
    Running {
        /// Why nothing is fetched right now.
        holding: Option<String>,
        /// The log was found lost or shortened.
        log_lost: bool,
    },
    /// Held by the user.
    Suspended,
    /// Over.
    Ended(Ending),
}

/// Why nothing happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// The broker cannot be reached, in its words.
    Broker(String),
    /// As many crawls as may run at the same time do.
    Slot(String),
    /// As many crawls of its namespace as may run do.
    Quota(String),
    /// A policy that may be for its namespace cannot be read.
    Policy(String),
    /// The headers that requests are to carry cannot be used.
    Headers(Problem),
    /// The broker answers, but has just refused something of this crawl, in the runner's words.
    Retry(String),
    /// The log is being read.
    Opening,
}

/// What the runner is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Read the log again under the changed rules.
    Rules,
    /// Hold.
    Suspend,
    /// End.
    Cancel,
    /// Go on.
    Resume,
}

/// How a crawl ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing is left to fetch.
    FrontierEmpty,
    /// As many pages as asked for were processed.
    MaxLinksReached,
    /// No seed could be fetched.
    AllSeedsFailed,
    /// The user ended it.
    Cancelled,
    /// `activeDeadlineSeconds` passed.
    DeadlineExceeded,
}

impl Ending {
    /// The reason in conditions and in `stopReason`.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::FrontierEmpty => "FrontierEmpty",
            Self::MaxLinksReached => "MaxLinksReached",
            Self::AllSeedsFailed => "AllSeedsFailed",
            Self::Cancelled => "Cancelled",
            Self::DeadlineExceeded => "DeadlineExceeded",
        }
    }

    /// Whether the crawl did what was asked: condition Complete, else Failed.
    pub(crate) fn complete(self) -> bool {
        matches!(self, Self::FrontierEmpty | Self::MaxLinksReached)
    }
}

impl Standing {
    /// Whether this speaks of the spec as it is now.
    pub(crate) fn settled(&self) -> bool {
        match self {
            Self::Waiting(_) | Self::Changing(_) => false,
            Self::Invalid(_) | Self::Denied(_) | Self::Running { .. } | Self::Suspended | Self::Ended(_) => true,
        }
    }
}

/// Where a crawl with a valid spec stands.
pub(crate) fn standing(observed: &Observed<'_>, spec_hash: &str) -> Standing {
    if let Some(why) = observed.barred().filter(|_| observed.mode() == Mode::Run) {
        return Standing::Waiting(Wait::Policy(why.to_owned()));
    }
    if let Some(problem) = observed.headers.problem() {
        return Standing::Waiting(Wait::Headers(problem.clone()));
    }
    let Some(progress) = &observed.progress else {
        return waiting(observed, Wait::Opening);
    };
    match &progress.stage {
        Stage::Waiting { what, message } => waiting(observed, wait(*what, message.clone())),
        Stage::Opening => waiting(observed, Wait::Opening),
        _ if progress.spec_hash != spec_hash => Standing::Changing(Change::Rules),
        Stage::Running => running(observed, progress),
        Stage::Suspended => suspended(observed),
        Stage::Finished(finish) => ended(observed, *finish),
    }
}

fn wait(what: Awaited, message: String) -> Wait {
    match what {
        Awaited::Slot => Wait::Slot(message),
        Awaited::Quota => Wait::Quota(message),
        Awaited::Broker => Wait::Retry(message),
    }
}

/// A broker that is away explains every wait; one that is about to answer only those that are for it.
fn waiting(observed: &Observed<'_>, otherwise: Wait) -> Standing {
    Standing::Waiting(match (&observed.broker, otherwise) {
        (Broker::Away(why), _) => Wait::Broker(why.clone()),
        (Broker::Connecting, Wait::Retry(_)) => Wait::Opening,
        (Broker::Up | Broker::Connecting, otherwise) => otherwise,
    })
}

fn running(observed: &Observed<'_>, progress: &Progress) -> Standing {
    match observed.mode() {
        Mode::Run => Standing::Running { holding: progress.holding.clone(), log_lost: progress.log_lost },
        Mode::Suspend => Standing::Changing(Change::Suspend),
        Mode::Cancel => Standing::Changing(Change::Cancel),
    }
}

fn suspended(observed: &Observed<'_>) -> Standing {
    match observed.mode() {
        Mode::Run => Standing::Changing(Change::Resume),
        Mode::Suspend => Standing::Suspended,
        Mode::Cancel => Standing::Changing(Change::Cancel),
    }
}

/// An end by itself stands whatever the mode; a cancelled crawl goes on when nobody wants it cancelled any more.
fn ended(observed: &Observed<'_>, finish: Finish) -> Standing {
    match finish {
        Finish::FrontierEmpty => Standing::Ended(Ending::FrontierEmpty),
        Finish::MaxLinksReached => Standing::Ended(Ending::MaxLinksReached),
        Finish::AllSeedsFailed => Standing::Ended(Ending::AllSeedsFailed),
        Finish::Cancelled if observed.crawl.spec.cancel => Standing::Ended(Ending::Cancelled),
        Finish::Cancelled if observed.overdue() => Standing::Ended(Ending::DeadlineExceeded),
        Finish::Cancelled => Standing::Changing(Change::Resume),
    }
}
