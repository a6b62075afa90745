//! What the API server says when it does not do as asked, in the words of HTTP.
//!
//! The messages of the CRD's rules are made for people and pass through word for word.

use axum::http::StatusCode;
use kube::core::Status;

use crate::error::Problem;
use crate::logs::chain;

/// Why a call was of no use.
#[derive(Debug)]
pub enum Refusal {
    /// The API server refuses it.
    Status(Box<Status>),
    /// Nobody answers, or not as an API server does.
    Away(String),
}

impl From<kube::Error> for Refusal {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) if (400..500).contains(&status.code) && status.code != 429 => Self::Status(status),
            error => Self::Away(chain(&error)),
        }
    }
}

impl Refusal {
    /// Whether the API server refuses it with this status code.
    #[must_use]
    pub fn is(&self, code: StatusCode) -> bool {
        matches!(self, Self::Status(status) if status.code == code.as_u16())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Status(status) => refused(&status),
            Refusal::Away(why) => {
                tracing::warn!(error = why, "the Kubernetes API cannot be reached");
                Self::unavailable("the Kubernetes API cannot be reached; try again", 5)
            }
        }
    }
}

fn refused(status: &Status) -> Problem {
    let said = status.message.as_str();
    let causes = status.details.iter().flat_map(|details| &details.causes);
    match status.code {
        401 => Problem::new(StatusCode::UNAUTHORIZED, "the token is not valid, or no longer"),
        // An unknown field, or a value that cannot be read: the request is JSON, so it is its meaning that is refused.
        400 => match unknown_fields(said) {
            unknown if unknown.is_empty() => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, said),
            unknown => {
                let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, said);
                unknown.into_iter().fold(problem, |problem, field| problem.with(field, "there is no such field"))
            }
        },
        code => {
            let code = StatusCode::from_u16(code).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            causes
                .filter(|cause| !cause.field.is_empty() && !cause.field.starts_with('<'))
                .fold(Problem::new(code, said), |problem, cause| problem.with(&cause.field, words(&cause.message)))
        }
    }
}

/// `strict decoding error: unknown field "spec.sedes", unknown field "spec.x"`: the fields.
fn unknown_fields(message: &str) -> Vec<&str> {
    message.split("unknown field \"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What is behind `Invalid value: `, and behind the value, which the caller knows, where one stands there.
fn words(message: &str) -> &str {
    let Some(rest) = message.strip_prefix("Invalid value: ") else { return message };
    let end = if rest.starts_with('"') { quoted(rest) } else { rest.find(": ").filter(|end| is_value(&rest[..*end])) };
    let behind = end.and_then(|end| rest.get(end..)?.strip_prefix(": "));
    behind.filter(|words| !words.is_empty()).unwrap_or(rest)
}

fn is_value(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// Where a string in quotes ends.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn problem(status: serde_json::Value) -> Problem {
        Refusal::from(kube::Error::Api(serde_json::from_value(status).unwrap())).into()
    }

    #[test]
    fn rules_speak_for_themselves() {
        for (message, expected) in [
            ("Invalid value: \"array\": give at least one seed", "give at least one seed"),
            ("Invalid value: \"a \\\": b\": must be c", "must be c"),
            ("Invalid value: 0: spec.maxLinks in body should be >= 1", "spec.maxLinks in body should be >= 1"),
            ("Invalid value: give one, for example seeds: [1]", "give one, for example seeds: [1]"),
            ("Required value", "Required value"),
            ("Unsupported value: \"X\": supported values: \"A\"", "Unsupported value: \"X\": supported values: \"A\""),
        ] {
            assert_eq!(words(message), expected);
        }
    }

    #[test]
    fn a_refusal_keeps_its_status_and_names_fields() {
        let cause = serde_json::json!({"reason": "FieldValueInvalid", "field": "spec.seeds", "message": "Invalid value: \"array\": give one"});
        let invalid = problem(serde_json::json!({
            "status": "Failure", "code": 422, "reason": "Invalid", "message": "Crawl is invalid", "details": {"causes": [cause]}
        }));
        assert_eq!((invalid.status.as_u16(), invalid.detail.as_str()), (422, "Crawl is invalid"));
        assert_eq!((invalid.errors[0].field.as_str(), invalid.errors[0].message.as_str()), ("spec.seeds", "give one"));

        let unknown = problem(serde_json::json!({
            "status": "Failure", "code": 400, "reason": "BadRequest", "message": "strict decoding error: unknown field \"spec.sedes\""
        }));
        assert_eq!((unknown.status.as_u16(), unknown.errors[0].field.as_str()), (422, "spec.sedes"));

        for (code, status) in [(401, 401), (403, 403), (404, 404), (409, 409), (429, 503), (500, 503), (504, 503)] {
            let status_of = serde_json::json!({"status": "Failure", "code": code, "reason": "", "message": "words"});
            assert_eq!(problem(status_of).status.as_u16(), status, "{code}");
        }
    }
}
