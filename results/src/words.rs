//! The words by which people and programs ask for states, reasons, classes and orders, and what to write instead of others.

use crawl_frontier::SkipReason;
use crawl_protocol::FailureClass;

/// A part of a query that cannot be understood. The message names the field and what may be written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{field}: {text:?} is not known; write {allowed}")]
pub struct QueryError {
    /// The parameter's name.
    pub field: &'static str,
    /// As it was written.
    pub text: String,
    /// What may be written.
    pub allowed: String,
}

/// All classes of failures, with their names.
pub(crate) const CLASSES: [(FailureClass, &str); 12] = [
    (FailureClass::HttpStatus, "httpStatus"),
    (FailureClass::Dns, "dns"),
    (FailureClass::Connect, "connect"),
    (FailureClass::Tls, "tls"),
    (FailureClass::Timeout, "timeout"),
    (FailureClass::Transport, "transport"),
    (FailureClass::BlockedAddress, "blockedAddress"),
    (FailureClass::InvalidUrl, "invalidUrl"),
    (FailureClass::Internal, "internal"),
    (FailureClass::Poison, "poison"),
    (FailureClass::Lost, "lost"),
    (FailureClass::Other, "other"),
];

/// The one of these that goes by a name.
pub(crate) fn by_name<T: Copy>(
    field: &'static str,
    text: &str,
    known: impl IntoIterator<Item = (T, &'static str)> + Clone,
) -> Result<T, QueryError> {
    let found = known.clone().into_iter().find(|(_, name)| *name == text.trim());
    found.map(|(value, _)| value).ok_or_else(|| {
        let names: Vec<&str> = known.into_iter().map(|(_, name)| name).collect();
        QueryError { field, text: text.to_owned(), allowed: names.join(", ") }
    })
}

pub(crate) fn class(text: &str) -> Result<FailureClass, QueryError> {
    by_name("class", text, CLASSES)
}

pub(crate) fn reason(text: &str) -> Result<SkipReason, QueryError> {
    by_name("reason", text, SkipReason::ALL.map(|reason| (reason, reason.as_str())))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_protocol() {
        for (place, (class, name)) in CLASSES.into_iter().enumerate() {
            assert_eq!(serde_json::to_value(class).unwrap(), name);
            assert_eq!(class as usize, place);
        }
        assert_eq!(class("dns"), Ok(FailureClass::Dns));
        assert_eq!(reason("Robots"), Ok(SkipReason::Robots));
        let error = class("DNS").unwrap_err().to_string();
        assert!(error.starts_with("class: \"DNS\" is not known; write httpStatus, dns, "), "{error}");
    }
}
