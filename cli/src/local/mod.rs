//! `kubectl-crawl local`: frontier and worker in one process.

mod args;
mod broken;
mod fold;
mod journal;
mod output;
mod progress;
mod rules;
mod run;
mod stop;

use std::{io, path::Path, process::ExitCode};

use anyhow::Context;
use crawl_frontier::{Applied, Finish, HostTable, Rules};
use crawl_protocol::{Entry, Kind, Opened, RULES_VERSION};
use crawl_worker::{Fetcher, FetcherConfig};
use tokio::task::JoinSet;

pub(crate) use args::Args;

use crate::problem::Problem;

use fold::Fold;
use journal::{Found, Journal};
use output::Output;
use progress::Progress;
use run::{Local, now};
use stop::{INTERRUPTED, Stop};

/// Crawls as the arguments say.
///
/// # Errors
/// When an argument cannot be followed, or a file cannot be read or written; the message names it.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let rules = rules::rules(args)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let outcome = runtime.block_on(crawl(args, rules));
    // Fetches that a Ctrl-C left behind are not waited for.
    runtime.shutdown_background();
    match outcome {
        // As when `head` has seen enough.
        Err(error) if is_broken_pipe(&error) => Ok(ExitCode::from(INTERRUPTED)),
        outcome => outcome,
    }
}

async fn crawl(args: &Args, rules: Rules) -> anyhow::Result<ExitCode> {
    let crawl = rules::crawl_of(&args.seeds);
    let beyond = args.check.then(|| rules::looking_beyond(args, &rules)).transpose()?;
    let fold = Fold::new(&crawl, rules.clone(), beyond)?;
    // Only here: who crawls from their own machine may crawl their own machine.
    let allow_hosts = rules.seeds.iter().filter_map(|seed| host(seed)).collect();
    let config = FetcherConfig { allow_hosts, allow: args.allow_address.clone(), ..FetcherConfig::default() };
    let fetcher = Fetcher::new(config)?;
    let output = Output::new(args.format(), args.output_file.as_deref(), args.verbose);
    let output = output.map_err(|error| {
        Problem::new(
            format!("cannot write to --output-file: {error}"),
            "name a file in a folder that is there and yours",
        )
    })?;
    let progress = Progress::new(rules.max_links, args.quiet, args.verbose);
    let (hosts, flights, concurrency) = (HostTable::default(), JoinSet::new(), args.concurrency.into());
    let mut local = Local { fold, hosts, fetcher, journal: None, output, progress, flights, concurrency };
    let mut stop = Stop::listen()?;
    if let Some(path) = &args.journal {
        let spec_hash = rules::hash_of(&rules);
        let session = format!("{}-{}", std::process::id(), now());
        local.open(path, Opened { crawl, session, spec_hash, rules_version: RULES_VERSION, at: now() })?;
    }
    local.progress.begin(local.fold.frontier.counts());
    let finish = local.run(&mut stop).await?;
    local.conclude(args, finish)
}

impl Local {
    /// Opens the journal, and goes on where it ends.
    fn open(&mut self, path: &Path, opening: Opened) -> anyhow::Result<()> {
        let Self { fold, hosts, output, .. } = self;
        let mut written = Ok(());
        let (journal, found) = Journal::open(path, opening, |_, entry| {
            let applied = fold.apply(entry);
            let Entry::Attempt(record) = entry else { return };
            fold.frontier.remember(record, hosts);
            if applied == Applied::Concluded && record.kind == Kind::Page && !fold.checks_links() && written.is_ok() {
                written = output.page(record);
            }
        })
        .map_err(Problem::from)?;
        written?;
        self.journal = Some(journal);
        let Found { entries, unreadable, cut } = found;
        if cut > 0 {
            self.progress.say(&format!("{path:?}: an entry that was not written to its end is cut off ({cut} bytes)"));
        }
        if unreadable > 0 {
            self.progress.say(&format!("{path:?}: {unreadable} entries cannot be read and are left out"));
        }
        if entries > 0 {
            let processed = self.fold.frontier.counts().processed();
            self.progress.say(&format!("going on after {processed} pages of {path:?}"));
        }
        Ok(())
    }

    fn conclude(mut self, args: &Args, finish: Option<Finish>) -> anyhow::Result<ExitCode> {
        if let Some(journal) = &self.journal {
            journal.sync().map_err(Problem::from)?;
        }
        self.fold.frontier.give_back_all();
        let broken = self.fold.broken();
        let links = broken.as_ref().map_or(&[][..], |broken| &broken.links);
        let (seen, output) = (self.output.is_seen(), &mut self.output);
        self.progress.aside(seen, || output.links(links))?;
        let counts = self.fold.frontier.counts();
        self.progress.finish(counts, finish, broken.as_ref());
        let wrong = broken.map_or(counts.failed > 0, |broken| !broken.links.is_empty());
        Ok(match finish {
            None => {
                self.progress.say(match args.journal {
                    Some(_) => "the same command goes on from here",
                    None => "with --journal FILE the next call would go on from here",
                });
                ExitCode::from(INTERRUPTED)
            }
            Some(Finish::AllSeedsFailed) => ExitCode::FAILURE,
            Some(_) if args.fail_on_broken && wrong => ExitCode::FAILURE,
            Some(_) => ExitCode::SUCCESS,
        })
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn host(seed: &str) -> Option<String> {
    url::Url::parse(seed).ok()?.host_str().map(str::to_owned)
}
