//! What is known of the policies: those that hold, and why some cannot be told.
//!
//! It fails closed. A policy that cannot be read goes on as it was when it last could; where there is no such version, no crawl
//! that it may be for runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crawl_crds::CrawlPolicy;
use kube::core::DeserializeGuard;
use kube::core::error_boundary::InvalidObject;
use kube::{Resource as _, ResourceExt as _};

use super::check::check;
use super::is_for;

/// The watched type: an object that cannot be decoded must not hide the others.
pub type GuardedPolicy = DeserializeGuard<CrawlPolicy>;

/// The policies of the cluster, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policies {
    /// Those that hold: name and spec alone.
    pub holding: Vec<CrawlPolicy>,
    /// Why crawls of some namespaces cannot run.
    barred: Vec<Barred>,
    /// Policies that cannot be read now.
    pub troubles: Vec<Trouble>,
}

#[derive(Clone, Debug, PartialEq)]
struct Barred {
    /// `None` where nobody knows which.
    namespaces: Option<Vec<String>>,
    why: String,
}

/// A policy that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// Its name.
    pub name: String,
    /// Its uid, by which an event names it.
    pub uid: String,
    /// What is wrong, and what holds meanwhile.
    pub note: String,
}

impl Policies {
    /// These and no others.
    pub fn of(holding: Vec<CrawlPolicy>) -> Self {
        Self { holding, ..Self::default() }
    }

    /// There is no word of them yet.
    pub fn unknown() -> Self {
        let why = "the CrawlPolicies of the cluster cannot be listed yet, and nothing runs before; the operator's log says why";
        let barred = Barred { namespaces: None, why: why.to_owned() };
        Self { barred: vec![barred], ..Self::default() }
    }

    /// Why no crawl of this namespace can run.
    pub fn barred(&self, namespace: &str) -> Option<&str> {
        let is_for = |barred: &&Barred| barred.namespaces.as_ref().is_none_or(|names| is_for(names, namespace));
        self.barred.iter().find(is_for).map(|barred| barred.why.as_str())
    }
}

/// Remembers the last version of each policy that could be read.
#[derive(Debug, Default)]
pub struct Book(BTreeMap<String, Page>);

#[derive(Clone, Debug)]
struct Page {
    uid: String,
    policy: CrawlPolicy,
}

/// Why a policy cannot be followed.
struct Unreadable {
    error: String,
    namespaces: Option<Vec<String>>,
}

impl Book {
    /// Takes note of all policies that there are now.
    pub fn update(&mut self, listed: &[Arc<GuardedPolicy>]) -> Policies {
        let before = std::mem::take(&mut self.0);
        let mut policies = Policies::default();
        let mut listed: Vec<_> = listed.iter().map(|guarded| (guarded.name_any(), guarded)).collect();
        listed.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (name, guarded) in listed {
            let uid = guarded.meta().uid.clone().unwrap_or_default();
            let last = before.get(&name).filter(|page| page.uid == uid);
            let policy = match (readable(&guarded.0), last) {
                (Ok(policy), _) => policy,
                (Err(Unreadable { error, .. }), Some(last)) => {
                    let note = format!("the policy cannot be read: {error}; it holds as it was when it last could be");
                    policies.troubles.push(Trouble { name: name.clone(), uid: uid.clone(), note });
                    last.policy.clone()
                }
                (Err(Unreadable { error, namespaces }), None) => {
                    let why =
                        format!("policy {name} cannot be read: {error}; no crawl that it may be for runs until it can");
                    policies.troubles.push(Trouble { name, uid, note: why.clone() });
                    policies.barred.push(Barred { namespaces, why });
                    continue;
                }
            };
            policies.holding.push(policy.clone());
            self.0.insert(name, Page { uid, policy });
        }
        policies
    }
}

