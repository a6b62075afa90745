//! Results through the api: over a forwarded port, with the user's own credentials.

use std::time::{Duration, Instant};

use ::url::Url;
use anyhow::{Context, bail};
use kube::{Config, client::ConfigExt};
use serde_json::Value;
use tower::{Layer, ServiceExt};

use super::{
    crawls::Crawls,
    forward::{Forward, forward},
    operator::service,
};
use crate::problem::Problem;

/// The api's Service listens on it.
pub(super) const HTTP: i32 = 80;
/// The longest wait for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// The longest wait for a log to be read by the api.
const LOADED_WITHIN: Duration = Duration::from_secs(120);

/// A crawl as the api shows it.
pub(super) struct Rest {
    /// `…/api/v1/namespaces/{ns}/crawls/{name}`
    crawl: Url,
    authorization: Option<String>,
    client: reqwest::Client,
    /// Kept for as long as it is asked.
    _forward: Option<Forward>,
}

/// The api's answer to one request.
enum Answer {
    Ok(Value),
    /// The status code, and what it said.
    Refused(u16, String),
}

impl Rest {
    /// The way through the api; `None` where it is not installed, or does not show us this crawl: then the log may.
    pub(super) async fn open(crawls: &Crawls<'_>, name: &str) -> Option<Self> {
        let global = crawls.global;
        let found = match service(&crawls.cluster, global, "api", HTTP).await {
            Ok(found) => found?,
            Err(error) => {
                global.detail(|| format!("not through the api: {error:#}"));
                return None;
            }
        };
        let forwarded = match forward(&crawls.cluster, &found, HTTP, 0).await {
            Ok(forwarded) => forwarded,
            Err(error) => {
                global.detail(|| format!("not through the api: {error:#}"));
                return None;
            }
        };
        let base = format!("http://127.0.0.1:{}/", forwarded.port);
        let authorization = authorization(&crawls.cluster.config).await;
        let rest = Self::new(&base, &crawls.cluster.namespace, name, authorization, Some(forwarded)).ok()?;
        match rest.ask("pages", &[("limit", "1".to_owned())]).await {
            Ok(Answer::Ok(answer)) if answer["results"]["state"] != "tooLarge" => {
                global.detail(|| format!("reading the results through {}/{}", found.namespace, found.name));
                Some(rest)
            }
            Ok(Answer::Ok(_)) => {
                global.detail(|| "not through the api: the results are too large for it".to_owned());
                None
            }
            Ok(Answer::Refused(status, why)) => {
                global.detail(|| format!("not through the api: it answered {status}: {why}"));
                None
            }
            Err(error) => {
                global.detail(|| format!("not through the api: {error:#}"));
                None
            }
        }
    }

    fn new(
        base: &str,
        namespace: &str,
        name: &str,
        authorization: Option<String>,
        forward: Option<Forward>,
    ) -> anyhow::Result<Self> {
        let crawl = Url::parse(base)?.join(&format!("api/v1/namespaces/{namespace}/crawls/{name}"))?;
        // A proxy would not find this machine's port.
        let client = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build()?;
        Ok(Self { crawl, authorization, client, _forward: forward })
    }

