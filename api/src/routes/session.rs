//! Who asks, and what they may do.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use futures::StreamExt as _;
use futures::stream;
use kube::ResourceExt as _;
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::{Caller, Verb};
use crate::error::Problem;
use crate::openapi::{Operation, Routes};
use crate::state::App;

/// As many namespaces are looked at.
const NAMESPACES: usize = 500;
/// As many questions are asked at the same time.
const AT_ONCE: usize = 16;

/// Who asks, and what they may do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Session {
    /// The version of this API's program.
    version: &'static str,
    /// What may be done without a token: none, view or edit.
    anonymous: &'static str,
    /// Whether a token was sent, and is valid.
    authenticated: bool,
    /// Whose token it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// The namespace to begin with.
    namespace: String,
    /// Namespaces with crawls that the caller may list.
    namespaces: BTreeSet<String>,
    /// Whether the caller may list the crawls of all namespaces.
    all_namespaces: bool,
    /// What the caller may do in `namespace`.
    may: Rights,
}

/// What the caller may do in a namespace.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
struct Rights {
    /// See its crawls.
    list: bool,
    /// Create crawls.
    create: bool,
    /// Change crawls.
    update: bool,
    /// Delete crawls.
    delete: bool,
}

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new().add(
        Operation::get("/api/v1/session")
            .named("getSession", "Who asks, and what they may do")
            .json::<Session>(200, "Who asks, and what they may do. Without a token, and with anonymous none: nothing."),
        session,
    )
}

async fn session(State(app): State<App>, caller: Caller) -> Result<Json<Session>, Problem> {
    let user = app.access.user(&caller).await?;
    let may = async |namespace: Option<&str>, verb| app.access.check(&caller, namespace, None, verb).await.is_ok();
    let namespace = app.args.namespace.clone();
    let here = Some(namespace.as_str());
    let (all_namespaces, list, create, update, delete) = tokio::join!(
        may(None, Verb::List),
        may(here, Verb::List),
        may(here, Verb::Create),
        may(here, Verb::Patch),
        may(here, Verb::Delete),
    );
    let known: BTreeSet<_> = app.crawls.all().iter().filter_map(|crawl| crawl.namespace()).collect();
    let namespaces = if all_namespaces {
        known
    } else {
        let asked = stream::iter(known.into_iter().take(NAMESPACES)).map(async |namespace| {
            let listed = may(Some(&namespace), Verb::List).await;
            listed.then_some(namespace)
        });
        asked.buffer_unordered(AT_ONCE).filter_map(async |listed| listed).collect().await
    };
    Ok(Json(Session {
        version: env!("CARGO_PKG_VERSION"),
        anonymous: app.args.anonymous.word(),
        authenticated: matches!(caller, Caller::Token(_)),
        user,
        namespace,
        namespaces,
        all_namespaces,
        may: Rights { list, create, update, delete },
    }))
}
