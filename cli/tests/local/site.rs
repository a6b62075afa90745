//! Sites on loopback.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{Html, Redirect},
    routing::get,
};

pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

/// A small site: three pages, a broken link, a redirect, a link that robots.txt forbids and one to elsewhere.
pub(crate) async fn small() -> String {
    let home = r#"<title>=1+1</title><a href="/a">a</a> <a href="/old">old</a> <a href="/gone">gone</a>
        <a href="/private/x">x</a> <a href="http://elsewhere.example/">out</a> <area href="/a">"#;
    let router = Router::new()
        .route("/", get(move || async move { Html(home) }))
        .route("/a", get(|| async { Html("<a href='/'>home</a>") }))
        .route("/old", get(|| async { Redirect::permanent("/new") }))
        .route("/new", get(|| async { Html("no links") }))
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /private/\n" }))
        .fallback(|| async { StatusCode::NOT_FOUND });
    serve(router).await
}

/// A site whose pages each take a while: `/`, `/1` to `/n`, each with links to some others and to one that is broken. Counts how
/// often it was asked for one.
pub(crate) async fn slow(pages: u32, each: Duration) -> (String, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let page = move |n: u32| {
        let count = Arc::clone(&count);
        async move {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(each).await;
            let link = |n: u32| format!("<a href='/{n}'>{n}</a> ");
            match n {
                n if n > pages => Err(StatusCode::NOT_FOUND),
                n => Ok(Html([2 * n + 1, 2 * n + 2, n / 3, n + 7].map(link).concat())),
            }
        }
    };
    let home = page.clone();
    let router = Router::new()
        .route("/", get(move || home(0)))
        .route("/robots.txt", get(|| async { StatusCode::NOT_FOUND }))
        .route("/{n}", get(move |Path(n): Path<u32>| page(n)));
    (serve(router).await, asked)
}

/// A site with broken links of all kinds, and the URL of a server that refuses connections.
pub(crate) async fn broken() -> (String, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refusing = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    // Another host by its name, which is not in scope.
    let outside = Router::new()
        .route("/good", get(|| async { Html("<a href='/gone-too'>not looked for</a>") }))
        .route("/robots.txt", get(|| async { StatusCode::NOT_FOUND }))
        .fallback(|| async { StatusCode::GONE });
    let outside = serve(outside).await;
    let home = format!(
        "<a href='/docs/'>docs</a> <a href='/gone'>404</a> <a href='/moved'>to a 404</a> <a href='/circle'>circle</a>
         <a href='/error'>500</a> <a href='{refusing}'>refused</a> <a href='{outside}good'>good</a>
         <a href='{outside}bad' rel=nofollow>410</a> <a href='/fine'>redirect</a>"
    );
    let router = Router::new()
        .route("/", get(move || async move { Html(home) }))
        .route("/docs/", get(|| async { Html("<a href='page/../typo'>broken</a> <a href='/gone'>404</a>") }))
        .route("/moved", get(|| async { Redirect::permanent("/on") }))
        .route("/on", get(|| async { Redirect::temporary("/nowhere") }))
        .route("/circle", get(|| async { Redirect::permanent("/circle/2") }))
        .route("/circle/2", get(|| async { Redirect::permanent("/circle") }))
        .route("/fine", get(|| async { Redirect::permanent("/docs/") }))
        .route("/error", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .fallback(|| async { StatusCode::NOT_FOUND });
    (serve(router).await, refusing)
}
