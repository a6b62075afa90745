//! What the schema and CEL of the CRD refuse is refused here again: a policy may have been stored under an older schema, and one
//! that cannot be followed must not be taken for one that allows.

use std::net::IpAddr;

use crawl_crds::{CrawlPolicySpec, PolicyHost};

/// A policy that nobody can follow. The message names the field and says what to write.
#[derive(Debug, thiserror::Error)]
pub(super) enum CheckError {
    /// A number is out of its range.
    #[error("spec.{field}: must be at least {least}")]
    TooSmall {
        /// The field's path.
        field: &'static str,
        /// The smallest value.
        least: i64,
    },
    /// A namespace's entry can match nothing.
    #[error("spec.namespaces: {0:?} is not a name; write for example team-a or team-*")]
    Namespace(String),
    /// A host's entry has no pattern that can match.
    #[error("spec.hosts: {0:?} is not a pattern; write a host's name in lower case, *.example.com or *")]
    Pattern(String),
    /// A delay is negative.
    #[error("spec.hosts: the delay of {0:?} must be a duration that is not negative, for example 5s")]
    Delay(String),
    /// A range is not in CIDR notation.
    #[error("spec.allowAddresses: {0:?} is not a range; write for example 10.20.0.0/16")]
    Range(String),
}

impl CheckError {
    /// Whether the policy says all the same for which namespaces it is.
    pub(super) fn leaves_namespaces(&self) -> bool {
        !matches!(self, Self::Namespace(_))
    }
}

pub(super) fn check(spec: &CrawlPolicySpec) -> Result<(), CheckError> {
    at_least("maxLinks", spec.max_links, 1)?;
    at_least("maxActiveCrawls", spec.max_active_crawls.map(i64::from), 0)?;
    spec.namespaces.iter().try_for_each(|name| namespace(name))?;
    spec.hosts.iter().try_for_each(host)?;
    match spec.allow_addresses.iter().find(|range| !is_range(range)) {
        Some(range) => Err(CheckError::Range(range.clone())),
        None => Ok(()),
    }
}

fn at_least(field: &'static str, value: Option<i64>, least: i64) -> Result<(), CheckError> {
    if value.is_some_and(|value| value < least) { Err(CheckError::TooSmall { field, least }) } else { Ok(()) }
}

fn namespace(namespace: &str) -> Result<(), CheckError> {
    let name = namespace.strip_suffix('*').unwrap_or(namespace);
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let good = !namespace.is_empty() && name.chars().all(known);
    if good { Ok(()) } else { Err(CheckError::Namespace(namespace.to_owned())) }
}

fn host(host: &PolicyHost) -> Result<(), CheckError> {
    at_least("hosts.maxConcurrency", host.max_concurrency.map(i64::from), 1)?;
    let name = host.pattern.strip_prefix("*.").unwrap_or(&host.pattern);
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if host.pattern != "*" && (name.is_empty() || !name.chars().all(known)) {
        return Err(CheckError::Pattern(host.pattern.clone()));
    }
    if host.delay.as_ref().is_some_and(|delay| delay.is_negative()) {
        return Err(CheckError::Delay(host.pattern.clone()));
    }
    Ok(())
}

fn is_range(range: &str) -> bool {
    let parsed = || {
        let (address, prefix) = range.split_once('/')?;
        Some((address.parse().ok()?, prefix.parse::<u8>().ok()?))
    };
    match parsed() {
        Some((IpAddr::V4(_), prefix)) => prefix <= 32,
        Some((IpAddr::V6(_), prefix)) => prefix <= 128,
        None => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_field_and_what_to_write() {
        for (spec, words) in [
            ("{maxLinks: 0}", "spec.maxLinks: must be at least 1"),
            ("{maxActiveCrawls: -1}", "spec.maxActiveCrawls: must be at least 0"),
            ("{namespaces: ['a*b']}", "spec.namespaces: \"a*b\" is not a name"),
            ("{namespaces: ['']}", "spec.namespaces: \"\" is not a name"),
            ("{hosts: [{pattern: a, maxConcurrency: 0}]}", "spec.hosts.maxConcurrency: must be at least 1"),
            ("{hosts: [{pattern: 'http://a/', deny: true}]}", "spec.hosts: \"http://a/\" is not a pattern"),
            ("{hosts: [{pattern: '*.', deny: true}]}", "spec.hosts: \"*.\" is not a pattern"),
            ("{hosts: [{pattern: a, delay: -1s}]}", "spec.hosts: the delay of \"a\" must be a duration"),
            ("{allowAddresses: [10.0.0.1]}", "spec.allowAddresses: \"10.0.0.1\" is not a range"),
            ("{allowAddresses: ['1:2:3/8']}", "spec.allowAddresses: \"1:2:3/8\" is not a range"),
        ] {
            let error = check(&serde_yaml::from_str(spec).unwrap()).unwrap_err().to_string();
            assert!(error.starts_with(words), "{spec}: {error}");
        }
    }

    #[test]
    fn what_admission_takes_is_taken() {
        for spec in [
            "{}",
            "{namespaces: [team-a, 'team-*', '*']}",
            "{maxLinks: 1, maxActiveCrawls: 0, hosts: [{pattern: '*', delay: 0s}, {pattern: '*.a_b.xn--c', deny: true}]}",
            "{allowAddresses: [10.0.0.0/8, '::1/128']}",
        ] {
            check(&serde_yaml::from_str(spec).unwrap()).unwrap();
        }
    }
}
