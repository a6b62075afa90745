//! `create`: a Crawl from options.

use std::process::ExitCode;

use anyhow::bail;
use clap::ValueEnum;
use crawl_crds::Crawl;
use kube::{Resource, ResourceExt, api::PostParams, core::Request};
use serde_json::{Value, json};

use super::{
    crawls::{Crawls, manifest},
    follow,
    refusal::Asked,
};
use crate::{global::Global, output, problem::Problem, schema, spec};

/// Create a Crawl.
///
/// What is not given has the defaults of the CRD. The options are checked here by the CRD's own rules before the cluster is
/// asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  # the first 100 pages of a site; exits 0 once they are crawled, 1 if that fails
  kubectl crawl create https://example.com/ --max-links 100 --follow

  # only the manual, without its PDFs, twice a second
  kubectl crawl create https://example.com/docs/ --scope prefix --exclude '\\.pdf$' --delay 500ms --name docs

  # a manifest for a repository
  kubectl crawl create https://example.com/ --name nightly --dry-run=client -o yaml >crawl.yaml

  # its name, for a script
  name=$(kubectl crawl create https://example.com/ -o name)

Exit status: 0 created, or with --follow: complete; 1 with --follow: it ended otherwise;
2 wrong usage or refused; 130 left by Ctrl-C, while the crawl goes on.")]
pub(crate) struct Args {
    /// Where the crawl starts: absolute http:// or https:// URLs
    #[arg(value_name = "URL", required = true)]
    seeds: Vec<String>,

    /// The Crawl's name [default: made from the first seed's host]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Watch until it ends
    #[arg(short, long, conflicts_with_all = ["dry_run", "output"])]
    follow: bool,

    /// client: only check it here. server: have the cluster check it, and keep nothing
    #[arg(long, value_enum, value_name = "WHERE")]
    dry_run: Option<DryRun>,

    /// What to print
    #[arg(short, long, value_enum)]
    output: Option<Output>,

    #[command(flatten)]
    spec: spec::SpecArgs,

    /// The pool of workers that fetches the pages [default: default]
    #[arg(long, value_name = "NAME")]
    worker_pool: Option<String>,

    /// A Secret of type crawl-operator.io/headers, whose headers go to the seeds' origins
    #[arg(long, value_name = "SECRET")]
    headers_from: Vec<String>,

    /// Create it suspended
    #[arg(long)]
    suspend: bool,

    /// How many seconds it may be active; then it fails and keeps its results
    #[arg(long, value_name = "SECONDS")]
    active_deadline_seconds: Option<i64>,

    /// Seconds after its end that it is deleted, results and all
    #[arg(long, value_name = "SECONDS")]
    ttl_seconds_after_finished: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DryRun {
    Client,
    Server,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Json,
    Yaml,
    Name,
}

/// Creates it.
///
/// # Errors
/// When it is refused, here or by the cluster.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let mut object = args.object();
    let refused = schema::refusals(&object)?;
    if !refused.is_empty() {
        bail!(Problem::new(refused.join("\n"), "what a field may be: kubectl explain crawl.spec"));
    }
    if args.dry_run == Some(DryRun::Client) {
        if let Some(namespace) = &global.namespace {
            object["metadata"]["namespace"] = json!(namespace);
        }
        return print(args, &object, "created (dry run)");
    }
    let crawls = Crawls::open(global).await?;
    let created = post(&crawls, &object, args.dry_run.is_some()).await?;
    let ending = if args.dry_run.is_some() { "created (server dry run)" } else { "created" };
    if args.follow {
        global.say(&format!("crawl {} {ending}", created.name_any()));
        return follow::follow(&crawls, &created.name_any()).await;
    }
    let code = print(args, &manifest(&created)?, ending)?;
    if args.output.is_none() && args.dry_run.is_none() {
        global.say(&format!("how it goes: kubectl crawl watch {}{}", created.name_any(), global.repeated()));
    }
    Ok(code)
}

impl Args {
    fn object(&self) -> Value {
        let mut spec = self.spec.spec(&self.seeds);
        if let Some(fields) = spec.as_object_mut() {
            let secrets: Vec<_> = self.headers_from.iter().map(|name| json!({"secretRef": {"name": name}})).collect();
            let secrets = if secrets.is_empty() { Value::Null } else { json!(secrets) };
            for (path, value) in [
                ("fetch.headersFrom", secrets),
                ("workerPool", json!(self.worker_pool)),
                ("suspend", json!(self.suspend.then_some(true))),
                ("activeDeadlineSeconds", json!(self.active_deadline_seconds)),
                ("ttlSecondsAfterFinished", json!(self.ttl_seconds_after_finished)),
            ] {
                spec::put(fields, path, value);
            }
        }
        let name =
            self.name.clone().unwrap_or_else(|| made_name(&self.seeds[0], &uuid::Uuid::new_v4().simple().to_string()));
        json!({"apiVersion": Crawl::api_version(&()), "kind": Crawl::kind(&()), "metadata": {"name": name}, "spec": spec})
    }
}

/// Only what was given is sent, so that the cluster's own defaults hold; and what its CRD does not know is refused, not dropped.
async fn post(crawls: &Crawls<'_>, object: &Value, dry_run: bool) -> anyhow::Result<Crawl> {
    let params = PostParams { dry_run, field_manager: Some("kubectl-crawl".to_owned()) };
    let mut request = Request::new(crawls.api.resource_url()).create(&params, serde_json::to_vec(object)?)?;
    *request.uri_mut() = format!("{}&fieldValidation=Strict", request.uri()).parse()?;
    let answer = crawls.cluster.client.request::<Crawl>(request).await;
    answer.map_err(|error| Asked::crawls("create", &crawls.cluster.namespace).refused(error, &crawls.cluster))
}

fn print(args: &Args, object: &Value, ending: &str) -> anyhow::Result<ExitCode> {
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    match args.output {
        Some(Output::Json) => output::json(object)?,
        Some(Output::Yaml) => output::yaml(object)?,
        Some(Output::Name) => output::print(&format!("crawl.crawl-operator.io/{name}\n"))?,
        None => output::print(&format!("crawl.crawl-operator.io/{name} {ending}\n"))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// `example-com-x7k2p` of https://example.com/.
fn made_name(seed: &str, random: &str) -> String {
    let parsed = ::url::Url::parse(seed).ok();
    let host = parsed.as_ref().and_then(::url::Url::host_str).unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let text: String = host.chars().map(plain).take(40).collect();
    let text = text.trim_matches('-');
    let text = if text.is_empty() { "crawl" } else { text };
    format!("{text}-{}", &random[..5])
}

#[cfg(test)]
mod tests {
    use super::made_name;

    #[test]
    fn a_name_is_made_of_the_first_seeds_host() {
        for (seed, name) in [
            ("https://www.Example.com/a", "example-com-abcde"),
            ("http://127.0.0.1:8080/", "127-0-0-1-abcde"),
            ("http://[::1]/", "1-abcde"),
            ("nonsense", "crawl-abcde"),
        ] {
            assert_eq!(made_name(seed, "abcdef"), name);
        }
    }
}
