//! What a cluster's refusal means, and what to do about it.

use kube::{Error, core::Status};

use super::connect::Cluster;
use crate::problem::Problem;

/// What was asked of the cluster when it refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// get, list, create …
    pub(super) verb: &'static str,
    /// The plural, with its group where it is not the core's: crawls.crawl-operator.io.
    pub(super) resource: &'static str,
    /// `None` for what is in no namespace, or all of them.
    pub(super) namespace: Option<&'a str>,
}

/// Crawls, as `kubectl auth can-i` names them.
pub(super) const CRAWLS: &str = "crawls.crawl-operator.io";

impl<'a> Asked<'a> {
    /// Something of Crawls.
    pub(super) fn crawls(verb: &'static str, namespace: &'a str) -> Self {
        Self { verb, resource: CRAWLS, namespace: Some(namespace) }
    }

    /// The error as people read it.
    pub(super) fn refused(self, error: Error, cluster: &Cluster) -> anyhow::Error {
        let problem = match &error {
            Error::Api(status) => self.told(status),
            Error::SerdeError(source) => Problem::new(
                format!("what the cluster answered is not what this version knows: {source}"),
                "the CRD may be older or newer than this plugin; compare: kubectl crawl version",
            ),
            other => Problem::new(
                format!("the cluster at {} does not answer: {}", cluster.address, root(other)),
                "is it running? try: kubectl cluster-info\nanother cluster: --context NAME; those that there are: kubectl config get-contexts",
            ),
        };
        problem.because(error).into()
    }

    fn told(self, status: &Status) -> Problem {
        match status.code {
            401 => Problem::new(
                "the cluster does not know who you are, or your login has expired",
                "log in again, then try: kubectl auth whoami",
            ),
            403 => self.forbidden(&status.message),
            404 if missing_kind(status) && self.resource == CRAWLS => Problem::new(
                "the cluster has no Crawls: the CRD crawls.crawl-operator.io is not installed, or not in this version",
                "install it: helm install crawl-operator charts/crawl-operator -n crawl-system --create-namespace\n\
                 or is it another cluster? kubectl config get-contexts",
            ),
            409 => Problem::new(
                status.message.clone(),
                "give it another name with --name, or delete the one that is there",
            ),
            422 => Problem::new(reasons(status), "what a field may be: kubectl explain crawl.spec"),
            400 if status.message.contains("unknown field") => Problem::new(
                format!("the cluster's CRD does not know all of this: {}", status.message),
                "it is older than this plugin: upgrade the chart, or leave the option out; compare: kubectl crawl version",
            ),
            _ => Problem::new(status.message.clone(), "more with -v"),
        }
    }

    fn forbidden(self, message: &str) -> Problem {
        let Self { verb, resource, namespace } = self;
        let (place, option) = match namespace {
            Some(namespace) => (format!("in the namespace {namespace}"), format!(" -n {namespace}")),
            None => ("in the whole cluster".to_owned(), String::new()),
        };
        let user = message.split("User \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("YOU");
        let user = crate::output::quoted(user);
        let kind = if namespace.is_some() { "rolebinding" } else { "clusterrolebinding" };
        let role = match (resource, verb) {
            (CRAWLS, "get" | "list" | "watch") => "view",
            (CRAWLS, _) => "edit",
            _ => "admin",
        };
        let all = if namespace.is_none() && verb == "list" { "\nor name a namespace: -n NAME" } else { "" };
        Problem::new(
            format!("you may not {verb} {resource} {place}: the verb {verb} is missing"),
            format!(
                "see: kubectl auth can-i {verb} {resource}{option}\n\
                 an administrator can give it: kubectl create {kind} crawl-{role} --clusterrole={role} --user={user}{option}{all}"
            ),
        )
    }
}

/// A Crawl that is not there is named; a kind that is not there is not.
pub(super) fn missing_kind(status: &Status) -> bool {
    status.code == 404 && status.details.as_ref().is_none_or(|details| details.name.is_empty())
}

/// Every reason of a refusal, with its field, in the API server's words.
fn reasons(status: &Status) -> String {
    let causes = status.details.as_ref().map_or(&[][..], |details| &details.causes);
    let told: Vec<_> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
    if told.is_empty() { status.message.clone() } else { told.join("\n") }
}

fn root(error: &Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(next) = source.source() {
        source = next;
    }
    source.to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(asked: Asked<'_>, status: serde_json::Value) -> String {
        format!("{:?}", asked.told(&serde_json::from_value(status).unwrap()))
    }

    #[test]
    fn a_missing_right_is_named_with_a_command_that_gives_it() {
        let message = "crawls.crawl-operator.io is forbidden: User \"jane\" cannot list resource \"crawls\"";
        let status = json!({"code": 403, "reason": "Forbidden", "message": message});
        let words = told(Asked::crawls("list", "team-a"), status.clone());
        for part in [
            "you may not list crawls.crawl-operator.io in the namespace team-a",
            "--clusterrole=view --user=jane -n team-a",
        ] {
            assert!(words.contains(part), "{words}");
        }
        assert!(told(Asked::crawls("create", "team-a"), status.clone()).contains("--clusterrole=edit"));
        let everywhere = Asked { verb: "list", resource: CRAWLS, namespace: None };
        assert!(told(everywhere, status).contains("create clusterrolebinding"));
    }

    #[test]
    fn a_missing_crd_is_not_a_missing_crawl() {
        let kind = json!({"code": 404, "reason": "NotFound", "message": "404 page not found"});
        assert!(told(Asked::crawls("get", "a"), kind).contains("is not installed"));
        let crawl =
            json!({"code": 404, "reason": "NotFound", "message": "crawls \"x\" not found", "details": {"name": "x"}});
        assert!(told(Asked::crawls("get", "a"), crawl).contains("crawls \\\"x\\\" not found"));
    }

    #[test]
    fn every_reason_of_a_refusal_is_told_in_the_clusters_words() {
        let causes = json!([
            {"field": "spec.maxLinks", "message": "Invalid value: 0: too small", "reason": "FieldValueInvalid"},
            {"field": "spec.seeds", "message": "Invalid value: give at least one seed", "reason": "FieldValueInvalid"},
        ]);
        let words = told(Asked::crawls("create", "a"), json!({"code": 422, "details": {"causes": causes}}));
        assert!(words.contains("spec.maxLinks: Invalid value: 0") && words.contains("spec.seeds: Invalid"), "{words}");
        let old = json!({"code": 400, "message": "strict decoding error: unknown field \"spec.urls\""});
        assert!(told(Asked::crawls("create", "a"), old).contains("older than this plugin"));
    }
}
