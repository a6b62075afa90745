//! Tables of Secrets and what of them goes where.
#![allow(clippy::unwrap_used)]

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use super::check::{ORIGINS, TYPE, by_origin};
use super::*;

fn secret(name: &str, data: &[(&str, &[u8])]) -> Secret {
    let mut secret = Secret { type_: Some(TYPE.to_owned()), ..Secret::default() };
    secret.metadata.name = Some(name.to_owned());
    secret.data = Some(data.iter().map(|(key, value)| ((*key).to_owned(), ByteString(value.to_vec()))).collect());
    secret
}

fn limited(secret: Secret, origins: &str) -> Secret {
    let mut secret = secret;
    secret.metadata.annotations = Some([(ORIGINS.to_owned(), origins.to_owned())].into());
    secret
}

fn seeds(seeds: &[&str]) -> Vec<String> {
    seeds.iter().map(|seed| (*seed).to_owned()).collect()
}

/// What goes where, as one line each.
fn placed(from: &[&str], secrets: &[Secret]) -> Result<Vec<String>, String> {
    let by_origin = by_origin(&seeds(from), secrets).map_err(|problem| {
        assert_eq!(problem.trouble, Trouble::Invalid);
        problem.message
    })?;
    let line = |(origin, headers): (&String, &crawl_sealed::Headers)| {
        let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("{origin} {}", headers.join(", "))
    };
    Ok(by_origin.iter().map(line).collect())
}

#[test]
fn every_seeds_origin_gets_the_headers() {
    let login = secret("login", &[("Authorization", b"Bearer x\n"), ("Cookie", b"a=b; c=\"\xc3\xa4\"\r\n")]);
    let lines = placed(
        &[
            "https://example.com/docs/",
            "HTTPS://Example.com:443/x#y",
            "http://example.com:8080",
            "https://bücher.example/",
        ],
        &[login],
    );
    let headers = "authorization: Bearer x, cookie: a=b; c=\"ä\"";
    let origins = ["http://example.com:8080", "https://example.com", "https://xn--bcher-kva.example"];
    assert_eq!(lines.unwrap(), origins.map(|origin| format!("{origin} {headers}")));
}

#[test]
fn an_annotation_keeps_a_secret_to_its_origins() {
    let from = ["https://a.example/", "https://b.example/x"];
    let [a, b] = [("a", "https://a.example"), ("b", " HTTPS://B.example:443/ ,, https://c.example")]
        .map(|(name, origins)| limited(secret(name, &[("Authorization", name.as_bytes())]), origins));
    let everywhere = secret("c", &[("X-Team", b"t")]);
    assert_eq!(placed(&from, std::slice::from_ref(&a)).unwrap(), ["https://a.example authorization: a"]);
    assert_eq!(
        placed(&from, &[a, b, everywhere]).unwrap(),
        ["https://a.example authorization: a, x-team: t", "https://b.example authorization: b, x-team: t"]
    );
    for (origins, words) in [
        ("", "lets it go to none of the seeds' origins, which are https://a.example, https://b.example"),
        ("https://c.example", "lets it go to none of the seeds' origins"),
        ("http://a.example", "lets it go to none of the seeds' origins"),
        ("a.example", "holds \"a.example\", which is no origin; write for example https://example.com"),
        ("https://a.example/x", "holds \"https://a.example/x\", which is no origin"),
        ("https://a.example,*", "holds \"*\", which is no origin"),
        ("https://me@a.example", "which is no origin"),
        ("https://a.example?x", "which is no origin"),
    ] {
        let error = placed(&from, &[limited(secret("s", &[("A", b"b")]), origins)]).unwrap_err();
        assert!(error.starts_with("the Secret s cannot be used: its annotation crawl-operator.io/origins "), "{error}");
        assert!(error.contains(words), "{origins}: {error}");
    }
}

