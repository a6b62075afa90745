//! How a view stands, as it knows itself. What a reader is told depends on the crawl, too.

/// How a view stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It reads what there is of its log.
    Loading,
    /// It has read all there is, and reads on.
    Live,
    /// It cannot read on, for this reason; what it has read holds.
    Stale(String),
    /// There is no log yet.
    NoLog,
    /// There was a log, and it is gone.
    Lost,
    /// It takes more memory than all views may.
    TooLarge,
}

impl Stand {
    /// Whether something may come of waiting a little.
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Loading)
    }
}
