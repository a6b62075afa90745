//! Crawls that are created, changed or deleted, with the rights of whoever asks. The API server refuses what is wrong.

use axum::http::{Request, header};
use crawl_crds::Crawl;
use kube::Resource as _;
use serde_json::{Value, json};

use super::{As, Calls};
use crate::error::Problem;

/// Who changed a field, as managedFields say it.
const MANAGER: &str = "fieldManager=crawl-api&fieldValidation=Strict";

impl Calls {
    /// Creates a Crawl, or says only what it would be.
    ///
    /// # Errors
    /// When it is refused, or nobody answers.
    pub async fn create(
        &self,
        by: As<'_>,
        namespace: &str,
        name: &str,
        spec: &Value,
        dry_run: bool,
    ) -> Result<Crawl, Problem> {
        let dry_run = if dry_run { "&dryRun=All" } else { "" };
        let crawl = json!({
            "apiVersion": Crawl::api_version(&()), "kind": Crawl::kind(&()),
            "metadata": {"name": name, "namespace": namespace}, "spec": spec,
        });
        let request = Request::post(format!("{}?{MANAGER}{dry_run}", path(namespace, None)?));
        self.change(by, request.header(header::CONTENT_TYPE, "application/json"), &crawl).await
    }

    /// Changes a Crawl's spec by a merge patch.
    ///
    /// # Errors
    /// As [`Calls::create`].
    pub async fn patch(&self, by: As<'_>, namespace: &str, name: &str, spec: &Value) -> Result<Crawl, Problem> {
        let request = Request::patch(format!("{}?{MANAGER}", path(namespace, Some(name))?));
        let request = request.header(header::CONTENT_TYPE, "application/merge-patch+json");
        self.change(by, request, &json!({"spec": spec})).await
    }

    /// Deletes a Crawl.
    ///
    /// # Errors
    /// As [`Calls::create`].
    pub async fn delete(&self, by: As<'_>, namespace: &str, name: &str) -> Result<(), Problem> {
        let request = Request::delete(path(namespace, Some(name))?);
        let request = request.body(Vec::new()).map_err(|_| unknown(namespace))?;
        // The Crawl as it was, or a word on its deletion.
        self.call::<Value>(by, request).await?;
        Ok(())
    }

    async fn change(&self, by: As<'_>, request: axum::http::request::Builder, body: &Value) -> Result<Crawl, Problem> {
        let request = request.body(body.to_string().into_bytes());
        let request = request.map_err(|_| Problem::bad_request("name", "it is no name"))?;
        Ok(self.call(by, request).await?)
    }
}

/// The path of Crawls. Names become part of it, so nothing but a name may pass.
fn path(namespace: &str, name: Option<&str>) -> Result<String, Problem> {
    if !is_name(namespace, 63) {
        return Err(unknown(namespace));
    }
    let crawls = Crawl::url_path(&(), Some(namespace));
    match name {
        None => Ok(crawls),
        Some(name) if is_name(name, 253) => Ok(format!("{crawls}/{name}")),
        Some(name) => Err(Problem::not_found(format!("there is no Crawl {name} in the namespace {namespace}"))),
    }
}

fn is_name(text: &str, most: usize) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    text.len() <= most && text.chars().all(inner) && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn unknown(namespace: &str) -> Problem {
    Problem::not_found(format!("there is no namespace {namespace}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_name_becomes_part_of_a_path() {
        let crawls = "/apis/crawl-operator.io/v1alpha1/namespaces/web/crawls";
        assert_eq!(path("web", None).unwrap(), crawls);
        assert_eq!(path("web", Some("a.b-1")).unwrap(), format!("{crawls}/a.b-1"));
        for wrong in ["", ".", "..", "../x", "a/b", "a?b", "a#b", "a%2fb", "A", "a b", "-a", "ä", &"a".repeat(254)] {
            assert_eq!(path("web", Some(wrong)).unwrap_err().status, 404, "{wrong}");
            assert_eq!(path(wrong, None).unwrap_err().status, 404, "{wrong}");
        }
    }
}
