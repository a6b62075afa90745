//! Asks the cluster what a caller may do: a SelfSubjectAccessReview, made with the caller's own token.

use std::time::Instant;

use axum::http::StatusCode;
use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::authorization::v1::{ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec};
use kube::api::PostParams;
use kube::core::Request;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::memory::{Memory, Remembered};
use super::{Caller, Token, Verb};
use crate::args::Anonymous;
use crate::cluster::{As, Calls, Refusal};
use crate::error::Problem;

/// As many answers are remembered.
const ANSWERS: usize = 20_000;
/// As many tokens.
const TOKENS: usize = 2_000;

type Digest = [u8; 32];
type Question = (Digest, Verb, Option<String>, Option<String>);

/// What the cluster says of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    BadToken,
}

/// Who may do what.
pub struct Access {
    anonymous: Anonymous,
    calls: Calls,
    answers: Memory<Question, Answer>,
    users: Memory<Digest, String>,
    valid: Memory<Digest, ()>,
}

impl Access {
    /// As the cluster says; without a token as `anonymous` says.
    #[must_use]
    pub fn new(anonymous: Anonymous, calls: Calls) -> Self {
        Self { anonymous, calls, answers: Memory::of(ANSWERS), users: Memory::of(TOKENS), valid: Memory::of(TOKENS) }
    }

    /// With whose rights something is changed.
    #[must_use]
    pub fn acting<'a>(&self, caller: &'a Caller) -> As<'a> {
        match caller {
            Caller::Token(token) => As::Token(token),
            Caller::Anonymous => As::Own,
        }
    }

    /// Whether the caller may do this with Crawls of a namespace (`None`: of all), or with the one of this name.
    ///
    /// # Errors
    /// 401, 403, or 503 where nobody can say.
    pub async fn check(
        &self,
        caller: &Caller,
        namespace: Option<&str>,
        name: Option<&str>,
        verb: Verb,
    ) -> Result<(), Problem> {
        let token = match caller {
            Caller::Token(token) => token,
            Caller::Anonymous => return self.unnamed(verb),
        };
        let question = (token.digest(), verb, namespace.map(str::to_owned), name.map(str::to_owned));
        let remembered = self.answers.recall(&question, Instant::now());
        let answer = match remembered {
            Remembered::Fresh(answer) => answer,
            Remembered::Usable(_) | Remembered::Nothing => {
                match (self.ask(token, verb, namespace, name).await, remembered) {
                    (Ok(answer), _) => {
                        self.answers.keep(question, answer.clone(), Instant::now());
                        answer
                    }
                    (Err(Refusal::Away(_)), Remembered::Usable(answer)) => answer,
                    (Err(refusal), _) => return Err(refusal.into()),
                }
            }
        };
        match answer {
            Answer::Yes => Ok(()),
            Answer::No => Err(forbidden(verb, namespace, name)),
            Answer::BadToken => Err(bad_token()),
        }
    }

    /// The name of the user whose token it is; `None` without one.
    ///
    /// # Errors
    /// 401 where the token is not valid, 503 where nobody can say.
    pub async fn user(&self, caller: &Caller) -> Result<Option<String>, Problem> {
        let Caller::Token(token) = caller else { return Ok(None) };
        if let Remembered::Fresh(user) = self.users.recall(&token.digest(), Instant::now()) {
            return Ok(Some(user));
        }
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        let review: SelfSubjectReview = self.post(token, path, &SelfSubjectReview::default()).await?;
        let user = review.status.and_then(|status| status.user_info?.username).unwrap_or_default();
        self.valid.keep(token.digest(), (), Instant::now());
        self.users.keep(token.digest(), user.clone(), Instant::now());
        Ok(Some(user))
    }

    /// Whether the cluster has lately taken this token for a valid one.
    #[must_use]
    pub fn knows(&self, token: &Token) -> bool {
        self.valid.recall(&token.digest(), Instant::now()) != Remembered::Nothing
    }

    fn unnamed(&self, verb: Verb) -> Result<(), Problem> {
        let why = match self.anonymous {
            Anonymous::Edit => return Ok(()),
            Anonymous::View if verb.reads() => return Ok(()),
            Anonymous::View => "without a token crawls can only be looked at",
            Anonymous::None => "a token is needed",
        };
        let detail = format!("{why}; send Authorization: Bearer <a token of the cluster>");
        Err(Problem::new(StatusCode::UNAUTHORIZED, detail))
    }

    async fn ask(
        &self,
        token: &Token,
        verb: Verb,
        namespace: Option<&str>,
        name: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let attributes = ResourceAttributes {
            group: Some("crawl-operator.io".to_owned()),
            resource: Some("crawls".to_owned()),
            verb: Some(verb.word().to_owned()),
            namespace: namespace.map(str::to_owned),
            name: name.map(str::to_owned),
            ..ResourceAttributes::default()
        };
        let spec = SelfSubjectAccessReviewSpec { resource_attributes: Some(attributes), ..Default::default() };
        let review = SelfSubjectAccessReview { spec, ..Default::default() };
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        let answered: SelfSubjectAccessReview = match self.post(token, path, &review).await {
            Err(refusal) if refusal.is(StatusCode::UNAUTHORIZED) => return Ok(Answer::BadToken),
            answered => answered?,
        };
        self.valid.keep(token.digest(), (), Instant::now());
        Ok(if answered.status.is_some_and(|status| status.allowed) { Answer::Yes } else { Answer::No })
    }

    async fn post<T: Serialize + DeserializeOwned>(&self, token: &Token, path: &str, review: &T) -> Result<T, Refusal> {
        let body = serde_json::to_vec(review).map_err(|error| Refusal::Away(error.to_string()))?;
        let request = Request::new(path).create(&PostParams::default(), body);
        self.calls.call(As::Token(token), request.map_err(|error| Refusal::Away(error.to_string()))?).await
    }
}

fn bad_token() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "the token is not valid, or no longer")
}

fn forbidden(verb: Verb, namespace: Option<&str>, name: Option<&str>) -> Problem {
    let what = name.map(|name| format!(" {name}")).unwrap_or_default();
    let place = match namespace {
        Some(namespace) => format!("in the namespace {namespace}"),
        None => "in all namespaces; ask for one of yours: /api/v1/namespaces/{namespace}/crawls".to_owned(),
    };
    let verb = verb.word();
    let detail = format!("you may not {verb} crawls.crawl-operator.io{what} {place}");
    Problem::new(StatusCode::FORBIDDEN, detail)
}
