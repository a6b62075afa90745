//! What a caller is told when something cannot be done: `application/problem+json` (RFC 9457).
//!
//! A problem names what is wrong and what to do. It never holds a token, nor what a server said inside of it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// The content type of all errors under /api/v1.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// The kind of problem in a few words, the same for every problem with this status.
    pub title: String,
    /// The HTTP status code.
    #[serde(serialize_with = "code")]
    #[schemars(with = "u16", range(min = 400, max = 599))]
    pub status: StatusCode,
    /// What is wrong this time, and what to do.
    pub detail: String,
    /// Which fields or parameters are wrong, where that is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub errors: Vec<FieldError>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// A field or parameter that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldError {
    /// Its path, such as spec.seeds or limit.
    pub field: String,
    /// What is wrong with it and what to write.
    pub message: String,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn code<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem with this status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        Self { title, status, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// 400: a parameter or a body that cannot be understood.
    pub fn bad_request(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new(StatusCode::BAD_REQUEST, format!("{field}: {message}")).with(field, message)
    }

    /// 422: a field whose value is refused.
    pub fn refused(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{field}: {message}")).with(field, message)
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 503: something that is needed is away or full; trying again after so many seconds may help.
    pub fn unavailable(detail: impl Into<String>, retry_after: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(retry_after)
    }

    /// Names one more wrong field.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.errors.push(FieldError { field: field.into(), message: message.into() });
        self
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The headers that go with it, in whatever form the problem is told.
    pub(crate) fn headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Kubernetes\""));
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let text = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, PROBLEM_JSON)], text).into_response();
        self.headers(&mut response);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_is_wrong_and_when_to_come_back() {
        let problem = Problem::bad_request("limit", "write a number from 1 to 200");
        assert_eq!(
            serde_json::to_value(&problem).unwrap_or_default(),
            serde_json::json!({
                "title": "Bad Request", "status": 400, "detail": "limit: write a number from 1 to 200",
                "errors": [{"field": "limit", "message": "write a number from 1 to 200"}],
            })
        );
        let response = Problem::unavailable("RabbitMQ cannot be reached", 5).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
    }
}
