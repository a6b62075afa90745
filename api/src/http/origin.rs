//! Requests that another web site makes a browser send: refused. Pure.
//!
//! A token is sent by our own page only, so no other site has it. But where no token is needed, a browser inside of a
//! network could be made a tool by any page it opens, also under a name that leads here (DNS rebinding).

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode, Uri, header};

use crate::error::Problem;

/// Whether the request comes from our own page or from no page at all. A page of ours may be opened from anywhere (`page`).
pub(super) fn same_site(headers: &HeaderMap, host: &str, page: bool) -> Result<(), Problem> {
    let other = || {
        let detail = "requests of other web sites are refused: the Origin header is not that of this API";
        Err(Problem::new(StatusCode::FORBIDDEN, detail))
    };
    if let Some(origin) = headers.get(header::ORIGIN) {
        let from = origin.to_str().ok().and_then(|origin| Some(origin.split_once("://")?.1));
        if from.is_none_or(|from| !from.eq_ignore_ascii_case(host)) {
            return other();
        }
    }
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok()).unwrap_or("none");
    if matches!(site, "same-origin" | "none") || page { Ok(()) } else { other() }
}

/// The host that is asked for, with its port. HTTP/1.1 has exactly one.
pub(super) fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Result<&'a str, Problem> {
    if let Some(authority) = uri.authority() {
        return Ok(authority.as_str());
    }
    let mut given = headers.get_all(header::HOST).iter();
    match (given.next().and_then(|host| host.to_str().ok()), given.next()) {
        (Some(host), None) => Ok(host),
        _ => Err(Problem::bad_request("Host", "send one Host header")),
    }
}

/// Whether no stranger's name leads here: addresses, names of the cluster, names without a dot, and `allowed` ones.
pub(super) fn known(host: &str, allowed: &[String]) -> Result<(), Problem> {
    let name = without_port(host).trim_end_matches('.').to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    let inside = [".svc", ".svc.cluster.local", ".localhost"].iter().any(|end| name.ends_with(end));
    let listed = allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name));
    if address || inside || listed || (!name.contains('.') && !name.is_empty()) {
        return Ok(());
    }
    let detail =
        "this API is not reached by the name in the Host header; whoever runs it can add the name to --allowed-hosts";
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name,
        _ => host,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn other_sites_are_refused() {
        for (given, page, fine) in [
            (&[][..], false, true),
            (&[("origin", "http://crawl.example:8000")], false, true),
            (&[("origin", "https://CRAWL.example:8000")], false, true),
            (&[("origin", "http://crawl.example")], false, false),
            (&[("origin", "http://evil.example")], false, false),
            (&[("origin", "null")], false, false),
            (&[("origin", "null")], true, false),
            (&[("sec-fetch-site", "same-origin")], false, true),
            (&[("sec-fetch-site", "none")], false, true),
            (&[("sec-fetch-site", "cross-site")], false, false),
            (&[("sec-fetch-site", "same-site")], false, false),
            (&[("sec-fetch-site", "cross-site")], true, true),
        ] {
            let outcome = same_site(&headers(given), "crawl.example:8000", page);
            assert_eq!(outcome.is_ok(), fine, "{given:?}");
        }
    }

    #[test]
    fn names_of_strangers_are_refused() {
        let allowed = ["crawl.example".to_owned()];
        for (host, fine) in [
            ("127.0.0.1:8000", true),
            ("[::1]:8000", true),
            ("[::1]", true),
            ("localhost:8000", true),
            ("api", true),
            ("crawl-operator-api.crawl.svc", true),
            ("crawl-operator-api.crawl.svc.cluster.local:80", true),
            ("crawl.example:8000", true),
            ("Crawl.Example.", true),
            ("evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("crawl.example.evil.example", false),
            ("svc.evil.example", false),
            ("", false),
        ] {
            assert_eq!(known(host, &allowed).is_ok(), fine, "{host}");
        }
    }

    #[test]
    fn there_is_one_host() {
        let uri = Uri::from_static("/");
        assert_eq!(host(&headers(&[("host", "a:1")]), &uri).unwrap(), "a:1");
        assert!(host(&headers(&[("host", "a"), ("host", "b")]), &uri).is_err());
        assert!(host(&headers(&[]), &uri).is_err());
    }
}
