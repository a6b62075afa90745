//! The user interface, as it was when this program was built.

use axum::Router;

use crate::state::App;

/// The page and its assets.
pub(crate) fn router() -> Router<App> {
    Router::new()
}
