//! TLS as it should be, and in every way that it should not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;

use crawl_protocol::{FailureClass, Outcome, Page};
use crawl_worker::fetch::read_roots;
use crawl_worker::{Fetcher, FetcherConfig};
use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use support::names::Names;
use support::tls::{Authority, HERE, Identity, page_over, serve, trusting};
use support::{blurting, fetcher, task, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const HOST: &str = "site.example";

async fn outcome(fetcher: &Fetcher, host: &str, server: SocketAddr) -> Outcome {
    let url = format!("https://{host}:{}/", server.port());
    within(fetcher.fetch(&task(&url))).await.record.outcome
}

#[track_caller]
fn assert_page(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Page(Page { status: 200, links: 1, .. })), "{outcome:?}");
}

/// Message and verdict.
#[track_caller]
fn failure(outcome: Outcome) -> (String, bool) {
    match outcome {
        Outcome::Failure { class: FailureClass::Tls, message, retryable, status: None, .. } => (message, retryable),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn given_authorities_are_trusted_besides_the_public_ones() {
    let authority = Authority::new("ours");
    let path = std::env::temp_dir().join(format!("crawl-test-ca-{}.pem", std::process::id()));
    std::fs::write(&path, format!("# ours\n{}\n{}", Authority::new("another").pem(), authority.pem())).unwrap();
    let roots = read_roots(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(roots.len(), 2);
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    let config = FetcherConfig { allow, roots, ..FetcherConfig::default() };
    let fetcher = Fetcher::with_lookup(config, Names::that_answer(&[&[HERE]])).unwrap();
    let server = page_over(authority.issue(HOST, |_| ()).config()).await;
    assert_page(&outcome(&fetcher, HOST, server).await);
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken() {
    let authority = Authority::new("ours");
    let identity = authority.issue(HOST, |_| ());
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = page_over(only(version, identity.clone())).await;
        assert_page(&outcome(&trusting(&authority), HOST, server).await);
    }
}

/// A server that speaks one version.
fn only(version: &'static SupportedProtocolVersion, identity: Identity) -> ServerConfig {
    let mut config = identity.clone().config();
    let builder = ServerConfig::builder_with_provider(config.crypto_provider().clone());
    let resolver = config.cert_resolver.clone();
    config = builder.with_protocol_versions(&[version]).unwrap().with_no_client_auth().with_cert_resolver(resolver);
    config
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_said() {
    const NOBODY: &str = "the certificate is signed by nobody we trust: by itself, by an unknown authority, or the one in \
                          between is missing";
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let (between, fetcher) = (ours.below("between"), trusting(&ours));
    let complete = |mut identity: Identity| {
        identity.chain.push(between.certificate());
        identity
    };
    assert_page(&outcome(&fetcher, HOST, page_over(complete(between.issue(HOST, |_| ())).config()).await).await);
    let cases = [
        (ours.issue(HOST, |it| it.not_after = date_time_ymd(2020, 2, 29)), "the certificate expired on 29 Feb 2020"),
        (
            ours.issue(HOST, |it| it.not_before = date_time_ymd(3000, 1, 1)),
            "the certificate is not valid before 01 Jan 3000",
        ),
        (ours.issue("other.example", |_| ()), "the certificate is not for this host"),
        (ours.issue("*.site.example", |_| ()), "the certificate is not for this host"),
        (Identity::of_its_own(HOST, |_| ()), NOBODY),
        (
            Identity::of_its_own(HOST, |it| it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
            "the certificate is an authority's own, not a server's",
        ),
        (other.issue(HOST, |_| ()), NOBODY),
        (between.issue(HOST, |_| ()), NOBODY),
        (
            ours.issue(HOST, |it| it.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            "the certificate is not for servers",
        ),
        (changed(ours.issue(HOST, |_| ()), sha1), "the certificate is signed in a way that is not safe, or not known"),
        (changed(ours.issue(HOST, |_| ()), wrong_signature), "the certificate's signature is wrong"),
    ];
    for (identity, expected) in cases {
        let server = page_over(identity.config()).await;
        let (message, retryable) = failure(outcome(&fetcher, HOST, server).await);
        assert_eq!((message, retryable), (format!("TLS failed: {expected}"), false));
    }
}

fn changed(mut identity: Identity, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Identity {
    let certificate = change(identity.chain[0].to_vec());
    identity.chain[0] = certificate.into();
    identity
}

/// A certificate that says it is signed with ECDSA and SHA-1 instead of SHA-256, whose name is a byte longer.
fn sha1(der: Vec<u8>) -> Vec<u8> {
    const SHA256: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
    const SHA1: &[u8] = b"\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x04\x01";
    let mut out = Vec::new();
    let mut rest = der.as_slice();
    while let Some(at) = rest.windows(SHA256.len()).position(|window| window == SHA256) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(SHA1);
        rest = &rest[at + SHA256.len()..];
    }
    out.extend_from_slice(rest);
    assert_eq!(out.len(), der.len() - 2, "it stands inside what is signed, and outside");
    // The lengths of the whole and of what is signed.
    let inner = 2 + usize::from(out[1] & 0x7F);
    shorten(&mut out, 0, 2);
    shorten(&mut out, inner, 1);
    out
}

/// Takes something off the length of the element at a place.
fn shorten(der: &mut [u8], at: usize, by: u8) {
    assert!(der[at] == 0x30 && der[at + 1] > 0x80, "a long sequence");
    let last = at + 1 + usize::from(der[at + 1] & 0x7F);
    match der[last].checked_sub(by) {
        Some(length) => der[last] = length,
        None => {
            der[last] = der[last].wrapping_sub(by);
            der[last - 1] -= 1;
        }
    }
}

/// A certificate for other days than was signed: the year 4096 turns into 4095.
fn wrong_signature(mut der: Vec<u8>) -> Vec<u8> {
    let at = der.windows(4).position(|window| window == b"4096").unwrap();
    der[at + 3] = b'5';
    der
}

#[tokio::test]
async fn a_server_that_wants_our_certificate_is_said() {
    let authority = Authority::new("ours");
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate()).unwrap();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let plain = authority.issue(HOST, |_| ()).config();
        let provider = plain.crypto_provider().clone();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots.clone()), provider.clone());
        let builder = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[version]).unwrap();
        let builder = builder.with_client_cert_verifier(verifier.build().unwrap());
        let server = page_over(builder.with_cert_resolver(plain.cert_resolver.clone())).await;
        let (message, _) = failure(outcome(&trusting(&authority), HOST, server).await);
        assert!(message.starts_with("TLS failed: the server "), "{message}");
    }
}

#[tokio::test]
async fn what_is_no_handshake_is_said() {
    const NOT_TLS: &str = "TLS failed: what came was not TLS";
    const VERSION: &str = "TLS failed: the server speaks neither TLS 1.2 nor 1.3 as we do";
    const CLOSED: &str = "TLS failed: the server closed the connection in the handshake";
    let cases: [(&'static [u8], &str, bool); 9] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", NOT_TLS, true),
        (b"220 smtp.example.com ESMTP\r\n", NOT_TLS, true),
        (&[0; 64], NOT_TLS, true),
        (b"", CLOSED, true),
        // The beginning of a record that does not go on.
        (b"\x16\x03\x03\x00\x7a\x02", CLOSED, true),
        // Alerts: protocol_version, handshake_failure, unrecognized_name.
        (b"\x15\x03\x01\x00\x02\x02\x46", VERSION, false),
        (
            b"\x15\x03\x03\x00\x02\x02\x28",
            "TLS failed: the server refused the handshake, perhaps for want of a common cipher",
            false,
        ),
        (b"\x15\x03\x03\x00\x02\x02\x70", "TLS failed: the server does not know this host", true),
        (SERVER_HELLO_10, VERSION, false),
    ];
    for (bytes, expected, verdict) in cases {
        let server = blurting(bytes).await;
        let (message, retryable) = failure(outcome(&fetcher(), "127.0.0.1", server).await);
        assert_eq!((message.as_str(), retryable), (expected, verdict), "{bytes:?}");
    }
}

/// A server that chooses TLS 1.0 and AES with SHA-1.
const SERVER_HELLO_10: &[u8] = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01\
    0123456789abcdef0123456789abcdef\x00\x00\x2f\x00";

#[tokio::test]
async fn tls_where_plain_http_is_spoken_is_not_http() {
    let authority = Authority::new("ours");
    // What it says to a request without TLS is an alert.
    let server = page_over(authority.issue(HOST, |_| ()).config()).await;
    let url = format!("http://127.0.0.1:{}/", server.port());
    let outcome = within(fetcher().fetch(&task(&url))).await.record.outcome;
    let Outcome::Failure { class: FailureClass::Transport, message, retryable: true, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(message, "what came was not HTTP");
}

#[tokio::test]
async fn what_cannot_be_decrypted_in_the_middle_is_a_matter_of_tls() {
    let authority = Authority::new("ours");
    let config = only(&rustls::version::TLS13, authority.issue(HOST, |_| ()));
    let server = serve(config, |mut stream| async move {
        let _ = stream.read_u8().await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<a href=/>")
            .await;
        let _ = stream.flush().await;
        // Past the encryption: a record of nothing.
        let _ = stream.get_mut().0.write_all(&[&[0x17, 3, 3, 0, 32][..], &[0; 32]].concat()).await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let (message, retryable) = failure(outcome(&trusting(&authority), HOST, server).await);
    assert_eq!((message.as_str(), retryable), ("TLS failed: the server's messages cannot be decrypted", true));
}
