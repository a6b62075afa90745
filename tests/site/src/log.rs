//! Who asked what, from when to when, in microseconds of one clock that never goes back.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde::Serialize;

/// Older visits are forgotten beyond this number.
const KEPT: usize = 200_000;

/// One request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Visit {
    /// When its head had been read.
    start_us: u64,
    /// When all of the answer had been handed over to be sent, or the client had gone. Absent while it is under way.
    end_us: Option<u64>,
    /// The first label of the host's name.
    host: String,
    /// Path and query.
    path: String,
    agent: String,
    /// The Authorization header; empty where there was none.
    authorization: String,
    /// 0 while there is no answer.
    status: u16,
}

/// All visits, oldest first.
#[derive(Clone)]
pub(crate) struct Log {
    inner: Arc<Mutex<Inner>>,
    began: Instant,
    began_since_epoch: Duration,
}

#[derive(Default)]
struct Inner {
    visits: Vec<Visit>,
    /// How many were forgotten: a visit's number is its place among all.
    forgotten: usize,
    by_path: HashMap<String, u32>,
}

/// Ends a visit when it is dropped, whatever ended it: the answer was sent, the client went away.
pub(crate) struct Open {
    log: Log,
    number: usize,
}

impl Log {
    pub(crate) fn new() -> Self {
        let began_since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { inner: Arc::default(), began: Instant::now(), began_since_epoch }
    }

    pub(crate) fn now_us(&self) -> u64 {
        u64::try_from((self.began_since_epoch + self.began.elapsed()).as_micros()).unwrap_or(u64::MAX)
    }

    /// Begins a visit; answers how many there were before to the same path of the same host.
    pub(crate) fn open(&self, host: &str, path: &str, agent: &str, authorization: &str) -> (Open, u32) {
        let mut inner = self.lock();
        if inner.visits.len() >= KEPT {
            inner.visits.drain(..KEPT / 2);
            inner.forgotten += KEPT / 2;
        }
        let earlier = inner.by_path.entry(format!("{host}{path}")).or_default();
        let before = *earlier;
        *earlier += 1;
        // Under the lock, so that the log is in the order of its times.
        let start_us = self.now_us();
        inner.visits.push(Visit {
            start_us,
            end_us: None,
            host: host.to_owned(),
            path: path.to_owned(),
            agent: agent.to_owned(),
            authorization: authorization.to_owned(),
            status: 0,
        });
        let number = inner.forgotten + inner.visits.len() - 1;
        drop(inner);
        (Open { log: self.clone(), number }, before)
    }

    /// The visits to a host that began at `since_us` or later, as JSON lines.
    pub(crate) fn lines(&self, host: &str, since_us: u64) -> String {
        let inner = self.lock();
        let wanted = inner.visits.iter().filter(|visit| visit.host == host && visit.start_us >= since_us);
        wanted.filter_map(|visit| serde_json::to_string(visit).ok()).map(|line| line + "\n").collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, number: usize, change: impl FnOnce(&mut Visit)) {
        let mut inner = self.lock();
        let place = number.checked_sub(inner.forgotten);
        if let Some(visit) = place.and_then(|place| inner.visits.get_mut(place)) {
            change(visit);
        }
    }
}

impl Open {
    pub(crate) fn answered(&self, status: u16) {
        self.log.change(self.number, |visit| visit.status = status);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let now = self.log.now_us();
        self.log.change(self.number, |visit| visit.end_us = Some(now));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_ends_when_it_is_dropped() {
        let log = Log::new();
        let (open, before) = log.open("a", "/x", "test", "");
        assert_eq!(before, 0);
        open.answered(200);
        let line: serde_json::Value = serde_json::from_str(&log.lines("a", 0)).unwrap();
        assert_eq!((&line["endUs"], &line["status"]), (&serde_json::Value::Null, &200.into()));
        drop(open);
        let line: serde_json::Value = serde_json::from_str(&log.lines("a", 0)).unwrap();
        assert!(line["endUs"].as_u64() >= line["startUs"].as_u64());
        assert_eq!(
            (log.open("a", "/x", "", "").1, log.open("b", "/x", "", "").1),
            (1, 0),
            "visits to the same path before"
        );
        assert_eq!((log.lines("b", 0).lines().count(), log.lines("b", u64::MAX).as_str()), (1, ""));
    }
}
