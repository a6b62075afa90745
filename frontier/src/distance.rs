//! How far a page is from the seeds.

/// How a page is reached: both parts are minima over all ways, each on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Distance {
    /// Links from a seed; [`UNREACHED`] while only nofollow links lead here.
    pub(crate) depth: u16,
    /// Redirects in a row that led here; 0 when a link or a seed does.
    pub(crate) redirects: u8,
}

/// The depth of a page that only nofollow links lead to.
pub(crate) const UNREACHED: u16 = u16::MAX;

impl Distance {
    pub(crate) const SEED: Self = Self { depth: 0, redirects: 0 };
    pub(crate) const NOFOLLOW: Self = Self { depth: UNREACHED, redirects: 0 };
    /// A sitemap lies as near as a seed does.
    pub(crate) const LISTED: Self = Self { depth: 1, redirects: 0 };

    /// The distance of what a page at this distance links to.
    pub(crate) fn over_link(self) -> Self {
        let further = self.depth.saturating_add(1).min(UNREACHED - 1);
        Self { depth: if self.depth == UNREACHED { UNREACHED } else { further }, redirects: 0 }
    }

    /// The distance of what a page at this distance redirects to.
    pub(crate) fn over_redirect(self) -> Self {
        Self { depth: self.depth, redirects: self.redirects.saturating_add(1) }
    }

    pub(crate) fn nearest(self, other: Self) -> Self {
        if self.depth == UNREACHED || other.depth == UNREACHED {
            // A way that may not be followed says nothing of redirects.
            return if self.depth == UNREACHED { other } else { self };
        }
        Self { depth: self.depth.min(other.depth), redirects: self.redirects.min(other.redirects) }
    }
}