#[test]
fn other_types_are_never_used() {
    for kind in [None, Some("Opaque"), Some("kubernetes.io/basic-auth"), Some("crawl-operator.io/headers2")] {
        let secret = Secret { type_: kind.map(str::to_owned), ..secret("s", &[("Authorization", b"x")]) };
        let error = placed(&["https://a.example/"], &[secret]).unwrap_err();
        assert!(error.contains("only Secrets of type crawl-operator.io/headers are sent"), "{error}");
        assert!(error.ends_with("create it with --type=crawl-operator.io/headers"), "{error}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_with_a_reason() {
    let long = vec![b'x'; 8 * 1024 + 1];
    for (key, value, words) in [
        ("Host", &b"x"[..], "it sets Host; the worker sets it itself"),
        ("content-LENGTH", b"1", "it sets content-LENGTH; the worker sets it itself"),
        ("Transfer-Encoding", b"x", "the worker sets it itself"),
        ("Connection", b"x", "the worker sets it itself"),
        ("Keep-Alive", b"x", "the worker sets it itself"),
        ("Upgrade", b"x", "the worker sets it itself"),
        ("TE", b"x", "the worker sets it itself"),
        ("Trailer", b"x", "the worker sets it itself"),
        ("Proxy-Authorization", b"x", "it is for a proxy"),
        ("Proxy-Connection", b"x", "it is for a proxy"),
        ("User-Agent", b"x", "write it as spec.fetch.userAgent"),
        ("If-None-Match", b"x", "is the operator's to ask"),
        ("If-Modified-Since", b"x", "is the operator's to ask"),
        ("Accept-Encoding", b"x", "what it can decompress"),
        ("Range", b"x", "pages are fetched whole"),
        ("A B", b"x", "that is no name of a header"),
        ("Ä", b"x", "that is no name of a header"),
        (":path", b"x", "that is no name of a header"),
        ("A", b"", "the value of A is empty"),
        ("A", b"\n", "the value of A is empty"),
        ("A", b"s3cret\nB: c", "the value of A holds a line end"),
        ("A", b"s3cret\n\n", "the value of A holds a line end"),
        ("A", b"s3\0cret", "or another control character"),
        ("A", b"s3\tcret", "or another control character"),
        ("A", b"s3\x7fcret", "or another control character"),
        ("A", b" s3cret", "begins or ends with a space"),
        ("A", b"s3cret \n", "begins or ends with a space"),
        ("A", b"s3\xffcret", "is no UTF-8 text"),
        ("A", &long, "is 8193 bytes long; 8192 may be sent"),
    ] {
        let error = placed(&["https://a.example/"], &[secret("s", &[(key, value)])]).unwrap_err();
        assert!(error.starts_with("the Secret s cannot be used: ") && error.contains(words), "{key}: {error}");
        assert!(!error.contains("s3") && !error.contains("xx"), "{error}");
    }
}

#[test]
fn a_header_is_set_once_and_all_have_their_size() {
    let one = |name: &str, header: &str| secret(name, &[(header, b"x")]);
    let full = vec![b'x'; 8 * 1024];
    let big = |name: &str, header: &str| secret(name, &[(header, &full)]);
    for (secrets, words) in [
        (vec![secret("s", &[])], "the Secret s cannot be used: it holds no header"),
        (vec![secret("s", &[("A", b"x"), ("a", b"y")])], "it sets a twice, in capitals and in small letters"),
        (
            vec![one("s", "A"), one("t", "a")],
            "the Secret t cannot be used: a for https://a.example is in another Secret of the crawl, too",
        ),
        (vec![big("s", "A"), big("t", "B")], "the headers of the crawl are 16386 bytes long; 16384 may be sent"),
    ] {
        let error = placed(&["https://a.example/"], &secrets).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_problem_says_what_to_type() {
    assert_eq!(
        Problem::forbidden("team", &["login", "token"], "crawl-system:crawl-operator").message,
        "the operator may not read the Secrets login and token; let it read them: kubectl --namespace team create role \
         read-login --verb=get --resource=secrets --resource-name=login --resource-name=token && kubectl --namespace team \
         create rolebinding read-login --role=read-login --serviceaccount=crawl-system:crawl-operator"
    );
    assert_eq!(
        Problem::missing("team", "login").message,
        "there is no Secret login in namespace team; create it: kubectl --namespace team create secret generic login \
         --type=crawl-operator.io/headers --from-literal=Authorization='...'"
    );
}
