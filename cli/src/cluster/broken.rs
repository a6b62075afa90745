//! `broken`: links that lead nowhere, with the pages they stand on.

use std::process::ExitCode;

use clap::ValueEnum;
use clap_complete::ArgValueCandidates;

use super::{crawls::Crawls, rows::Broken, source::Source};
use crate::{
    global::Global,
    output::{self, Colour, clean, counted},
};

/// Show broken links, and the pages that lead to them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  kubectl crawl broken docs

  # one line for each place where something is to be mended
  kubectl crawl broken docs -o jsonl | jq -r '.url as $to | .referrers[] | \"\\(.) -> \\($to)\"'

Exit status: 0 whatever was found; 2 the results cannot be read.")]
pub(crate) struct Args {
    /// The Crawl
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(super::crawl_names))]
    name: String,

    /// What to print
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    output: Output,

    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    /// The link, why it is broken, and the pages it stands on
    Text,
    /// One JSON object a line
    Jsonl,
}

/// Prints them.
///
/// # Errors
/// When they cannot be read.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let crawls = Crawls::open(global).await?;
    let crawl = crawls.get(&args.name).await?;
    let source = Source::open(&crawls, &crawl).await?;
    let broken = source.broken(args.limit.unwrap_or(u64::MAX)).await?;
    match args.output {
        Output::Jsonl => {
            let lines = broken.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
            output::print(&lines.into_iter().map(|line| line + "\n").collect::<String>())?;
        }
        Output::Text => {
            output::print(&broken.iter().map(|page| text(page, Colour::of_stdout())).collect::<String>())?;
            global.say(&match broken.len() {
                0 => "no link is broken, as far as the crawl went".to_owned(),
                n => format!("{} broken", counted(i64::try_from(n).unwrap_or(i64::MAX), "link")),
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn text(page: &Broken, colour: Colour) -> String {
    let why = if page.message.is_empty() { &page.class } else { &page.message };
    let mut text = format!("{}  {}\n", colour.bad(&clean(&page.url)), clean(why));
    for referrer in &page.referrers {
        text += &format!("    on {}\n", clean(referrer));
    }
    let shown = page.referrers.len() as u64;
    if page.referrer_count > shown {
        text += &format!("    and {} more\n", page.referrer_count - shown);
    }
    if page.referrer_count == 0 {
        text += "    no page leads to it: it is a seed, or stands in a sitemap\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_link_is_told_with_the_pages_it_stands_on() {
        let page = Broken {
            url: "http://a/gone".into(),
            message: "the server answered 404 Not Found".into(),
            referrers: vec!["http://a/".into(), "http://a/b".into()],
            referrer_count: 14,
            ..Broken::default()
        };
        assert_eq!(
            text(&page, Colour::none()),
            "http://a/gone  the server answered 404 Not Found\n    on http://a/\n    on http://a/b\n    and 12 more\n"
        );
        let seed = Broken { url: "http://b/".into(), class: "dns".into(), ..Broken::default() };
        assert_eq!(text(&seed, Colour::none()).lines().count(), 2);
    }
}
