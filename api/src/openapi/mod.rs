//! The description of the API, made from what is served.
//!
//! A route is added together with its [`Operation`] ([`Routes::add`]), and types describe themselves by schemars, as the
//! CRD does. OpenAPI 3.1 takes JSON Schema as it is, so nothing has to be translated.
//!
//! ```ignore
//! pub(crate) fn routes() -> Routes {
//!     Routes::new().add(
//!         Operation::get("/api/v1/namespaces/{namespace}/crawls/{name}/pages")
//!             .named("listPages", "The pages of a crawl")
//!             .query::<PagesQuery>()             // one parameter for each field; Deserialize + JsonSchema
//!             .json::<PageList>(200, "Some of the pages, and where to go on.")
//!             .problems(&[400, 404]),            // 401, 403, 429, 503 and a default are always there
//!         pages,                                 // async fn(State<App>, Readable, Query<PagesQuery>) -> Result<Json<PageList>, Problem>
//!     )
//! }
//! ```

mod document;
mod operation;
mod routes;

pub use document::document;
pub use operation::Operation;
pub use routes::Routes;
