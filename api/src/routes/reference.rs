//! The calls of the reference: /crawls. Their shapes are given; they know one namespace, `--namespace`.

mod answer;
mod create;
mod id;
mod list;
mod pages;

use crate::openapi::{Operation, Routes};
use answer::Wrong;

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(
            Operation::get("/crawls")
                .named("listCrawlsShort", "The crawls, newest first")
                .json::<Vec<list::Item>>(200, "The crawls.")
                .errors::<Wrong>(&[401, 403, 404, 503]),
            list::list,
        )
        .add(
            Operation::post("/crawls")
                .named("startCrawl", "Start a crawl; the same url and maxLinks again are the same crawl")
                .body::<create::Wanted>()
                .json::<create::Accepted>(202, "It is accepted.")
                .errors::<Wrong>(&[400, 401, 403, 404, 409, 413, 415, 503]),
            create::create,
        )
        .add(
            Operation::get("/crawls/{*id}")
                .named("getCrawlPages", "The pages of a crawl with their numbers of links, in the order they were done")
                .json::<pages::Pages>(200, "The pages so far.")
                .errors::<Wrong>(&[401, 403, 404, 503]),
            pages::pages,
        )
        .undescribed(axum::Router::new().route("/crawls/", axum::routing::get(pages::no_id)))
}
