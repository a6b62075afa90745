//! The user interface, as it was when this program was built.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::state::App;

// FILES: every file of ui/dist, with its path in it.
include!(concat!(env!("OUT_DIR"), "/ui.rs"));

const PAGE: &str = "index.html";

/// The page and its files. Nothing else is there.
pub(crate) fn router() -> Router<App> {
    FILES.iter().fold(Router::new(), |router, (path, bytes)| {
        let tag = tag(bytes);
        router.route(&route(path), get(async move |headers: HeaderMap| file(path, bytes, &tag, &headers)))
    })
}

/// Whether a route is one of these: they may be opened from anywhere.
pub(super) fn is_page(asked: &str) -> bool {
    FILES.iter().any(|(path, _)| route(path) == asked)
}

fn route(path: &str) -> String {
    if path == PAGE { "/".to_owned() } else { format!("/{path}") }
}

fn file(path: &str, bytes: &'static [u8], tag: &str, headers: &HeaderMap) -> Response {
    // Vite puts a hash of what they hold into the names of assets.
    let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let about = [(header::ETAG, tag), (header::CACHE_CONTROL, keep), (header::CONTENT_TYPE, kind(path))];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, bytes).into_response()
}

fn tag(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let start: String = digest.as_ref().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{start}\"")
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
