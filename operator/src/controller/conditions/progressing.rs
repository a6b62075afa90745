//! Progressing: something is being done, or why not. Its reason is the column people read.

use crawl_crds::CrawlStatus;
use crawl_rules::Restriction;

use super::{Saying, words};
use crate::controller::standing::{Change, Standing, Wait};

const LOG_LOST: &str = "the crawl's log was lost or shortened; what is missing is fetched again";

pub(super) fn progressing(standing: &Standing, restrictions: &[Restriction], status: &CrawlStatus) -> Saying {
    match standing {
        Standing::Invalid(message) => Saying::no("InvalidSpec", message.as_str()),
        Standing::Denied(message) => Saying::no("DeniedByPolicy", message.as_str()),
        Standing::Waiting(wait) => waiting(wait),
        Standing::Changing(change) => changing(*change),
        Standing::Running { log_lost: true, .. } => Saying::yes("LogLost", LOG_LOST),
        Standing::Running { holding: Some(why), .. } => Saying::yes("Crawling", why.as_str()),
        Standing::Running { holding: None, .. } => Saying::yes("Crawling", words::progress(status)),
        Standing::Suspended => Saying::no("Suspended", "spec.suspend is true: nothing new is fetched, nothing is lost"),
        Standing::Ended(ending) => Saying::no(ending.reason(), words::ending(*ending, restrictions, status)),
    }
}

fn waiting(wait: &Wait) -> Saying {
    match wait {
        Wait::Broker(why) => Saying::no("BrokerUnavailable", format!("RabbitMQ cannot be reached: {why}")),
        Wait::Slot(message) => Saying::no("WaitingForSlot", message.as_str()),
        Wait::Quota(message) => Saying::no("QuotaReached", message.as_str()),
        Wait::Policy(message) => Saying::no("PolicyUnreadable", message.as_str()),
        Wait::Headers(problem) => Saying::no(problem.trouble.reason(), problem.message.as_str()),
        Wait::Retry(message) => Saying::no("Retrying", message.as_str()),
        Wait::Opening => Saying::no("Opening", "the crawl's log is being opened and read"),
    }
}

fn changing(change: Change) -> Saying {
    match change {
        Change::Rules => {
            Saying::yes("Updating", "the crawl's log is being read again under the changed spec or policies")
        }
        Change::Suspend => Saying::yes("Suspending", "spec.suspend is true: the crawl is about to hold"),
        Change::Cancel => Saying::yes("Cancelling", "the crawl is about to end; its results are kept"),
        Change::Resume => Saying::yes("Resuming", "the crawl is about to go on"),
    }
}
