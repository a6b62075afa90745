//! `kubectl-crawl robots`: what a robots.txt allows, and by which line. Nothing is fetched.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, bail};
use crawl_robots::{MAX_BYTES, MAX_LINE_BYTES, Robots, path_and_query, product_token};
use url::Url;

/// Say what a robots.txt allows, and by which line; nothing is fetched.
///
/// Prints one line for each URL, in the order given: `allow` or `disallow`, the line of the file that decides, and the
/// URL, with tabs between them. The deciding line is its number, a colon and its text; `-` when no rule matches, which
/// allows. A tab or control character within a line is printed as a space.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  # what a file of yours will mean
  kubectl crawl robots --file robots.txt https://example.com/ 'https://example.com/search?q=a'

  # what a site tells another crawler
  curl -s https://example.com/robots.txt |
    kubectl crawl robots --file - --user-agent Googlebot https://example.com/private/

  # which of many URLs are left out, and why
  xargs kubectl crawl robots --file robots.txt <urls.txt | grep ^disallow

They print lines such as
  disallow\t12: Disallow: /private\thttps://example.com/private/
  allow\t-\thttps://example.com/

Exit status: 0 each URL is judged, whatever the verdict; 2 wrong usage, a file that cannot be read,
or a URL that is not http:// or https://.")]
pub(crate) struct Args {
    /// The robots.txt; - reads standard input
    #[arg(short, long, value_name = "FILE")]
    file: PathBuf,

    /// Whose rules: a User-Agent header or the product token at its beginning
    #[arg(long, value_name = "TEXT", default_value = crawl_frontier::DEFAULT_USER_AGENT)]
    user_agent: String,

    /// What is asked about: absolute http:// or https:// URLs
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
}

/// Prints the verdicts.
///
/// # Errors
/// When the file cannot be read or a URL is none that is crawled; the message names it. Nothing is printed then.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let paths = args.urls.iter().map(|url| requested(url)).collect::<anyhow::Result<Vec<_>>>()?;
    let body = args.read().with_context(|| format!("cannot read {}", args.file.display()))?;
    let robots = Robots::parse(&body, product_token(&args.user_agent));
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (url, path) in args.urls.iter().zip(paths) {
        let verdict = robots.verdict(&path);
        let word = if verdict.allowed { "allow" } else { "disallow" };
        let line = verdict.line.map_or_else(|| "-".to_owned(), |line| line.to_string());
        writeln!(out, "{word}\t{}\t{}", in_one_column(&line), in_one_column(url)).context("cannot write to stdout")?;
    }
    out.flush().context("cannot write to stdout")?;
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// The body, as far as it would be looked at.
    fn read(&self) -> io::Result<Vec<u8>> {
        let input: Box<dyn Read> =
            if self.file.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(&self.file)?) };
        let mut body = Vec::new();
        // The line at the limit and a byte order mark are read as well.
        input.take((MAX_BYTES + MAX_LINE_BYTES + 3) as u64).read_to_end(&mut body)?;
        Ok(body)
    }
}

/// Path and query as a crawl would request them.
fn requested(text: &str) -> anyhow::Result<String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(path_and_query(url.as_str()).into_owned()),
        _ => bail!("{text}: not an http:// or https:// URL; write for example https://example.com/"),
    }
}

/// What others wrote into a file must neither shift columns nor speak to the terminal.
fn in_one_column(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
