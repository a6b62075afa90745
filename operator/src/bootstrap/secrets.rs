//! Secrets in the cluster: created where absent, read where present, never written over.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Client;
use kube::api::{Api, PostParams};

/// A Secret is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It could not be created.
    #[error("cannot create the Secret {name}")]
    Create {
        /// Its name.
        name: String,
        /// What the API server says.
        #[source]
        source: kube::Error,
    },
    /// It could not be read.
    #[error("cannot read the Secret {name}")]
    Read {
        /// Its name.
        name: String,
        /// What the API server says.
        #[source]
        source: kube::Error,
    },
    /// It lacks what it is for.
    #[error("the Secret {name} has no key {key}; add it, or delete the Secret to have it made again")]
    Missing {
        /// Its name.
        name: String,
        /// What it lacks.
        key: String,
    },
}

impl SecretError {
    pub(super) fn missing(name: &str, key: &str) -> Self {
        Self::Missing { name: name.to_owned(), key: key.to_owned() }
    }
}

/// The Secrets of a namespace.
pub(super) struct Secrets(Api<Secret>);

impl Secrets {
    pub(super) fn new(client: Client, namespace: &str) -> Self {
        Self(Api::namespaced(client, namespace))
    }

    /// What the Secret holds: as given when there was none, else as stored.
    pub(super) async fn create_if_absent(
        &self,
        name: &str,
        data: BTreeMap<&str, String>,
    ) -> Result<BTreeMap<String, String>, SecretError> {
        match self.0.create(&PostParams::default(), &secret(name, data)).await {
            Ok(created) => {
                tracing::info!(secret = name, "created");
                Ok(texts(created))
            }
            // Somebody was there before us, now or long ago.
            Err(kube::Error::Api(refusal)) if refusal.is_already_exists() => self.read(name).await,
            Err(source) => Err(SecretError::Create { name: name.to_owned(), source }),
        }
    }

    async fn read(&self, name: &str) -> Result<BTreeMap<String, String>, SecretError> {
        let stored = self.0.get(name).await;
        tracing::info!(secret = name, "is there already and stays as it is");
        stored.map(texts).map_err(|source| SecretError::Read { name: name.to_owned(), source })
    }
}

fn secret(name: &str, data: BTreeMap<&str, String>) -> Secret {
    let labels = BTreeMap::from([("app.kubernetes.io/part-of".to_owned(), "crawl-operator".to_owned())]);
    Secret {
        metadata: ObjectMeta { name: Some(name.to_owned()), labels: Some(labels), ..ObjectMeta::default() },
        string_data: Some(data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        type_: Some("Opaque".to_owned()),
        ..Secret::default()
    }
}

/// The API server answers with bytes, whatever form they were sent in. A line end at the end of a value, as files have
/// it, is no part of a password.
fn texts(secret: Secret) -> BTreeMap<String, String> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
    secret.data.unwrap_or_default().into_iter().map(|(key, bytes)| (key, text(bytes.0))).collect()
}
