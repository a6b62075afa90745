//! HTTP/2 servers that break off, refuse, stall and flood.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use crawl_protocol::{FailureClass, Outcome, Page};
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use hyper::http::Response;
use support::tls::{Authority, serve, trusting};
use support::{task, within};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

const HOST: &str = "site.example";
const BODY: &[u8] = b"<a href=/x>x</a>";

/// What a server does with each request.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Page,
    /// Resets the stream instead of an answer.
    Resets(Reason),
    /// Sends a part of the body, and resets.
    ResetsBody(Reason),
    /// Tells everyone to go, at once.
    SaysGo(Reason),
    /// Announces a body and does not go on.
    Stalls,
    /// Announces a body of this length and sends another.
    Announces(usize),
    /// Sends more headers than anyone takes.
    Floods,
    /// Closes the connection.
    Closes,
}

async fn server(authority: &Authority, manner: Manner) -> (SocketAddr, Arc<AtomicUsize>) {
    let mut config = authority.issue(HOST, |_| ()).config();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let address = serve(config, move |stream| answer(stream, manner, counted.clone())).await;
    (address, requests)
}

async fn answer(stream: TlsStream<TcpStream>, manner: Manner, requests: Arc<AtomicUsize>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    // A stream that is dropped is reset.
    let mut open = Vec::new();
    while let Some(Ok((_, respond))) = connection.accept().await {
        requests.fetch_add(1, Ordering::SeqCst);
        match manner {
            Manner::Closes => return,
            Manner::SaysGo(reason) => connection.abrupt_shutdown(reason),
            _ => open.extend(respond_to(respond, manner)),
        }
    }
}

fn respond_to(mut respond: SendResponse<Bytes>, manner: Manner) -> Option<SendStream<Bytes>> {
    let response = Response::builder().header("content-type", "text/html");
    let response = match manner {
        Manner::Announces(length) => response.header("content-length", length),
        Manner::Floods => (0..2000).fold(response, |response, n| response.header(format!("x-{n}"), "y".repeat(100))),
        _ => response,
    };
    if let Manner::Resets(reason) = manner {
        respond.send_reset(reason);
        return None;
    }
    let mut stream = respond.send_response(response.body(()).unwrap(), false).ok()?;
    match manner {
        Manner::Stalls => {}
        Manner::ResetsBody(reason) => {
            let _ = stream.send_data(Bytes::from_static(BODY), false);
            stream.send_reset(reason);
        }
        _ => drop(stream.send_data(Bytes::from_static(BODY), true)),
    }
    Some(stream)
}

async fn outcome(authority: &Authority, server: SocketAddr, timeout_ms: u64) -> Outcome {
    let mut task = task(&format!("https://{HOST}:{}/", server.port()));
    task.fetch.timeout_ms = timeout_ms;
    within(trusting(authority).fetch(&task)).await.record.outcome
}

#[tokio::test]
async fn a_page_comes_by_http2() {
    let authority = Authority::new("ours");
    for manner in [Manner::Page, Manner::Announces(BODY.len())] {
        let (server, requests) = server(&authority, manner).await;
        let outcome = outcome(&authority, server, 30_000).await;
        assert!(matches!(outcome, Outcome::Page(Page { links: 1, truncated: false, .. })), "{outcome:?}");
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn what_a_server_breaks_off_is_worth_another_attempt_and_is_not_asked_for_again_at_once() {
    const BROKEN: &str = "the server broke off before the response was complete";
    let authority = Authority::new("ours");
    for (manner, expected) in [
        (Manner::Resets(Reason::REFUSED_STREAM), BROKEN),
        (Manner::Resets(Reason::INTERNAL_ERROR), BROKEN),
        (Manner::Resets(Reason::HTTP_1_1_REQUIRED), BROKEN),
        (Manner::ResetsBody(Reason::CANCEL), BROKEN),
        (Manner::SaysGo(Reason::NO_ERROR), BROKEN),
        (Manner::SaysGo(Reason::ENHANCE_YOUR_CALM), BROKEN),
        (Manner::Announces(BODY.len() + 1), BROKEN),
        (Manner::Announces(BODY.len() - 1), BROKEN),
        (Manner::Floods, BROKEN),
        (Manner::Closes, BROKEN),
    ] {
        let (server, requests) = server(&authority, manner).await;
        let outcome = outcome(&authority, server, 30_000).await;
        let Outcome::Failure { class: FailureClass::Transport, message, retryable: true, .. } = outcome else {
            panic!("{manner:?}: {outcome:?}")
        };
        assert_eq!((message.as_str(), requests.load(Ordering::SeqCst)), (expected, 1), "{manner:?}");
    }
}

#[tokio::test]
async fn a_stalled_stream_runs_out_of_time() {
    let authority = Authority::new("ours");
    let (server, _) = server(&authority, Manner::Stalls).await;
    let outcome = outcome(&authority, server, 300).await;
    assert!(matches!(outcome, Outcome::Failure { class: FailureClass::Timeout, retryable: true, .. }), "{outcome:?}");
}
