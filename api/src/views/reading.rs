//! The reading of one log within one session: from its first entry, or behind the last one that was read before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crawl_broker::{BrokerError, LogEntry, LogReader};

use super::batch::next_batch;
use super::fold::Mark;
use super::session::Session;
use super::view::{View, Wanted};

/// The last entry that was read is there, so it comes at once if the log is still the same one.
const SAME_WITHIN: Duration = Duration::from_secs(10);

/// Why a reading ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// The view is of no more use.
    #[error("the view ended")]
    Ended,
    /// Other rules are wanted.
    #[error("the rules of the crawl changed")]
    Changed,
    /// What was read before is not there.
    #[error("the log is not the one that was read before")]
    OtherLog,
    /// It takes more memory than all views may.
    #[error("the results take more memory than there is for all")]
    TooLarge,
    /// The session ended, perhaps for a reason that has nothing to do with this log.
    #[error("the connection to RabbitMQ is gone")]
    SessionEnded,
    /// The rules or an entry.
    #[error("{0}")]
    Unfoldable(String),
    /// The broker says so.
    #[error(transparent)]
    Broker(#[from] BrokerError),
}

/// An open log.
pub(super) struct Reading {
    log: LogReader,
    session: Arc<Session>,
    view: Arc<View>,
}

impl Reading {
    /// Opens the log behind `last`, or from its first entry.
    pub(super) async fn open(session: &Arc<Session>, view: &Arc<View>, last: Option<Mark>) -> Result<Self, Stopped> {
        let opening = async {
            match last {
                Some(last) => session.broker.read_log_from(&view.uid, last.offset).await,
                None => session.broker.read_log(&view.uid).await,
            }
        };
        let opened = tokio::select! {
            opened = opening => opened,
            () = session.failed.cancelled() => return Err(Stopped::SessionEnded),
            () = view.end.cancelled() => return Err(Stopped::Ended),
        };
        let log = opened.map_err(|error| failed(error, session))?;
        let mut reading = Self { log, session: Arc::clone(session), view: Arc::clone(view) };
        if let Some(last) = last {
            reading.find(last).await?;
        }
        Ok(reading)
    }

    /// The next entries, whenever they come.
    pub(super) async fn next(&mut self, wanted: &Wanted) -> Result<Vec<LogEntry>, Stopped> {
        let mut changes = self.view.wanted.subscribe();
        tokio::select! {
            batch = next_batch(&mut self.log) => batch.map_err(|error| failed(error, &self.session)),
            _ = changes.wait_for(|now| now.spec_hash != wanted.spec_hash) => Err(Stopped::Changed),
            () = self.session.failed.cancelled() => Err(Stopped::SessionEnded),
            () = self.view.end.cancelled() => Err(Stopped::Ended),
        }
    }

    /// The next entries, if they come until then.
    pub(super) async fn next_until(
        &mut self,
        wanted: &Wanted,
        until: Instant,
    ) -> Result<Option<Vec<LogEntry>>, Stopped> {
        tokio::time::timeout_at(until.into(), self.next(wanted)).await.ok().transpose()
    }

    /// Meets the last entry that was read before.
    async fn find(&mut self, last: Mark) -> Result<(), Stopped> {
        let met = async {
            loop {
                let entry = self.log.next().await?;
                if entry.offset >= last.offset {
                    return Ok(Mark::of(&entry) == last);
                }
            }
        };
        let met = tokio::select! {
            // Past its end, a log is silent.
            met = tokio::time::timeout(SAME_WITHIN, met) => met.unwrap_or(Ok(false)),
            () = self.session.failed.cancelled() => return Err(Stopped::SessionEnded),
            () = self.view.end.cancelled() => return Err(Stopped::Ended),
        };
        match met {
            Ok(true) => Ok(()),
            Ok(false) => Err(Stopped::OtherLog),
            Err(error) => Err(failed(error, &self.session)),
        }
    }
}

/// An error that does not only concern this log ends the session for all.
fn failed(error: BrokerError, session: &Session) -> Stopped {
    let only_this = matches!(
        error,
        BrokerError::NotFound { .. }
            | BrokerError::Unavailable { .. }
            | BrokerError::Denied { .. }
            | BrokerError::Ended { .. }
            | BrokerError::NotAStream { .. }
            | BrokerError::NameTooLong { .. }
    );
    if !only_this {
        session.failed.cancel();
    }
    error.into()
}
