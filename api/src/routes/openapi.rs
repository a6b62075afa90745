//! The description of the API.

use std::sync::LazyLock;

use axum::Json;
use serde_json::{Map, Value};

use crate::openapi::{Operation, Routes};

static DOCUMENT: LazyLock<Value> = LazyLock::new(super::description);

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new().add(
        Operation::get("/api/v1/openapi.json")
            .named("getDescription", "This description")
            .open()
            .json::<Map<String, Value>>(200, "OpenAPI 3.1."),
        async || Json(&*DOCUMENT),
    )
}
