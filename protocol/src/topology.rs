//! The names and arguments of the broker objects. Fixed once: redeclaring with other arguments is refused by the broker.

/// Direct exchange for tasks; the routing key is the worker pool.
pub const TASKS_EXCHANGE: &str = "crawl.tasks";
/// Direct exchange for log entries; the routing key is the crawl's uid.
pub const LOG_EXCHANGE: &str = "crawl.log";
/// Fanout exchange for tasks that could not be done.
pub const DEAD_EXCHANGE: &str = "crawl.dlx";
/// Quorum queue behind [`DEAD_EXCHANGE`], read by the operator.
pub const DEAD_QUEUE: &str = "crawl.dead";
/// Quorum queue for messages that nobody can read, kept for people to look at.
pub const UNREADABLE_QUEUE: &str = "crawl.unreadable";

/// Deliveries of one task after which it is dead-lettered.
pub const DELIVERY_LIMIT: i64 = 20;
/// Messages that a task queue holds at most; the operator keeps far below it.
pub const TASK_QUEUE_MAX_LENGTH: i64 = 100_000;
/// Messages that the dead letter queue and the queue of unreadable messages hold at most.
pub const DEAD_QUEUE_MAX_LENGTH: i64 = 10_000;
/// Size of one segment of a log, bytes.
pub const LOG_SEGMENT_BYTES: i64 = 32_000_000;

/// Bodies above this many bytes travel zstd-compressed.
pub const COMPRESS_ABOVE_BYTES: usize = 2048;

/// The quorum queue of a worker pool.
#[must_use]
pub fn task_queue(pool: &str) -> String {
    format!("crawl.tasks.{pool}")
}

/// The stream that is a crawl's log.
#[must_use]
pub fn log_stream(crawl: &str) -> String {
    format!("crawl.log.{crawl}")
}

/// The `message_id` of a task and of its record: `<crawl>/<page>/<attempt>`.
#[must_use]
pub fn message_id(crawl: &str, page: &str, attempt: u32) -> String {
    format!("{crawl}/{page}/{attempt}")
}
