//! What is said of one operation: its parameters, body and answers.

use axum::http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::error::PROBLEM_JSON;

/// Writes the schema of a type into a document.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) query: Option<SchemaOf>,
    pub(super) body: Option<SchemaOf>,
    pub(super) answers: Vec<Answer>,
    pub(super) open: bool,
}

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) says: &'static str,
    pub(super) schema: Option<SchemaOf>,
}

/// What every operation that asks who calls may answer.
const ALWAYS: [u16; 7] = [400, 401, 403, 414, 421, 429, 503];

impl Operation {
    fn new(method: Method, path: &'static str) -> Self {
        Self { method, path, id: "", summary: "", query: None, body: None, answers: Vec::new(), open: false }
            .problems(&ALWAYS)
    }

    /// GET, and with it HEAD.
    #[must_use]
    pub fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path)
    }

    /// POST with a JSON body.
    #[must_use]
    pub fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path).problems(&[413, 415])
    }

    /// PATCH with a JSON body.
    #[must_use]
    pub fn patch(path: &'static str) -> Self {
        Self::new(Method::PATCH, path).problems(&[413, 415])
    }

    /// DELETE.
    #[must_use]
    pub fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// Its name for programs, and what it does for people.
    #[must_use]
    pub fn named(mut self, id: &'static str, summary: &'static str) -> Self {
        (self.id, self.summary) = (id, summary);
        self
    }

    /// Anyone may call it.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self.answers.retain(|answer| !matches!(answer.status, 401 | 503));
        self
    }

    /// Its query parameters: the fields of `T`.
    #[must_use]
    pub fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(T::json_schema);
        self
    }

    /// Its JSON body.
    #[must_use]
    pub fn body<T: JsonSchema>(mut self) -> Self {
        self.body = Some(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// An answer in JSON.
    #[must_use]
    pub fn json<T: JsonSchema>(self, status: u16, says: &'static str) -> Self {
        self.answer(status, "application/json", says, Some(SchemaGenerator::subschema_for::<T>))
    }

    /// An answer of another type that has no schema, such as a stream. Several of one status may be given.
    #[must_use]
    pub fn content(self, status: u16, content_type: &'static str, says: &'static str) -> Self {
        self.answer(status, content_type, says, None)
    }

    /// Errors in JSON that are no problems: those of the reference's calls. What is refused before a route sees it stays one.
    #[must_use]
    pub fn errors<T: JsonSchema>(self, statuses: &[u16]) -> Self {
        statuses.iter().fold(self, |operation, status| operation.json::<T>(*status, says(*status)))
    }

    /// Problems it may answer, besides those that all may.
    #[must_use]
    pub fn problems(self, statuses: &[u16]) -> Self {
        statuses.iter().fold(self, |operation, status| {
            let known = |answer: &Answer| answer.status == *status && answer.content_type == PROBLEM_JSON;
            if operation.answers.iter().any(known) {
                return operation;
            }
            let problem: SchemaOf = SchemaGenerator::subschema_for::<crate::error::Problem>;
            operation.answer(*status, PROBLEM_JSON, says(*status), Some(problem))
        })
    }

    fn answer(mut self, status: u16, content_type: &'static str, says: &'static str, schema: Option<SchemaOf>) -> Self {
        self.answers.push(Answer { status, content_type, says, schema });
        self
    }
}

fn says(status: u16) -> &'static str {
    match status {
        400 => "The request cannot be understood; errors[].field names what is wrong.",
        401 => "A token is needed, or the one given is not valid.",
        403 => "The caller may not do this, or the request comes from another site.",
        404 => "There is no such thing.",
        409 => "It exists already, or was changed meanwhile.",
        413 => "The body is larger than 256 KiB.",
        414 => "The URL is longer than 16 KiB.",
        415 => "The body is not application/json.",
        421 => "The Host header is none by which this API may be reached.",
        422 => "A field is refused; errors[].field names it and the message says what to write.",
        429 => "Too many requests; Retry-After says when to come back.",
        503 => "Kubernetes or RabbitMQ cannot be reached, or a limit of this API is reached; try again.",
        _ => "Something went wrong.",
    }
}
