//! Crawls: list, create, look at, change, delete.

mod change;
mod create;
mod cursor;
mod list;
mod name;
mod show;

use crate::model::CrawlDetail;
use crate::openapi::{Operation, Routes};

const ALL: &str = "/api/v1/crawls";
const SOME: &str = "/api/v1/namespaces/{namespace}/crawls";
const ONE: &str = "/api/v1/namespaces/{namespace}/crawls/{name}";
const YAML: &str = "application/yaml";

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(
            Operation::get(ALL)
                .named("listAllCrawls", "The crawls of all namespaces, newest first")
                .query::<list::Asked>()
                .json::<list::CrawlList>(200, "Some of the crawls, and where to go on."),
            list::everywhere,
        )
        .add(
            Operation::get(SOME)
                .named("listCrawls", "The crawls of a namespace, newest first")
                .query::<list::Asked>()
                .json::<list::CrawlList>(200, "Some of the crawls, and where to go on.")
                .problems(&[404]),
            list::in_namespace,
        )
        .add(
            Operation::post(SOME)
                .named("createCrawl", "Create a crawl, or try whether it could be created")
                .query::<create::Asked>()
                .body::<create::NewCrawl>()
                .json::<CrawlDetail>(202, "It is created; the operator begins.")
                .json::<CrawlDetail>(200, "dryRun: so it would be.")
                .content(200, YAML, "dryRun: the manifest for kubectl apply.")
                .problems(&[404, 409, 422]),
            create::create,
        )
        .add(
            Operation::get(ONE)
                .named("getCrawl", "A crawl")
                .query::<show::Asked>()
                .json::<CrawlDetail>(200, "The crawl.")
                .content(200, YAML, "The manifest for kubectl apply.")
                .problems(&[404]),
            show::show,
        )
        .add(
            Operation::patch(ONE)
                .named("changeCrawl", "Suspend, resume or cancel a crawl, or raise its limit")
                .body::<change::Changes>()
                .json::<CrawlDetail>(200, "The crawl as it is now.")
                .problems(&[404, 409, 422]),
            change::change,
        )
        .add(
            Operation::delete(ONE)
                .named("deleteCrawl", "Delete a crawl and its results")
                .json::<change::Said>(202, "It is being deleted.")
                .problems(&[404, 409]),
            change::delete,
        )
}
