//! The Secrets of a new installation: random passwords for the broker's users, and the definitions that create them there.
//!
//! It creates what is missing and never overwrites: a chart that is rendered again must not change a password. The users'
//! Secrets come first and the definitions are computed from what is stored in them, so a run that failed half-way is
//! healed by the next one. A password is never logged.

mod definitions;
mod password;
mod secrets;

use std::collections::BTreeMap;

use kube::Client;

use crate::args::BootstrapArgs;
use definitions::{Role, User};
use secrets::{SecretError, Secrets};

/// A Secret could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The API server refused.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The system has no random numbers.
    #[error("no random numbers")]
    Random,
}

/// Creates the Secrets that are missing.
///
/// # Errors
/// When one cannot be read or created, or holds no password.
pub async fn run(client: Client, args: &BootstrapArgs) -> Result<(), BootstrapError> {
    let secrets = Secrets::new(client, &args.namespace);
    let mut users = Vec::new();
    for role in Role::ALL {
        users.push(user(&secrets, &args.prefix, role).await?);
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