/// The policy without what is not its own to say: labels and versions change nothing for crawls.
fn readable(guarded: &Result<CrawlPolicy, InvalidObject>) -> Result<CrawlPolicy, Unreadable> {
    let policy = guarded.as_ref().map_err(|invalid| Unreadable { error: invalid.error.clone(), namespaces: None })?;
    check(&policy.spec).map_err(|error| Unreadable {
        namespaces: error.leaves_namespaces().then(|| policy.spec.namespaces.clone()),
        error: error.to_string(),
    })?;
    Ok(CrawlPolicy::new(&policy.name_any(), policy.spec.clone()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(policies: &[(&str, &str, serde_json::Value)]) -> Vec<Arc<GuardedPolicy>> {
        let object = |(name, uid, spec): &(&str, &str, serde_json::Value)| {
            let object = json!({
                "apiVersion": "crawl-operator.io/v1alpha1",
                "kind": "CrawlPolicy",
                "metadata": {"name": name, "uid": uid, "resourceVersion": "7"},
                "spec": spec,
            });
            Arc::new(serde_json::from_value(object).unwrap())
        };
        policies.iter().map(object).collect()
    }

    fn limits(policies: &Policies) -> Vec<(String, Option<i64>)> {
        policies.holding.iter().map(|policy| (policy.name_any(), policy.spec.max_links)).collect()
    }

    #[test]
    fn policies_hold_while_they_are_there() {
        let mut book = Book::default();
        let both = book.update(&listed(&[("b", "2", json!({"maxLinks": 2})), ("a", "1", json!({"maxLinks": 1}))]));
        assert_eq!(limits(&both), [("a".to_owned(), Some(1)), ("b".to_owned(), Some(2))]);
        assert_eq!(both.barred("team"), None);
        assert_eq!(limits(&book.update(&listed(&[("b", "2", json!({"maxLinks": 3}))]))), [("b".to_owned(), Some(3))]);
        assert_eq!(book.update(&[]), Policies::default());
    }

    #[test]
    fn one_that_cannot_be_read_any_more_holds_as_it_was() {
        let mut book = Book::default();
        book.update(&listed(&[("a", "1", json!({"maxLinks": 1}))]));
        for spec in [json!({"robots": "NotInThisVersion"}), json!({"maxLinks": 0})] {
            let stale = book.update(&listed(&[("a", "1", spec)]));
            assert_eq!(limits(&stale), [("a".to_owned(), Some(1))]);
            assert_eq!((stale.barred("team"), stale.troubles.len()), (None, 1));
        }
        let mended = book.update(&listed(&[("a", "1", json!({"maxLinks": 5}))]));
        assert_eq!((limits(&mended), mended.troubles.len()), (vec![("a".to_owned(), Some(5))], 0));
    }

    #[test]
    fn one_that_could_never_be_read_stops_whatever_it_may_be_for() {
        let mut book = Book::default();
        let garbled = book.update(&listed(&[
            ("good", "1", json!({"maxLinks": 1})),
            ("bad", "2", json!({"namespaces": ["web"], "robots": "NotInThisVersion"})),
        ]));
        assert_eq!(limits(&garbled), [("good".to_owned(), Some(1))]);
        assert!(garbled.barred("anywhere").unwrap().starts_with("policy bad cannot be read: "));

        let wrong = book.update(&listed(&[("wrong", "3", json!({"namespaces": ["web-*"], "maxLinks": 0}))]));
        assert_eq!(wrong.barred("mail"), None, "whom it is for can be read");
        let why = "policy wrong cannot be read: spec.maxLinks: must be at least 1; no crawl that it may be for runs until it can";
        assert_eq!(wrong.barred("web-1"), Some(why));
        let wrong = book.update(&listed(&[("wrong", "3", json!({"namespaces": ["w*b"]}))]));
        assert!(wrong.barred("mail").is_some(), "whom it is for cannot be read");
    }

    #[test]
    fn another_policy_of_the_same_name_is_another() {
        let mut book = Book::default();
        book.update(&listed(&[("a", "1", json!({}))]));
        assert!(book.update(&listed(&[("a", "2", json!({"maxLinks": 0}))])).barred("team").is_some());
    }

    #[test]
    fn nothing_runs_before_they_are_listed() {
        assert!(Policies::unknown().barred("team").is_some());
        assert_eq!(Policies::default().barred("team"), None);
    }
}
