//! Reads the Secrets of a crawl: at its start, after an edit, and again now and then.
//!
//! What was read is kept in memory until it is read again; what was refused is looked at again with back-off. An API server that
//! does not answer changes nothing for a crawl whose Secrets were read before; a clear no does, at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crawl_crds::Crawl;
use crawl_sealed::Key;
use k8s_openapi::api::core::v1::Secret;
use kube::core::Request;
use kube::{Client, Resource as _, ResourceExt as _};
use tokio::time::Instant;

use super::check::by_origin;
use super::{HeadersFrom, Problem, Trouble};
use crate::controller::backoff::Backoff;
use crate::runner::SeedHeaders;

/// How long what was read is used before it is read again.
const READ_EVERY: Duration = Duration::from_secs(30);

/// With what Secrets are read and sealed.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Seals; without it no crawl with headers runs.
    pub(crate) key: Option<Arc<Key>>,
    /// The operator's ServiceAccount, as `namespace:name`: whom to give a right.
    pub(crate) account: String,
}

/// What is known of the headers of each crawl, by uid.
pub(crate) struct Secrets {
    client: Client,
    access: Access,
    known: Mutex<HashMap<String, Known>>,
    backoff: Backoff,
}

/// The names of the Secrets, and the generation of the Crawl that names them.
type Wanted = (Vec<String>, Option<i64>);

struct Known {
    wanted: Wanted,
    outcome: Result<SeedHeaders, Problem>,
    again_at: Instant,
}

impl Secrets {
    pub(crate) fn new(client: Client, access: Access) -> Self {
        Self { client, access, known: Mutex::default(), backoff: Backoff::default() }
    }

    /// What is known of a crawl's headers, read anew where it is time to.
    pub(crate) async fn of(&self, crawl: &Crawl) -> HeadersFrom {
        let uid = crawl.uid().unwrap_or_default();
        let names: Vec<_> = crawl.spec.fetch.headers_from.iter().map(|from| from.secret_ref.name.clone()).collect();
        if names.is_empty() {
            self.forget(&uid);
            return HeadersFrom::Nothing;
        }
        let wanted = (names, crawl.metadata.generation);
        let known = self.lock().get(&uid).filter(|known| known.wanted == wanted).map(Known::told);
        if let Some((told, again)) = known
            && !again.is_zero()
        {
            return told;
        }
        let outcome = self.read(crawl, &wanted.0).await;
        self.remember(uid, wanted, outcome)
    }

    /// The crawl is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.lock().remove(uid);
        self.backoff.succeeded(uid);
    }

    /// Takes what was read, unless it is only that nobody answered and something is known.
    fn remember(&self, uid: String, wanted: Wanted, outcome: Result<SeedHeaders, Problem>) -> HeadersFrom {
        let mut known = self.lock();
        let unanswered = matches!(&outcome, Err(problem) if problem.trouble == Trouble::Unreadable);
        let before =
            known.remove(&uid).filter(|before| unanswered && before.wanted.0 == wanted.0 && before.outcome.is_ok());
        let again = match &outcome {
            Ok(_) => {
                self.backoff.succeeded(&uid);
                READ_EVERY
            }
            Err(_) => self.backoff.failed(&uid),
        };
        let outcome = before.map_or(outcome, |before| before.outcome);
        let now = Known { wanted, outcome, again_at: Instant::now() + again };
        let (told, _) = now.told();
        known.insert(uid, now);
        told
    }

    async fn read(&self, crawl: &Crawl, names: &[String]) -> Result<SeedHeaders, Problem> {
        let Some(key) = &self.access.key else {
            let message = "the operator has no key to seal headers with: TASK_KEY_FILE is not set for it";
            return Err(Problem::unreadable(message.to_owned()));
        };
        let namespace = crawl.namespace().unwrap_or_default();
        let (mut secrets, mut problems, mut forbidden) = (Vec::new(), Vec::new(), Vec::new());
        for name in names {
            match get(&self.client, &namespace, name).await {
                Ok(secret) => secrets.push(secret),
                Err(kube::Error::Api(no)) if no.is_forbidden() => forbidden.push(name.as_str()),
                Err(kube::Error::Api(no)) if no.is_not_found() => problems.push(Problem::missing(&namespace, name)),
                // What that says may repeat what the Secret holds.
                Err(kube::Error::SerdeError(_)) => problems.push(unreadable(name, "the answer is no Secret")),
                Err(error) => problems.push(unreadable(name, &crate::logs::chain(&error))),
            }
        }
        if !forbidden.is_empty() {
            problems.push(Problem::forbidden(&namespace, &forbidden, &self.access.account));
        }
        match problems.into_iter().min_by_key(|problem| problem.trouble) {
            Some(problem) => Err(problem),
            None => Ok(SeedHeaders::new(key.clone(), by_origin(&crawl.spec.seeds, &secrets)?)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unreadable(name: &str, why: &str) -> Problem {
    Problem::unreadable(format!("the Secret {name} cannot be read: {why}"))
}

impl Known {
    /// What to tell, and in how long it is to be read again.
    fn told(&self) -> (HeadersFrom, Duration) {
        let left = self.again_at.saturating_duration_since(Instant::now());
        // A requeue at once would be a loop.
        let again = left.max(Duration::from_millis(100));
        let told = match self.outcome.clone() {
            Ok(headers) => HeadersFrom::Ready { headers, again },
            Err(problem) => HeadersFrom::Withheld { problem, again },
        };
        (told, left)
    }
}

/// Not by `Api::get`: an answer that it cannot read, it writes into the log.
async fn get(client: &Client, namespace: &str, name: &str) -> Result<Secret, kube::Error> {
    let path = Secret::url_path(&(), Some(namespace));
    let request = Request::new(path).get(name, &kube::api::GetParams::default()).map_err(kube::Error::BuildRequest)?;
    let text = client.request_text(request).await?;
    serde_json::from_str(&text).map_err(kube::Error::SerdeError)
}
