//! Events: a diary of the crawl's transitions, in `kubectl describe`.
//!
//! Which ones is a pure function of the status before and after. A lost event is logged and counted, never a failed reconcile.

use crawl_crds::{Crawl, CrawlStatus};
use k8s_openapi::api::core::v1::ObjectReference;
use kube::Resource as _;
use kube::runtime::events::{Event, EventType, Recorder};

use super::conditions::{ACCEPTED, COMPLETE, FAILED, PROGRESSING, RESTRICTED, SUSPENDED, find, holds};
use super::headers::Trouble;
use crate::metrics::ControllerMetrics;

/// Events longer than this are refused by the API server.
const NOTE_BYTES: usize = 1000;

/// The reasons of our events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Started,
    Suspended,
    Resumed,
    Completed,
    Cancelled,
    Failed,
    InvalidSpec,
    /// Policies leave nothing of the crawl.
    DeniedByPolicy,
    /// A policy holds something back.
    Restricted,
    /// None does any more.
    Unrestricted,
    /// As many crawls of the namespace run as a policy allows.
    QuotaReached,
    /// A policy cannot be read, so the crawl does not run.
    PolicyUnreadable,
    /// A Secret with headers cannot be used, so the crawl does not run.
    Secret(Trouble),
    BrokerUnavailable,
    LogLost,
    /// The log of a deleted Crawl was left on the broker.
    LogLeft,
    /// The stored object is not one that this version can read.
    Unreadable,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Started => "Started",
            Self::Suspended => "Suspended",
            Self::Resumed => "Resumed",
            Self::Completed => "Completed",
            Self::Cancelled => "Cancelled",
            Self::Failed => "Failed",
            Self::InvalidSpec => "InvalidSpec",
            Self::DeniedByPolicy => "DeniedByPolicy",
            Self::Restricted => "Restricted",
            Self::Unrestricted => "Unrestricted",
            Self::QuotaReached => "QuotaReached",
            Self::PolicyUnreadable => "PolicyUnreadable",
            Self::Secret(trouble) => trouble.reason(),
            Self::BrokerUnavailable => "BrokerUnavailable",
            Self::LogLost => "LogLost",
            Self::LogLeft => "LogLeft",
            Self::Unreadable => "Unreadable",
        }
    }

    fn type_(self) -> EventType {
        match self {
            Self::Started
            | Self::Suspended
            | Self::Resumed
            | Self::Completed
            | Self::Cancelled
            | Self::Restricted
            | Self::Unrestricted
            | Self::QuotaReached => EventType::Normal,
            Self::Failed
            | Self::InvalidSpec
            | Self::DeniedByPolicy
            | Self::PolicyUnreadable
            | Self::Secret(_)
            | Self::BrokerUnavailable
            | Self::LogLost
            | Self::LogLeft
            | Self::Unreadable => EventType::Warning,
        }
    }
}

/// One entry of the diary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) reason: Reason,
    pub(crate) note: String,
}

/// What happened between two statuses.
pub(crate) fn transitions(before: &CrawlStatus, after: &CrawlStatus) -> Vec<Notice> {
    let became = |kind| holds(&after.conditions, kind) && !holds(&before.conditions, kind);
    let ceased = |kind| !holds(&after.conditions, kind) && holds(&before.conditions, kind);
    let reason = |status: &CrawlStatus, kind| find(&status.conditions, kind).map(|c| c.reason.clone());
    let came_to =
        |kind, word| reason(after, kind).as_deref() == Some(word) && reason(before, kind).as_deref() != Some(word);
    let over = holds(&after.conditions, COMPLETE) || holds(&after.conditions, FAILED);
    let cancelled = reason(after, FAILED).as_deref() == Some("Cancelled");

    let mut notices = Vec::new();
    let mut tell = |happened: bool, reason: Reason, kind: &str| {
        if happened {
            let note = find(&after.conditions, kind).map(|condition| condition.message.clone());
            notices.push(Notice { reason, note: note.unwrap_or_default() });
        }
    };
    tell(came_to(ACCEPTED, "InvalidSpec"), Reason::InvalidSpec, ACCEPTED);
    tell(came_to(ACCEPTED, "DeniedByPolicy"), Reason::DeniedByPolicy, ACCEPTED);
    tell(became(RESTRICTED), Reason::Restricted, RESTRICTED);
    tell(ceased(RESTRICTED), Reason::Unrestricted, RESTRICTED);
    tell(came_to(PROGRESSING, "QuotaReached"), Reason::QuotaReached, PROGRESSING);
    tell(came_to(PROGRESSING, "PolicyUnreadable"), Reason::PolicyUnreadable, PROGRESSING);
    for trouble in Trouble::ALL {
        tell(came_to(PROGRESSING, trouble.reason()), Reason::Secret(trouble), PROGRESSING);
    }
    tell(before.start_time.is_none() && after.start_time.is_some(), Reason::Started, PROGRESSING);
    tell(came_to(PROGRESSING, "BrokerUnavailable"), Reason::BrokerUnavailable, PROGRESSING);
    tell(came_to(PROGRESSING, "LogLost"), Reason::LogLost, PROGRESSING);
    tell(became(SUSPENDED), Reason::Suspended, SUSPENDED);
    let goes_on = ceased(SUSPENDED) || ceased(COMPLETE) || ceased(FAILED);
    tell(goes_on && !over && !holds(&after.conditions, SUSPENDED), Reason::Resumed, PROGRESSING);
    tell(became(COMPLETE), Reason::Completed, COMPLETE);
    tell(became(FAILED) && cancelled, Reason::Cancelled, FAILED);
    tell(became(FAILED) && !cancelled, Reason::Failed, FAILED);
    notices
}

/// Writes the diary. One for the process: its memory turns repetitions into a count.
#[derive(Clone)]
pub(crate) struct Diary {
    recorder: Recorder,
    metrics: ControllerMetrics,
}

impl Diary {
    pub(crate) fn new(recorder: Recorder, metrics: ControllerMetrics) -> Self {
        Self { recorder, metrics }
    }

    /// Notes what happened to a crawl.
    pub(crate) async fn write(&self, crawl: &Crawl, notices: &[Notice]) {
        for notice in notices {
            self.note(&crawl.object_ref(&()), notice).await;
        }
    }

    /// Notes one thing.
    pub(crate) async fn note(&self, about: &ObjectReference, notice: &Notice) {
        let mut note = notice.note.clone();
        note.truncate(note.floor_char_boundary(NOTE_BYTES));
        let event = Event {
            type_: notice.reason.type_(),
            reason: notice.reason.as_str().to_owned(),
            note: Some(note),
            action: "Reconcile".to_owned(),
            secondary: None,
        };
        if let Err(error) = self.recorder.publish(&event, about).await {
            self.metrics.lost_events.inc();
            tracing::warn!(error = crate::logs::chain(&error), reason = event.reason, "an event was not taken");
        }
    }
}

#[cfg(test)]
mod tests;
