//! Query parameters, read strictly: a wrong one is named.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The query parameters as the fields of `T`. Parameters that `T` does not know are ignored, as every web server does it.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let read = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(read).map_err(|error| {
        let field = error.path().to_string();
        let field = if field == "." { "query" } else { &field };
        Problem::bad_request(field, error.inner().to_string())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::http::Limit;

    #[derive(Debug, Deserialize)]
    struct Asked {
        #[serde(default)]
        limit: Limit<50, 200>,
        q: Option<String>,
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        for (query, field) in
            [("limit=0", "limit"), ("limit=x", "limit"), ("limit=201&q=a", "limit"), ("limit=", "limit")]
        {
            let problem = read::<Asked>(query).unwrap_err();
            assert_eq!(problem.status, 400);
            assert_eq!(problem.errors[0].field, field, "{query}: {problem:?}");
        }
        assert!(read::<Asked>("q=a&q=b").unwrap_err().detail.contains("duplicate field"));
    }

    #[test]
    fn others_are_ignored_and_bytes_decoded() {
        let asked = read::<Asked>("limit=200&q=%C3%A4+b&more=1").unwrap();
        assert_eq!((asked.limit.get(), asked.q.as_deref()), (200, Some("ä b")));
        assert_eq!(read::<Asked>("").unwrap().limit.get(), 50);
    }
}
