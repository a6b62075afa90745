//! The Secrets of a new installation: random passwords for the broker's users, the definitions that create them there, the
//! cookie of its nodes where there are several, and the key by which operator and workers seal headers.
//!
//! It creates what is missing and never overwrites: a chart that is rendered again must not change a password. The users'
//! Secrets come first and the definitions are computed from what is stored in them, so a run that failed half-way is
//! healed by the next one. No password, cookie or key is ever logged.

mod definitions;
mod password;
mod secrets;

use std::collections::BTreeMap;

use crawl_sealed::{Key, KeyError};
use kube::Client;

use crate::args::BootstrapArgs;
use definitions::{Role, User};
use secrets::{SecretError, Secrets};

/// The key of the task key in its Secret.
const TASK_KEY: &str = "task.key";
/// The key of the nodes' cookie in its Secret.
const ERLANG_COOKIE: &str = "erlang.cookie";

/// A Secret could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The API server refused.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The Secret of the task key holds something else.
    #[error("the Secret {name} cannot be used; delete it to have it made again")]
    NoKey {
        /// Its name.
        name: String,
        /// What it should hold.
        #[source]
        source: KeyError,
    },
    /// The system has no random numbers.
    #[error("no random numbers")]
    Random,
}

/// Creates the Secrets that are missing.
///
/// # Errors
/// When one cannot be read or created, or holds no password or key.
pub async fn run(client: Client, args: &BootstrapArgs) -> Result<(), BootstrapError> {
    let secrets = Secrets::new(client, &args.namespace);
    if args.task_key {
        task_key(&secrets, &args.prefix).await?;
    }
    if args.erlang_cookie {
        erlang_cookie(&secrets, &args.prefix).await?;
    }
    if args.broker_users { broker(&secrets, args).await } else { Ok(()) }
}

/// The key is made once: with another one, workers could not open what is in the queues.
async fn task_key(secrets: &Secrets, prefix: &str) -> Result<(), BootstrapError> {
    let name = format!("{prefix}-task-key");
    let fresh = Key::random_text().map_err(|_| BootstrapError::Random)?;
    let stored = secrets.create_if_absent(&name, BTreeMap::from([(TASK_KEY, fresh)])).await?;
    let text = stored.get(TASK_KEY).ok_or_else(|| SecretError::missing(&name, TASK_KEY))?;
    Key::from_text(text).map(drop).map_err(|source| BootstrapError::NoKey { name, source })
}

/// In a Secret of its own: that of the definitions may be older than the second node, and is never written over.
async fn erlang_cookie(secrets: &Secrets, prefix: &str) -> Result<(), BootstrapError> {
    let name = format!("{prefix}-rabbitmq-cookie");
    let stored = secrets.create_if_absent(&name, BTreeMap::from([(ERLANG_COOKIE, password::random()?)])).await?;
    let cookie = stored.get(ERLANG_COOKIE).filter(|cookie| !cookie.is_empty());
    cookie.map(drop).ok_or_else(|| SecretError::missing(&name, ERLANG_COOKIE).into())
}

async fn broker(secrets: &Secrets, args: &BootstrapArgs) -> Result<(), BootstrapError> {
    let mut users = Vec::new();
    for role in Role::ALL {
        users.push(user(secrets, &args.prefix, role).await?);
    }
    let name = format!("{}-rabbitmq", args.prefix);
    let fresh = BTreeMap::from([(definitions::KEY, definitions::definitions(&args.vhost, &users)?.to_string())]);
    let stored = secrets.create_if_absent(&name, fresh).await?;
    let text = stored.get(definitions::KEY).map_or("", String::as_str);
    for stale in definitions::stale(text, &users) {
        tracing::warn!(
            secret = name,
            user = stale,
            "the definitions hold another password than the user's Secret; delete one of the two and run this again"
        );
    }
    Ok(())
}

async fn user(secrets: &Secrets, prefix: &str, role: Role) -> Result<User, BootstrapError> {
    let name = format!("{prefix}-amqp-{}", role.name());
    let fresh = BTreeMap::from([("username", role.username().to_owned()), ("password", password::random()?)]);
    let stored = secrets.create_if_absent(&name, fresh).await?;
    let value = |key: &str| stored.get(key).cloned().ok_or_else(|| SecretError::missing(&name, key));
    Ok(User { role, username: value("username")?, password: value("password")? })
}

#[cfg(test)]
mod tests;
