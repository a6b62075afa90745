//! What the API server would refuse of a Crawl, found without one, in its own words: first the schema, then the CEL rules.

use crawl_crds::Crawl;
use kube::{
    CustomResourceExt,
    core::cel::{ValidationError, validate_cel},
};
use regex::Regex;
use serde_json::Value;

/// Everything that is wrong with a Crawl, one line each; empty when it would be taken.
///
/// # Errors
/// When the CRD of this version cannot be read, which a test rules out.
pub(crate) fn refusals(crawl: &Value) -> anyhow::Result<Vec<String>> {
    let crd = serde_json::to_value(Crawl::crd())?;
    let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    let mut refused = Vec::new();
    check("spec", schema, &crawl["spec"], &mut refused);
    if !refused.is_empty() {
        return Ok(refused);
    }
    // With the defaults filled in, as the API server judges it.
    let whole: Crawl = serde_json::from_value(crawl.clone())?;
    if let Err(errors) = validate_cel(&whole) {
        let line = |error: &ValidationError| {
            // Where a rule itself fails, as with a wrong regular expression, its message says what to write.
            let message = message_of(schema, &error.rule).unwrap_or(&error.message);
            format!("{}: Invalid value: {message}", error.field_path)
        };
        refused.extend(errors.as_slice().iter().map(line));
    }
    Ok(refused)
}

/// What the schema says to those who break a rule.
fn message_of<'a>(schema: &'a Value, rule: &str) -> Option<&'a str> {
    let rules = schema["x-kubernetes-validations"].as_array();
    let broken = rules.and_then(|rules| rules.iter().find(|known| known["rule"] == rule));
    let here = broken.and_then(|rule| rule["message"].as_str());
    let fields = || schema["properties"].as_object().into_iter().flat_map(|fields| fields.values());
    here.or_else(|| fields().find_map(|field| message_of(field, rule)))
}

fn check(path: &str, schema: &Value, value: &Value, refused: &mut Vec<String>) {
    let mut refuse = |words: String| refused.push(format!("{path}: Invalid value: {value}: {path} in body {words}"));
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            if let Some(least) = schema["minimum"].as_f64().filter(|least| number < *least) {
                refuse(format!("should be greater than or equal to {least}"));
            }
            if let Some(most) = schema["maximum"].as_f64().filter(|most| number > *most) {
                refuse(format!("should be less than or equal to {most}"));
            }
        }
        Value::String(text) => {
            let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
            if let Some(least) = schema["minLength"].as_u64().filter(|least| length < *least) {
                refuse(format!("should be at least {least} chars long"));
            }
            if let Some(most) = schema["maxLength"].as_u64().filter(|most| length > *most) {
                refuse(format!("may not be more than {most} chars long"));
            }
            let pattern = schema["pattern"].as_str();
            let matches = |pattern: &str| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text));
            if let Some(pattern) = pattern.filter(|pattern| !matches(pattern)) {
                refuse(format!("should match '{pattern}'"));
            }
        }
        Value::Array(items) => {
            if let Some(most) = schema["maxItems"].as_u64().filter(|most| items.len() as u64 > *most) {
                refused.push(format!("{path}: Too many: {}: must have at most {most} items", items.len()));
            }
            for (n, item) in items.iter().enumerate() {
                check(&format!("{path}[{n}]"), &schema["items"], item, refused);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                check(&format!("{path}.{name}"), &schema["properties"][name], field, refused);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(spec: Value) -> String {
        let crawl = json!({"apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl", "metadata": {"name": "a"}, "spec": spec});
        refusals(&crawl).unwrap().join("\n")
    }

    #[test]
    fn what_the_api_server_would_refuse_is_refused_in_its_words() {
        for (spec, words) in [
            (json!({"seeds": []}), "spec.seeds: Invalid value: give at least one seed"),
            (
                json!({"seeds": ["example.com"]}),
                "spec.seeds: Invalid value: every seed must be an absolute http:// or https:// URL",
            ),
            (json!({"seeds": ["http://a:b@c/"]}), "a seed must not hold a user name or password"),
            (
                json!({"seeds": ["http://a/"], "maxLinks": 0}),
                "spec.maxLinks: Invalid value: 0: spec.maxLinks in body should be greater than or equal to 1",
            ),
            (
                json!({"seeds": ["http://a/"], "politeness": {"delay": "soon"}}),
                "spec.politeness.delay in body should match",
            ),
            (
                json!({"seeds": ["http://a/"], "scope": {"exclude": ["("]}}),
                "every exclude must be a regular expression",
            ),
            (json!({"seeds": ["http://a/"], "workerPool": "A"}), "spec.workerPool in body should match"),
        ] {
            let refused = refused(spec.clone());
            assert!(refused.contains(words), "{spec}: {refused}");
        }
        assert_eq!(refused(json!({"seeds": ["https://example.com/"], "politeness": {"delay": "500ms"}})), "");
    }
}
