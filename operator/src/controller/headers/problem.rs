//! Why the headers of a crawl cannot be used, and what to do about it, in words that can be pasted.
//!
//! A problem names Secrets and header names and never shows a value.

use super::check::TYPE;

/// Why the headers of a crawl cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What kind of trouble it is.
    pub(crate) trouble: Trouble,
    /// What it is, and what to do.
    pub(crate) message: String,
}

/// The kinds of trouble: reasons of conditions and events. In order: what is to be mended first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// The operator has no right to read a Secret.
    Forbidden,
    /// A Secret is not there.
    Missing,
    /// A Secret holds what cannot be used.
    Invalid,
    /// The API server does not say, or the operator cannot seal.
    Unreadable,
}

impl Trouble {
    pub(crate) const ALL: [Self; 4] = [Self::Forbidden, Self::Missing, Self::Invalid, Self::Unreadable];

    /// The reason of conditions and events.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Forbidden => "SecretForbidden",
            Self::Missing => "SecretMissing",
            Self::Invalid => "SecretInvalid",
            Self::Unreadable => "SecretUnreadable",
        }
    }
}

impl Problem {
    pub(super) fn invalid(message: String) -> Self {
        Self { trouble: Trouble::Invalid, message }
    }

    pub(super) fn unreadable(message: String) -> Self {
        Self { trouble: Trouble::Unreadable, message }
    }

    pub(super) fn missing(namespace: &str, name: &str) -> Self {
        let message = format!(
            "there is no Secret {name} in namespace {namespace}; create it: kubectl --namespace {namespace} create secret \
             generic {name} --type={TYPE} --from-literal=Authorization='...'"
        );
        Self { trouble: Trouble::Missing, message }
    }

    /// `account` is the operator's ServiceAccount, as namespace:name. The role is named like the first of them: nobody had given
    /// a right to read that one, so there is no such role yet.
    pub(super) fn forbidden(namespace: &str, names: &[&str], account: &str) -> Self {
        let role = format!("read-{}", names.first().unwrap_or(&"headers"));
        let named: String = names.iter().map(|name| format!(" --resource-name={name}")).collect();
        let (secrets, them) = (listed("Secret", names), if names.len() == 1 { "it" } else { "them" });
        let message = format!(
            "the operator may not read the {secrets}; let it read {them}: kubectl --namespace {namespace} create role {role} \
             --verb=get --resource=secrets{named} && kubectl --namespace {namespace} create rolebinding {role} --role={role} \
             --serviceaccount={account}"
        );
        Self { trouble: Trouble::Forbidden, message }
    }
}

/// `Secret a`, `Secrets a and b`, `Secrets a, b and c`.
fn listed(what: &str, names: &[&str]) -> String {
    match names {
        [] => format!("{what}s"),
        [name] => format!("{what} {name}"),
        [first @ .., last] => format!("{what}s {} and {last}", first.join(", ")),
    }
}
