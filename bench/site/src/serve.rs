//! Connections and answers.

use std::{
    convert::Infallible,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use crate::{pages::Pages, stats::Stats};

/// What is served, and how.
pub(crate) struct Site {
    pub(crate) pages: Pages,
    pub(crate) base: String,
    pub(crate) stats: Stats,
    pub(crate) acceptor: Option<TlsAcceptor>,
    pub(crate) idle: Option<Duration>,
}

/// Serves the pages, whatever host they are asked of.
pub(crate) async fn pages(listener: TcpListener, site: Arc<Site>) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(site.clone(), stream));
    }
}

/// Serves what the bench wants to know, on a port of its own, so that asking counts nowhere: the counts since they were last
/// asked for, and where the pages are.
pub(crate) async fn questions(listener: TcpListener, site: Arc<Site>) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let site = site.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let text = match request.uri().path() {
                "/urls" => site.pages.urls(&site.base),
                _ => site.stats.take().to_string(),
            };
            async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(text)))) }
        });
        let io = TokioIo::new(stream);
        tokio::spawn(async move { Builder::new(TokioExecutor::new()).serve_connection(io, answer).await.is_ok() });
    }
}

/// One connection to its end. How it ends is the client's business.
async fn connection(site: Arc<Site>, stream: TcpStream) {
    let Some(acceptor) = site.acceptor.clone() else { return serve(site, stream).await };
    match acceptor.accept(stream).await {
        Ok(stream) => {
            site.stats.handshake(stream.get_ref().1.handshake_kind());
            serve(site, stream).await;
        }
        Err(_) => site.stats.handshake(None),
    }
}

async fn serve(site: Arc<Site>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let (fresh, idle) = (AtomicBool::new(true), site.idle);
    let answer = service_fn(move |request: Request<Incoming>| {
        let response = answer(&site, &request, fresh.swap(false, Relaxed));
        async { Ok::<_, Infallible>(response) }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    // The time for the next request's header runs from the end of the last answer.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(idle);
    let _ = pin!(builder.serve_connection(TokioIo::new(stream), answer)).await;
}

fn answer(site: &Site, request: &Request<Incoming>, first_of_connection: bool) -> Response<Full<Bytes>> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let page = site.pages.get(path);
    site.stats.request(page.map(|(page, right)| (page.number, right)), first_of_connection);
    let Some((page, _)) = page else {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let compressed = page.gzip.as_ref().filter(|_| takes_gzip(request));
    let mut response = Response::new(Full::new(compressed.unwrap_or(&page.plain).clone()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if compressed.is_some() {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn takes_gzip(request: &Request<Incoming>) -> bool {
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|value| value.contains("gzip"))
}
