//! Results of crawls, folded from their logs. (Part D.)

use crawl_crds::Crawl;

use crate::args::Args;
use crate::model::{Rate, ResultsState};

/// The results that are being looked at. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Views {}

impl Views {
    /// None yet; nothing is read before somebody asks.
    #[must_use]
    pub fn new(_args: &Args) -> Self {
        Self {}
    }

    /// How the results of this crawl stand, without beginning to read them.
    #[must_use]
    pub fn state(&self, _crawl: &Crawl) -> ResultsState {
        ResultsState::default()
    }

    /// How fast it is, where its results are being read.
    #[must_use]
    pub fn rate(&self, _crawl: &Crawl) -> Option<Rate> {
        None
    }
}
