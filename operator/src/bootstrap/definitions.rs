//! RabbitMQ's definitions: the virtual host, one user per role, and the least permissions each needs.
//!
//! It only writes JSON. The operator declares exchanges and queues itself, once it is connected.

use serde_json::{Value, json};

use super::{BootstrapError, password};

/// The key of the definitions in their Secret.
pub(super) const KEY: &str = "definitions.json";

/// Who talks to the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Operator,
    Worker,
    Api,
}

impl Role {
    pub(super) const ALL: [Self; 3] = [Self::Operator, Self::Worker, Self::Api];

    /// The end of the Secret's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Worker => "worker",
            Self::Api => "api",
        }
    }

    pub(super) fn username(self) -> &'static str {
        match self {
            Self::Operator => "crawl-operator",
            Self::Worker => "crawl-worker",
            Self::Api => "crawl-api",
        }
    }

    /// Regular expressions of what may be configured, written and read.
    fn permissions(self) -> [&'static str; 3] {
        match self {
            Self::Operator => [r"^crawl\..*$"; 3],
            Self::Worker => ["^$", r"^crawl\.log$", r"^crawl\.tasks\.[a-z0-9-]+$"],
            Self::Api => ["^$", "^$", r"^crawl\.log\..*$"],
        }
    }
}

/// A user as its Secret describes it.
pub(super) struct User {
    pub(super) role: Role,
    pub(super) username: String,
    pub(super) password: String,
}

/// What RabbitMQ loads when it boots.
pub(super) fn definitions(vhost: &str, users: &[User]) -> Result<Value, BootstrapError> {
    let permissions: Vec<_> = users.iter().map(|user| permission(vhost, user)).collect();
    let users = users.iter().map(account).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"vhosts": [{"name": vhost}], "users": users, "permissions": permissions}))
}

fn account(user: &User) -> Result<Value, BootstrapError> {
    Ok(json!({
        "name": user.username,
        "password_hash": password::hash(&user.password)?,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }))
}

fn permission(vhost: &str, user: &User) -> Value {
    let [configure, write, read] = user.role.permissions();
    json!({"user": user.username, "vhost": vhost, "configure": configure, "write": write, "read": read})
}

/// The users whose password is not the one of the definitions.
pub(super) fn stale<'a>(definitions: &str, users: &'a [User]) -> Vec<&'a str> {
    let definitions: Value = serde_json::from_str(definitions).unwrap_or_default();
    let accounts = definitions["users"].as_array().map_or(&[][..], Vec::as_slice);
    let agrees = |user: &User| {
        let account = accounts.iter().find(|account| account["name"] == user.username.as_str());
        let hash = account.and_then(|account| account["password_hash"].as_str());
        hash.is_some_and(|hash| password::matches(hash, &user.password))
    };
    users.iter().filter(|user| !agrees(user)).map(|user| user.username.as_str()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn users() -> Vec<User> {
        let user = |role: Role| User {
            role,
            username: role.username().to_owned(),
            password: format!("secret of {}", role.name()),
        };
        Role::ALL.into_iter().map(user).collect()
    }

    #[test]
    fn every_role_has_the_least_permissions() {
        let definitions = definitions("crawl", &users()).unwrap();
        assert_eq!(definitions["vhosts"], json!([{"name": "crawl"}]));
        let operator = r"^crawl\..*$";
        assert_eq!(
            definitions["permissions"],
            json!([
                {"user": "crawl-operator", "vhost": "crawl", "configure": operator, "write": operator, "read": operator},
                {"user": "crawl-worker", "vhost": "crawl", "configure": "^$", "write": r"^crawl\.log$",
                 "read": r"^crawl\.tasks\.[a-z0-9-]+$"},
                {"user": "crawl-api", "vhost": "crawl", "configure": "^$", "write": "^$", "read": r"^crawl\.log\..*$"},
            ])
        );
    }

    #[test]
    fn users_have_hashes_and_no_passwords_or_tags() {
        let users = users();
        let definitions = definitions("crawl", &users).unwrap();
        for (account, user) in definitions["users"].as_array().unwrap().iter().zip(&users) {
            assert_eq!(account["name"], user.username.as_str());
            assert_eq!(account["hashing_algorithm"], "rabbit_password_hashing_sha256");
            assert_eq!(account["tags"], json!([]));
            assert!(password::matches(account["password_hash"].as_str().unwrap(), &user.password));
        }
        assert!(!definitions.to_string().contains("secret of"));
    }

    #[test]
    fn a_changed_password_is_noticed() {
        let mut users = users();
        let definitions = definitions("crawl", &users).unwrap().to_string();
        assert!(stale(&definitions, &users).is_empty());
        users[1].password = "changed".to_owned();
        assert_eq!(stale(&definitions, &users), ["crawl-worker"]);
        assert_eq!(stale("", &users).len(), 3);
    }
}
