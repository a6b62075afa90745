//! `list`: the Crawls of a namespace, or of all.

use std::process::ExitCode;

use clap::ValueEnum;
use crawl_crds::Crawl;
use jiff::Timestamp;
use kube::{Api, ResourceExt, api::ListParams};
use serde_json::json;

use super::{
    connect::connect,
    crawls::{manifest, phase, status},
    refusal::{Asked, CRAWLS},
};
use crate::{
    global::Global,
    output::{self, Colour, Table, age},
};

/// List Crawls.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  kubectl crawl list
  kubectl crawl list -A -o wide

  # suspend all of a namespace
  kubectl crawl list -n team-a -o name | cut -d/ -f2 | xargs -n 1 kubectl crawl suspend -n team-a")]
pub(crate) struct Args {
    /// Of all namespaces
    #[arg(short = 'A', long)]
    all_namespaces: bool,

    /// What to print
    #[arg(short, long, value_enum)]
    output: Option<Output>,

    /// No line with the names of the columns
    #[arg(long)]
    no_headers: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    /// With reason, limit and the first seed
    Wide,
    Json,
    Yaml,
    Name,
}

/// Prints them.
///
/// # Errors
/// When the cluster refuses.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let cluster = connect(global).await?;
    let namespace = (!args.all_namespaces).then_some(cluster.namespace.as_str());
    let api: Api<Crawl> = match namespace {
        Some(namespace) => Api::namespaced(cluster.client.clone(), namespace),
        None => Api::all(cluster.client.clone()),
    };
    let listed = api.list(&ListParams::default()).await;
    let asked = Asked { verb: "list", resource: CRAWLS, namespace };
    let crawls = listed.map_err(|error| asked.refused(error, &cluster))?.items;
    match args.output {
        Some(Output::Json | Output::Yaml) => {
            let items = crawls.iter().map(manifest).collect::<anyhow::Result<Vec<_>>>()?;
            let list = json!({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": items});
            if args.output == Some(Output::Json) { output::json(&list)? } else { output::yaml(&list)? }
        }
        Some(Output::Name) => {
            let lines = crawls.iter().map(|crawl| format!("crawl.crawl-operator.io/{}\n", crawl.name_any()));
            output::print(&lines.collect::<String>())?;
        }
        None | Some(Output::Wide) if crawls.is_empty() => {
            let place = namespace.map_or_else(String::new, |namespace| format!(" in namespace {namespace}"));
            global.say(&format!("No crawls found{place}."));
            global.say("make one: kubectl crawl create https://example.com/ --max-links 100");
        }
        None | Some(Output::Wide) => {
            let table = table(&crawls, args.all_namespaces, args.output == Some(Output::Wide), Timestamp::now());
            let colour = Colour::of_stdout();
            let paint = |column: &str, cell: &str| if column == "PHASE" { colour.phase(cell) } else { cell.to_owned() };
            let lines = table.lines(!args.no_headers, paint);
            output::print(&(lines.join("\n") + "\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn table(crawls: &[Crawl], namespaces: bool, wide: bool, now: Timestamp) -> Table {
    let mut head = vec!["NAME", "PHASE", "FETCHED", "QUEUED", "FAILED", "LINKS"];
    if namespaces {
        head.insert(0, "NAMESPACE");
    }
    if wide {
        head.extend(["REASON", "LIMIT", "SEED"]);
    }
    head.push("AGE");
    let mut table = Table::new(&head);
    for crawl in crawls {
        let status = status(crawl);
        let mut row = Vec::new();
        if namespaces {
            row.push(crawl.namespace().unwrap_or_default());
        }
        row.extend([crawl.name_any(), phase(crawl)]);
        row.extend(
            [status.pages.fetched, status.pages.queued, status.pages.failed, status.links].map(|n| n.to_string()),
        );
        if wide {
            let progressing = status.conditions.iter().find(|condition| condition.type_ == "Progressing");
            row.push(progressing.map(|condition| condition.reason.clone()).unwrap_or_default());
            row.push(crawl.spec.max_links.to_string());
            row.push(crawl.spec.seeds.first().cloned().unwrap_or_default());
        }
        row.push(crawl.creation_timestamp().map(|at| age(at.0, now)).unwrap_or_default());
        table.row(row);
    }
    table
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_a_crawl_stands() {
        let crawl: Crawl = serde_json::from_value(json!({
            "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl",
            "metadata": {"name": "docs", "namespace": "team-a", "creationTimestamp": "2026-11-24T00:00:00Z"},
            "spec": {"seeds": ["https://example.com/"], "maxLinks": 100},
            "status": {"phase": "Running", "pages": {"fetched": 35, "queued": 60, "failed": 2}, "links": 1234},
        }))
        .unwrap();
        let now = "2026-11-24T00:05:00Z".parse().unwrap();
        assert_eq!(
            table(std::slice::from_ref(&crawl), false, false, now).text(true),
            "NAME   PHASE     FETCHED   QUEUED   FAILED   LINKS   AGE\ndocs   Running   35        60       2        1234    5m\n"
        );
        let wide = table(&[crawl], true, true, now).text(false);
        assert_eq!(wide, "team-a   docs   Running   35   60   2   1234   <none>   100   https://example.com/   5m\n");
    }
}
