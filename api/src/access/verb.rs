//! What can be done with Crawls.

/// A verb of RBAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Look at one.
    Get,
    /// Look at all.
    List,
    /// Make one.
    Create,
    /// Change one.
    Patch,
    /// Delete one.
    Delete,
}

impl Verb {
    /// As RBAC writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Create => "create",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    /// Whether nothing changes by it.
    #[must_use]
    pub fn reads(self) -> bool {
        matches!(self, Self::Get | Self::List)
    }
}
