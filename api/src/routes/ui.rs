//! The user interface, as it was when this program was built.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::error::Problem;
use crate::state::App;

// FILES: every file of ui/dist, with its path in it.
include!(concat!(env!("OUT_DIR"), "/ui.rs"));

const PAGE: &str = "/";
const FILE: &str = "/{file}";
const ASSET: &str = "/assets/{*file}";

/// The page and its files.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(PAGE, get(async |headers: HeaderMap| file("index.html", &headers)))
        .route(FILE, get(async |Path(name): Path<String>, headers: HeaderMap| file(&name, &headers)))
        .route(
            ASSET,
            get(async |Path(name): Path<String>, headers: HeaderMap| file(&format!("assets/{name}"), &headers)),
        )
}

/// Whether a route is one of these: they may be opened from anywhere.
pub(super) fn is_page(route: &str) -> bool {
    matches!(route, PAGE | FILE | ASSET)
}

fn file(path: &str, headers: &HeaderMap) -> Response {
    let Some((_, bytes)) = FILES.iter().find(|(known, _)| *known == path) else {
        return Problem::not_found(format!("there is nothing at /{path}")).into_response();
    };
    let tag = tag(bytes);
    // Vite puts a hash of what they hold into the names of assets.
    let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let about = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, keep), (header::CONTENT_TYPE, kind(path))];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, *bytes).into_response()
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
