//! The results of crawls that are being looked at, each folded from its log and kept up to date while it is used.
//!
//! A view is made when somebody asks for it and goes when nobody does, or when others need its memory. Nothing in here is
//! state: any view can be dropped at any time and made again from its log. It must never write to a log, and never ask the
//! operator anything.

mod batch;
mod catching_up;
mod fold;
mod reading;
mod record;
mod session;
mod stand;
mod table;
mod tail;
mod view;
mod wanted;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crawl_rules::Book;
use prometheus_client::metrics::{counter::Counter, gauge::Gauge};
use prometheus_client::registry::Registry;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::args::Args;

use self::session::SessionState;
use self::table::Table;
use self::tail::Tail;
use self::view::lock;

pub(crate) use crate::routes::reference_pages;

pub use self::record::NoRecord;
pub use self::session::HowToConnect;
pub use self::stand::Stand;
pub use self::table::Limits;
pub use self::view::{NotRead, Reader, View, Wanted};
pub use self::wanted::NotWanted;

/// Logs that are read from their beginning at the same time; others wait.
const LOADING: usize = 3;
/// Who reads results at the same time; others wait.
const READERS: usize = 8;
/// Records that are looked up in logs at the same time, each on a channel of its own.
const LOOKUPS: usize = 8;
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// The results that are being looked at. Clones share them.
#[derive(Clone)]
pub struct Views(Arc<Shared>);

/// What all views have in common.
struct Shared {
    table: Mutex<Table<Arc<View>>>,
    policies: Mutex<Book>,
    session: watch::Sender<SessionState>,
    loading: Arc<Semaphore>,
    readers: Arc<Semaphore>,
    lookups: Semaphore,
    counted: Counted,
    shutdown: CancellationToken,
}

/// What is counted of views.
#[derive(Default)]
struct Counted {
    entries: Counter,
    unreadable: Counter,
    loaded: Counter,
    views: Gauge,
    bytes: Gauge,
}

impl Views {
    /// As the arguments have it.
    #[must_use]
    pub fn new(args: &Args) -> Self {
        let memory = usize::try_from(args.view_memory).unwrap_or(usize::MAX).saturating_mul(1024 * 1024);
        let limits = Limits { memory, ..Limits::default() };
        let args = args.clone();
        let connect = Box::new(move || args.broker());
        Self::start(connect, limits, CancellationToken::new())
    }

    /// Connects to the broker; no log is read before somebody asks. Ends with `shutdown`.
    #[must_use]
    pub fn start(connect: HowToConnect, limits: Limits, shutdown: CancellationToken) -> Self {
        let shared = Arc::new(Shared {
            table: Mutex::new(Table::new(limits)),
            policies: Mutex::default(),
            session: watch::Sender::new(SessionState::Begun),
            loading: Arc::new(Semaphore::new(LOADING)),
            readers: Arc::new(Semaphore::new(READERS)),
            lookups: Semaphore::new(LOOKUPS),
            counted: Counted::default(),
            shutdown: shutdown.clone(),
        });
        tokio::spawn(session::keep(connect, shared.session.clone(), shutdown));
        Self(shared)
    }

    /// Has what is counted scraped.
    pub fn register(&self, registry: &mut Registry) {
        let Counted { entries, unreadable, loaded, views, bytes } = &self.0.counted;
        registry.register("view_entries_read", "Log entries read for views", entries.clone());
        let help = "Log entries that could not be read and were passed over";
        registry.register("view_unreadable_entries", help, unreadable.clone());
        registry.register("views_loaded", "How often a view had read all there was of its log", loaded.clone());
        registry.register("views", "Crawls whose results are in memory", views.clone());
        registry.register("view_bytes", "Memory that the results in memory take", bytes.clone());
    }

    /// Drops what nobody asks for, and views of crawls that are gone, until the process ends. `is_there` says of a uid whether
    /// its crawl is.
    pub async fn keep_tidy<There: Fn(&str) -> bool>(&self, mut crawls: impl FnMut() -> There) {
        while !self.0.shutdown.is_cancelled() {
            let is_there = crawls();
            let dropped = lock(&self.0.table).sweep(Instant::now(), is_there);
            self.0.end(dropped);
            tokio::select! {
                () = tokio::time::sleep(SWEEP_EVERY) => {}
                () = self.0.shutdown.cancelled() => {}
            }
        }
    }

    /// The view of this crawl; one that is not there begins to read.
    #[must_use]
    pub fn of(&self, wanted: Wanted) -> Arc<View> {
        let shared = &self.0;
        let uid = wanted.uid.clone();
        let make = |id| {
            let view = View::new(id, wanted.clone(), Arc::clone(&shared.readers), shared.shutdown.child_token());
            let view = Arc::new(view);
            tokio::spawn(Tail::new(Arc::clone(shared), Arc::clone(&view)).run());
            view
        };
        let (view, dropped) = lock(&shared.table).get_or_make(&uid, Instant::now(), make);
        shared.end(dropped);
        view.want(wanted);
        view
    }

    /// The view of this crawl, where there is one. Does not count as use.
    #[must_use]
    pub fn peek(&self, uid: &str) -> Option<Arc<View>> {
        lock(&self.0.table).peek(uid)
    }

    /// Why the broker cannot be reached, if it cannot.
    #[must_use]
    pub fn broker_trouble(&self) -> Option<String> {
        match &*self.0.session.borrow() {
            SessionState::Down(reason) => Some(reason.to_string()),
            SessionState::Begun | SessionState::Up(_) => None,
        }
    }
}

impl Shared {
    /// These were taken out of the table: they end. Says what is left, too.
    fn end(&self, dropped: Vec<Arc<View>>) {
        for view in dropped {
            tracing::debug!(crawl = view.uid, "a view was dropped");
            view.end.cancel();
        }
        let table = lock(&self.table);
        self.counted.views.set(i64::try_from(table.len()).unwrap_or(i64::MAX));
        self.counted.bytes.set(i64::try_from(table.weight()).unwrap_or(i64::MAX));
    }
}

/// Milliseconds since the epoch.
fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
