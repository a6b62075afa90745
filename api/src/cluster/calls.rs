//! Calls to the API server, each with the rights of one caller.
//!
//! Callers share one client that has no credentials; a token is a header of one request and is kept nowhere.

use std::time::Duration;

use axum::http::{Request, header};
use kube::Client;
use kube::config::AuthInfo;
use serde::de::DeserializeOwned;

use super::Refusal;
use crate::access::Token;

/// How long the API server may take to answer a call.
const PATIENCE: Duration = Duration::from_secs(10);

/// With whose rights a call is made.
#[derive(Clone, Copy, Debug)]
pub enum As<'a> {
    /// The caller's.
    Token(&'a Token),
    /// Those of the api's own account.
    Own,
}

/// Makes calls to the API server.
#[derive(Clone)]
pub struct Calls {
    own: Client,
    bare: Client,
}

impl Calls {
    /// To the API server of this configuration.
    ///
    /// # Errors
    /// When there can be no client for it.
    pub fn new(config: kube::Config) -> Result<Self, kube::Error> {
        let mut config = config;
        (config.connect_timeout, config.read_timeout) = (Some(PATIENCE), Some(PATIENCE));
        // Else the time that a pooled connection was idle counts, too.
        config.reset_reader_on_write = true;
        // Whoever waits here is a person; the caller tries again.
        config.default_retry = false;
        let own = Client::try_from(config.clone())?;
        config.auth_info = AuthInfo::default();
        Ok(Self { own, bare: Client::try_from(config)? })
    }

    /// Over these clients: one with the api's own rights, one without any.
    #[must_use]
    pub fn over(own: Client, bare: Client) -> Self {
        Self { own, bare }
    }

    /// Makes one call.
    ///
    /// # Errors
    /// When it is refused, or nobody answers.
    pub async fn call<T: DeserializeOwned>(&self, by: As<'_>, mut request: Request<Vec<u8>>) -> Result<T, Refusal> {
        let client = match by {
            As::Own => &self.own,
            As::Token(token) => {
                request.headers_mut().insert(header::AUTHORIZATION, token.header());
                &self.bare
            }
        };
        match tokio::time::timeout(PATIENCE, client.request(request)).await {
            Ok(answer) => answer.map_err(Refusal::from),
            Err(_) => Err(Refusal::Away("it does not answer in time".to_owned())),
        }
    }
}
