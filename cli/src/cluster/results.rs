//! `results`: the pages that a crawl knows.

use std::process::ExitCode;

use clap::ValueEnum;
use clap_complete::ArgValueCandidates;

use super::{
    crawls::Crawls,
    rows::{COLUMNS, Row},
    source::{Filter, Source},
};
use crate::{
    global::Global,
    output::{self, Table},
};

/// Show the pages of a Crawl.
///
/// They are read through the api where it is installed, else straight from the crawl's log; the answers are the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  # what was fetched, found, skipped
  kubectl crawl results docs

  # failed pages, and those that answered 404
  kubectl crawl results docs --failed
  kubectl crawl results docs --status 404

  # all pages of the blog as CSV
  kubectl crawl results docs --grep /blog/ -o csv >blog.csv

  # URLs of all PDFs
  kubectl crawl results docs -o jsonl | jq -r 'select(.contentType == \"application/pdf\").url'")]
pub(crate) struct Args {
    /// The Crawl
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(super::crawl_names))]
    name: String,

    /// What to print
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    output: Output,

    #[command(flatten)]
    filter: Filter,

    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Table,
    /// One JSON object a line
    Jsonl,
    /// With a line of names
    Csv,
}

/// Prints them.
///
/// # Errors
/// When they cannot be read.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    args.filter.check()?;
    let crawls = Crawls::open(global).await?;
    let crawl = crawls.get(&args.name).await?;
    let source = Source::open(&crawls, &crawl).await?;
    let rows = source.pages(&args.filter, args.limit.unwrap_or(u64::MAX)).await?;
    if rows.is_empty() && args.output == Output::Table {
        global.say("no page matches");
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&match args.output {
        Output::Table => table(&rows),
        Output::Jsonl => jsonl(&rows)?,
        Output::Csv => csv(&rows)?,
    })?;
    Ok(ExitCode::SUCCESS)
}

fn table(rows: &[Row]) -> String {
    let mut table = Table::new(&["STATE", "STATUS", "LINKS", "DEPTH", "URL", "NOTE"]);
    for row in rows {
        let number = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let links = if row.state == "failed" { Some("-1".to_owned()) } else { row.links.map(|n| n.to_string()) };
        table.row([
            row.state.clone(),
            number(row.status.map(|status| status.to_string())),
            number(links),
            number(row.depth.map(|depth| depth.to_string())),
            row.url.clone(),
            number(Some(row.note()).filter(|note| !note.is_empty())),
        ]);
    }
    table.text(true)
}

fn jsonl(rows: &[Row]) -> anyhow::Result<String> {
    let mut text = String::new();
    for row in rows {
        text += &serde_json::to_string(row)?;
        text.push('\n');
    }
    Ok(text)
}

fn csv(rows: &[Row]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in rows {
        writer.write_record(row.cells())?;
    }
    Ok(String::from_utf8(writer.into_inner().map_err(|error| error.into_error())?)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rows_in_three_forms() {
        let rows = [
            Row {
                url: "http://a/".into(),
                state: "fetched".into(),
                status: Some(200),
                links: Some(3),
                depth: Some(0),
                ..Row::default()
            },
            Row {
                url: "http://a/\"x,y\"".into(),
                state: "failed".into(),
                message: Some("gone".into()),
                ..Row::default()
            },
        ];
        assert_eq!(
            table(&rows),
            "STATE     STATUS   LINKS   DEPTH   URL              NOTE\n\
             fetched   200      3       0       http://a/        -\n\
             failed    -        -1      -       http://a/\"x,y\"   gone\n"
        );
        let csv = csv(&rows).unwrap();
        assert!(csv.starts_with("url,state,host,") && csv.contains("\"http://a/\"\"x,y\"\"\",failed,"), "{csv}");
        let jsonl = jsonl(&rows).unwrap();
        assert_eq!(jsonl.lines().count(), 2);
        assert!(
            jsonl.contains(
                r#"{"url":"http://a/","state":"fetched","host":"","depth":0,"status":200,"links":3,"referrers":0}"#
            ),
            "{jsonl}"
        );
    }
}
