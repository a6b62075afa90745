//! All pages of a crawl as a file.

mod csv_cells;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use crawl_results::{Query as Asked, Results};
use kube::ResourceExt as _;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::results::{PagesQuery, Viewed};
use super::streamed::{self, Gone, Sender};
use crate::error::Problem;
use crate::http::Query;
use crate::openapi::{Operation, Routes};
use crate::state::{App, Readable};
use crate::views::Reader;

/// Exports at the same time; each keeps the results of its crawl in memory.
const AT_ONCE: usize = 4;
/// How long one waits for the log to be read: half an export is worse than none.
const WAIT: Duration = Duration::from_secs(30);
/// Pages in a piece of the file.
const PIECE: usize = 500;
/// URLs that are searched for one piece.
const EFFORT: usize = 100_000;

/// The form of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Format {
    /// A JSON object in each line.
    #[default]
    Jsonl,
    /// A table with a header, for spreadsheets.
    Csv,
}

/// Which pages, and in which form.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct ExportQuery {
    /// jsonl (as usual) or csv.
    #[serde(default)]
    format: Format,
    /// Where they stand: queued, inFlight, fetched, failed, redirected, skipped; several with commas.
    state: Option<String>,
    /// Status codes such as 404, or classes of them such as 4xx; several with commas.
    status: Option<String>,
    /// The host they are on.
    host: Option<String>,
    /// Why they were left out, as in skippedByReason; several with commas.
    reason: Option<String>,
    /// How they failed, such as dns or timeout; several with commas.
    class: Option<String>,
    /// How many links they are from the nearest seed.
    depth: Option<u32>,
    /// A part of their URL, in upper or lower case.
    q: Option<String>,
}

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    let exports = Arc::new(Semaphore::new(AT_ONCE));
    Routes::new().add(
        Operation::get("/api/v1/namespaces/{namespace}/crawls/{name}/export")
            .named("exportPages", "All pages that match, in the order they were found, as a file")
            .query::<ExportQuery>()
            .content(200, "application/jsonl", "A JSON object in each line: the items of listPages.")
            .content(200, "text/csv", "A table; cells that a spreadsheet would take for a formula begin with a '.")
            .problems(&[404, 409]),
        move |app, crawl, asked| export(exports, app, crawl, asked),
    )
}

async fn export(
    exports: Arc<Semaphore>,
    State(app): State<App>,
    Readable(crawl): Readable,
    Query(asked): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let ExportQuery { format, state, status, host, reason, class, depth, q } = asked;
    let query = PagesQuery { state, status, host, reason, class, depth, q, ..PagesQuery::default() }.query()?;
    let busy = || Problem::unavailable(format!("{AT_ONCE} exports are going on; try again in a while"), 10);
    let turn = exports.try_acquire_owned().map_err(|_| busy())?;
    let viewed = Viewed::of(&app, crawl, WAIT).await?;
    if !viewed.is_whole() {
        return Err(Problem::unavailable("the log of this crawl is still being read", 10));
    }
    let (kind, ending) = match format {
        Format::Jsonl => ("application/jsonl", "jsonl"),
        Format::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
    };
    // A Crawl's name is a DNS name: nothing in it has to be quoted.
    let disposition = format!("attachment; filename=\"{}.{ending}\"", viewed.crawl.name_any());
    let body = streamed::body(|to| write(turn, viewed.reader(), query, format, to));
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, &disposition)], body).into_response())
}

async fn write(_turn: OwnedSemaphorePermit, from: Reader, query: Asked, format: Format, to: Sender) {
    // That nobody takes the rest is no failure.
    let _: Result<(), Gone> = write_all(&from, &query, format, &to).await;
}

async fn write_all(from: &Reader, query: &Asked, format: Format, to: &Sender) -> Result<(), Gone> {
    let mut cursor = None;
    if format == Format::Csv {
        to.send(csv_cells::header()).await?;
    }
    loop {
        let (query, after) = (query.clone(), cursor);
        let piece = from.read(move |results: &Results| {
            let pages = results.pages(&query, after.as_ref(), PIECE, EFFORT);
            let lines = match format {
                Format::Jsonl => jsonl(&pages.rows),
                Format::Csv => csv_cells::lines(&pages.rows),
            };
            (lines, pages.next)
        });
        let Ok((lines, next)) = piece.await else {
            to.fail().await;
            return Ok(());
        };
        to.send(lines).await?;
        let Some(next) = next else { return Ok(()) };
        cursor = Some(next);
    }
}

fn jsonl(rows: &[crawl_results::Row]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(rows.len() * 256);
    for row in rows {
        // Plain data encodes, and memory takes it.
        let _ = serde_json::to_writer(&mut lines, row);
        lines.push(b'\n');
    }
    lines
}
