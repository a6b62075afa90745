//! `watch`, and `create --follow`: a crawl until it ends.

use std::{
    io::IsTerminal,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use clap_complete::ArgValueCandidates;
use crawl_crds::Crawl;
use indicatif::{ProgressBar, ProgressStyle};
use kube::Error;

use super::{
    crawls::{Crawls, message, phase, sentence, status},
    progress::{Rate, beside, line, problems, processed},
};
use crate::{
    global::Global,
    output::{clean, quoted},
    problem::Problem,
};

/// Watch a Crawl until it ends.
///
/// On a terminal a bar shows processed pages of the limit, elsewhere a line is printed now and then. Ctrl-C leaves; the crawl
/// goes on.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  kubectl crawl watch docs

  # go on only once it is complete
  kubectl crawl watch docs --quiet && kubectl crawl broken docs

Exit status: 0 it is complete; 1 it ended otherwise; 2 it cannot be watched; 130 left by Ctrl-C.")]
pub(crate) struct Args {
    /// The Crawl
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(super::crawl_names))]
    name: String,
}

/// A shell's exit status for Ctrl-C.
const INTERRUPTED: u8 = 130;
/// How often the Crawl is looked at; its status is written every two seconds.
const LOOK: Duration = Duration::from_secs(1);
/// How often a line is printed where there is no bar.
const TELL: Duration = Duration::from_secs(10);
/// For so long the cluster may not answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Watches it.
///
/// # Errors
/// When there is no such Crawl, or the cluster does not answer for a minute.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let crawls = Crawls::open(global).await?;
    // A wrong name is told with those that are like it.
    crawls.get(&args.name).await?;
    follow(&crawls, &args.name).await
}

/// Watches a Crawl until it ends or someone leaves.
pub(super) async fn follow(crawls: &Crawls<'_>, name: &str) -> anyhow::Result<ExitCode> {
    let shown = Shown::new(crawls.global);
    let ended = tokio::select! {
        ended = until_end(crawls, name, &shown) => ended,
        interrupted = tokio::signal::ctrl_c() => {
            shown.clear();
            interrupted.context("cannot listen for Ctrl-C")?;
            let again = format!("kubectl crawl watch {}{}", quoted(name), crawls.global.repeated());
            crawls.global.say(&format!("the crawl goes on; to watch it again: {again}"));
            return Ok(ExitCode::from(INTERRUPTED));
        }
    };
    shown.clear();
    let crawl = ended?;
    let complete = message(&status(&crawl), "Complete", false).is_some();
    crawls.global.say(&format!("{}: {}", phase(&crawl), clean(&sentence(&crawl))));
    if status(&crawl).pages.failed > 0 {
        crawls.global.say(&format!("what failed: kubectl crawl broken {}{}", quoted(name), crawls.global.repeated()));
    }
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn until_end(crawls: &Crawls<'_>, name: &str, shown: &Shown) -> anyhow::Result<Crawl> {
    let (mut rate, mut answered, mut told) = (Rate::default(), Instant::now(), None::<(Instant, String)>);
    loop {
        match crawls.api.get(name).await {
            Ok(crawl) => {
                answered = Instant::now();
                if ended(&crawl) {
                    return Ok(crawl);
                }
                rate.note(answered, processed(&status(&crawl)));
                shown.draw(&crawl, rate.per_second(), &mut told);
            }
            Err(Error::Api(answer)) if answer.code == 404 => {
                bail!(Problem::new(format!("the Crawl {name} was deleted"), "its results are gone with it"));
            }
            Err(error @ Error::Api(_)) => return Err(crawls.refused("get", name, error).await),
            Err(error) if answered.elapsed() > PATIENCE => return Err(crawls.refused("get", name, error).await),
            Err(error) => shown.waits(&error),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Whether the status of this generation says that it has ended.
fn ended(crawl: &Crawl) -> bool {
    let status = status(crawl);
    let now = |kind: &str| {
        let condition = status.conditions.iter().find(|condition| condition.type_ == kind)?;
        (condition.status == "True" && condition.observed_generation == crawl.metadata.generation).then_some(())
    };
    let refused = status.conditions.iter().any(|condition| {
        condition.type_ == "Accepted"
            && condition.status == "False"
            && condition.observed_generation == crawl.metadata.generation
    });
    now("Complete").or_else(|| now("Failed")).is_some() || refused
}

/// What someone sees meanwhile.
struct Shown {
    bar: Option<ProgressBar>,
    quiet: bool,
}

impl Shown {
    fn new(global: &Global) -> Self {
        let watched = std::io::stderr().is_terminal() && !global.quiet;
        let bar = watched.then(|| {
            let bar = ProgressBar::new(1);
            let template = "{bar:30} {pos} of at most {len} pages  {msg}";
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, quiet: global.quiet }
    }

    fn draw(&self, crawl: &Crawl, rate: Option<f64>, told: &mut Option<(Instant, String)>) {
        let status = status(crawl);
        if let Some(bar) = &self.bar {
            bar.set_length(u64::try_from(crawl.spec.max_links).unwrap_or(0));
            bar.set_position(u64::try_from(processed(&status)).unwrap_or(0));
            let second = match (phase(crawl).as_str(), problems(&status)) {
                ("Running", problems) if problems.is_empty() => String::new(),
                ("Running", problems) => format!("\n{problems}"),
                (phase, _) => format!("\n{phase}: {}", clean(&sentence(crawl))),
            };
            bar.set_message(beside(crawl, rate) + &second);
            return;
        }
        let now = phase(crawl);
        let due = told.as_ref().is_none_or(|(at, phase)| at.elapsed() >= TELL || *phase != now);
        if due && !self.quiet {
            let what = if now == "Running" { line(crawl, rate) } else { clean(&sentence(crawl)) };
            eprintln!("{now}: {what}");
            *told = Some((Instant::now(), now));
        }
    }

    fn waits(&self, error: &Error) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("the cluster does not answer: {error}"));
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