    async fn ask(&self, what: &str, parameters: &[(&str, String)]) -> anyhow::Result<Answer> {
        let mut url = self.crawl.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(what);
        }
        url.query_pairs_mut().extend_pairs(parameters);
        let mut request = self.client.get(url);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let response = request.send().await.context("the api does not answer")?;
        let status = response.status().as_u16();
        let body = response.bytes().await.context("the api's answer broke off")?;
        if (200..300).contains(&status) {
            return Ok(Answer::Ok(
                serde_json::from_slice(&body).context("the api's answer is not what this version knows")?,
            ));
        }
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        let why = problem["detail"].as_str().or(problem["title"].as_str()).unwrap_or("it did not say why");
        Ok(Answer::Refused(status, why.to_owned()))
    }

    /// Every item of a list, page after page, at most `limit` of them. Waits while the api still reads the log.
    pub(super) async fn list(
        &self,
        what: &str,
        parameters: &[(&str, String)],
        limit: u64,
    ) -> anyhow::Result<Vec<Value>> {
        let (mut items, mut cursor, begun) = (Vec::new(), None::<String>, Instant::now());
        loop {
            let mut parameters = parameters.to_vec();
            parameters.push(("limit", limit.clamp(1, 500).to_string()));
            parameters.extend(cursor.clone().map(|cursor| ("cursor", cursor)));
            let answer = match self.ask(what, &parameters).await? {
                Answer::Ok(answer) => answer,
                Answer::Refused(status, why) => bail!(refused(status, &why)),
            };
            if answer["results"]["state"] == "loading" {
                if begun.elapsed() > LOADED_WITHIN {
                    bail!(Problem::new(
                        "the api is still reading the crawl's log",
                        "try again; how far it is: kubectl crawl ui"
                    ));
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
                (items, cursor) = (Vec::new(), None);
                continue;
            }
            items.extend(answer["items"].as_array().into_iter().flatten().cloned());
            cursor = answer["next"].as_str().map(str::to_owned);
            if cursor.is_none() || items.len() as u64 >= limit {
                items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                return Ok(items);
            }
        }
    }
}

fn refused(status: u16, why: &str) -> Problem {
    Problem::new(format!("the api answered {status}: {why}"), "what it is about: -v; its own view: kubectl crawl ui")
}

/// The header by which the kubeconfig's user is known; `None` for client certificates, which only the API server sees.
async fn authorization(config: &Config) -> Option<String> {
    let layer = config.auth_layer().ok()??;
    let seen = tower::service_fn(|request: http::Request<kube::client::Body>| async move {
        Ok::<_, tower::BoxError>(http::Response::new(request.headers().get(http::header::AUTHORIZATION).cloned()))
    });
    let header = layer.layer(seen).oneshot(http::Request::new(kube::client::Body::empty())).await.ok()?.into_body()?;
    header.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{
        Json, Router,
        http::{HeaderMap, StatusCode, Uri},
        response::IntoResponse,
    };
    use serde_json::json;

    use super::*;

    /// Answers each request with the next of these; keeps what was asked.
    async fn api(answers: Vec<(u16, Value)>) -> (String, Arc<Mutex<Vec<String>>>) {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answers, log) = (Arc::new(Mutex::new(answers.into_iter())), asked.clone());
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap| {
            let user = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            log.lock().unwrap().push(format!("{user} {uri}"));
            let (status, body) = answers.lock().unwrap().next().unwrap();
            async move { (StatusCode::from_u16(status).unwrap(), Json(body)).into_response() }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let _ = rustls::crypto::ring::default_provider().install_default();
        (base, asked)
    }

    #[tokio::test]
    async fn a_list_is_read_page_after_page_once_it_is_there() {
        let (base, asked) = api(vec![
            (200, json!({"items": [], "results": {"state": "loading"}})),
            (200, json!({"items": [{"url": "a"}, {"url": "b"}], "next": "x y", "results": {"state": "live"}})),
            (200, json!({"items": [{"url": "c"}], "results": {"state": "live"}})),
        ])
        .await;
        let rest = Rest::new(&base, "team-a", "docs", Some("Bearer t".into()), None).unwrap();
        let items = rest.list("pages", &[("q", "/a&b".to_owned())], u64::MAX).await.unwrap();
        assert_eq!(items, [json!({"url": "a"}), json!({"url": "b"}), json!({"url": "c"})]);
        let path = "Bearer t /api/v1/namespaces/team-a/crawls/docs/pages?q=%2Fa%26b&limit=500";
        assert_eq!(*asked.lock().unwrap(), [path.to_owned(), path.to_owned(), format!("{path}&cursor=x+y")]);
    }

    #[tokio::test]
    async fn a_refusal_is_told_with_what_the_api_said() {
        let (base, _) =
            api(vec![(403, json!({"title": "Forbidden", "detail": "you may not get crawls in team-a"}))]).await;
        let rest = Rest::new(&base, "team-a", "docs", None, None).unwrap();
        let error = rest.list("broken", &[], 5).await.unwrap_err().to_string();
        assert_eq!(error, "the api answered 403: you may not get crawls in team-a");
    }
}
