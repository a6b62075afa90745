//! Errors as the reference's calls tell them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Problem;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Wrong {
    /// What is wrong and what to write.
    pub(super) error: String,
    /// Which field it is, where that is known: url, maxLinks or body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Field>")]
    pub(super) field: Option<Field>,
}

/// What can be wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Field {
    /// Where the crawl starts.
    Url,
    /// How many pages it processes.
    MaxLinks,
    /// All of it.
    Body,
}

/// An answer that says what is wrong.
#[derive(Debug)]
pub(super) struct Refused {
    problem: Problem,
    field: Option<Field>,
}

impl Refused {
    /// 400: this field.
    pub(super) fn field(field: Field, error: impl Into<String>) -> Self {
        Self { problem: Problem::new(StatusCode::BAD_REQUEST, error), field: Some(field) }
    }

    /// 404, with the reference's words.
    pub(super) fn no_such_id() -> Self {
        Self { problem: Problem::not_found("id is invalid"), field: None }
    }
}

impl From<Problem> for Refused {
    /// What the cluster refuses of a spec is a fault of the field that became part of it.
    fn from(mut problem: Problem) -> Self {
        let refused = problem.status == StatusCode::UNPROCESSABLE_ENTITY;
        let field = problem.errors.first().map(|error| match error.field.as_str() {
            field if field.starts_with("spec.seeds") => Field::Url,
            "spec.maxLinks" => Field::MaxLinks,
            _ => Field::Body,
        });
        if refused {
            problem.status = StatusCode::BAD_REQUEST;
            if let Some(error) = problem.errors.first() {
                problem.detail = error.message.clone();
            }
        }
        Self { problem, field }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let wrong = Wrong { error: self.problem.detail.clone(), field: self.field };
        let mut response = (self.problem.status, Json(wrong)).into_response();
        self.problem.headers(&mut response);
        response
    }
}
