//! Parts of the path. What holds bytes that no name has is not there.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The parts of the path that the route names.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        named.map(|path| Self(path.0)).map_err(|_| Problem::not_found("the path holds bytes that no name has"))
    }
}
