//! What a Secret must be before anything of it is sent, and to which of the seeds' origins. Pure.

use std::collections::BTreeMap;

use crawl_sealed::Headers;
use k8s_openapi::api::core::v1::Secret;
use kube::ResourceExt as _;

use super::Problem;
use crate::runner::origin;

/// The type of Secrets that may be used. Without it, whoever may create Crawls could have any Secret of the namespace sent to a
/// server of theirs.
pub(super) const TYPE: &str = "crawl-operator.io/headers";
/// The annotation that lists the only origins a Secret may go to.
pub(super) const ORIGINS: &str = "crawl-operator.io/origins";

/// One value.
const VALUE_BYTES: usize = 8 * 1024;
/// All names and values of a crawl.
const ALL_BYTES: usize = 16 * 1024;

/// What goes to each of the seeds' origins.
pub(super) fn by_origin(seeds: &[String], secrets: &[Secret]) -> Result<BTreeMap<String, Headers>, Problem> {
    let seeds: Vec<String> = seeds.iter().filter_map(|seed| origin(url::Url::parse(seed).ok()?.as_str())).collect();
    let mut by_origin: BTreeMap<String, Headers> = BTreeMap::new();
    let mut bytes = 0;
    for secret in secrets {
        let name = secret.name_any();
        let headers = headers(secret)?;
        bytes += headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        for origin in places(secret, &seeds)? {
            let there = by_origin.entry(origin.clone()).or_default();
            for (header, value) in &headers {
                if there.insert(header.clone(), value.clone()).is_some() {
                    return Err(invalid(
                        &name,
                        &format!("{header} for {origin} is in another Secret of the crawl, too"),
                    ));
                }
            }
        }
    }
    if bytes > ALL_BYTES {
        return Err(Problem::invalid(format!(
            "the headers of the crawl are {bytes} bytes long; {ALL_BYTES} may be sent"
        )));
    }
    Ok(by_origin)
}

fn invalid(secret: &str, why: &str) -> Problem {
    Problem::invalid(format!("the Secret {secret} cannot be used: {why}"))
}

/// Which of the seeds' origins a Secret goes to, each once.
fn places(secret: &Secret, seeds: &[String]) -> Result<Vec<String>, Problem> {
    let refused = |why: &str| Err(invalid(&secret.name_any(), &format!("its annotation {ORIGINS} {why}")));
    let mut places = seeds.to_vec();
    places.sort_unstable();
    places.dedup();
    let Some(text) = secret.annotations().get(ORIGINS) else { return Ok(places) };
    let mut allowed = Vec::new();
    for written in text.split(',').map(str::trim).filter(|written| !written.is_empty()) {
        match named_origin(written) {
            Some(origin) => allowed.push(origin),
            None => {
                return refused(&format!(
                    "holds {written:?}, which is no origin; write for example https://example.com"
                ));
            }
        }
    }
    places.retain(|place| allowed.contains(place));
    if places.is_empty() {
        return refused(&format!("lets it go to none of the seeds' origins, which are {}", seeds.join(", ")));
    }
    Ok(places)
}

/// An origin as people write it: a URL without a path.
fn named_origin(written: &str) -> Option<String> {
    let url = url::Url::parse(written).ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    bare.then(|| origin(url.as_str()))?
}

/// What a Secret holds, by lower-case names.
fn headers(secret: &Secret) -> Result<Headers, Problem> {
    let name = secret.name_any();
    let kind = secret.type_.as_deref().unwrap_or("Opaque");
    if kind != TYPE {
        return Err(invalid(
            &name,
            &format!(
                "it is of type {kind}, and only Secrets of type {TYPE} are sent to servers; a type cannot be changed, so \
                 delete it and create it with --type={TYPE}"
            ),
        ));
    }
    let mut headers = Headers::new();
    for (key, bytes) in secret.data.iter().flatten() {
        let header = key.to_ascii_lowercase();
        if let Some(why) = unsendable(&header) {
            return Err(invalid(&name, &format!("it sets {key}; {why}")));
        }
        let value = value(&bytes.0).map_err(|why| invalid(&name, &format!("the value of {key} {why}")))?;
        if headers.insert(header, value).is_some() {
            return Err(invalid(&name, &format!("it sets {key} twice, in capitals and in small letters")));
        }
    }
    if headers.is_empty() { Err(invalid(&name, "it holds no header")) } else { Ok(headers) }
}

/// Why a header cannot be set by a Secret.
fn unsendable(header: &str) -> Option<&'static str> {
    const FRAMING: &str = "the worker sets it itself, as the connection needs it";
    const VALIDATORS: &str = "whether a page has changed is the operator's to ask";
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    match header {
        _ if header.is_empty() || !header.bytes().all(token) => Some("that is no name of a header"),
        "host" | "content-length" | "transfer-encoding" | "connection" | "upgrade" | "te" | "trailer"
        | "keep-alive" | "http2-settings" | "expect" => Some(FRAMING),
        _ if header.starts_with("proxy-") => Some("it is for a proxy, which is an administrator's to configure"),
        "user-agent" => Some("write it as spec.fetch.userAgent, where robots.txt is looked up by it, too"),
        "if-none-match" | "if-modified-since" | "if-match" | "if-unmodified-since" | "if-range" => Some(VALIDATORS),
        "accept-encoding" => Some("the worker says itself what it can decompress"),
        "range" => Some("pages are fetched whole"),
        _ => None,
    }
}

/// A value as it is sent. A line end at its end, as files have it, is no part of it.
fn value(bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no UTF-8 text")?;
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    match () {
        () if text.is_empty() => Err("is empty".to_owned()),
        () if text.len() > VALUE_BYTES => Err(format!("is {} bytes long; {VALUE_BYTES} may be sent", text.len())),
        () if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) => {
            Err("holds a line end or another control character".to_owned())
        }
        () if text.starts_with(' ') || text.ends_with(' ') => Err("begins or ends with a space".to_owned()),
        () => Ok(text.to_owned()),
    }
}
