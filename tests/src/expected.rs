//! What a crawl of the manual must come to: by our own local crawl of the same server, and by a walk without our code.

use std::path::PathBuf;

use anyhow::{Context, bail};
use crawl_crds::CrawlStatus;
use tokio::process::Command;

/// What tests compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Pages fetched.
    pub fetched: i64,
    /// Pages given up.
    pub failed: i64,
    /// Links on all fetched pages.
    pub links: i64,
}

impl Counts {
    /// The counts in a status.
    #[must_use]
    pub fn of(status: &CrawlStatus) -> Self {
        Self { fetched: status.pages.fetched, failed: status.pages.failed, links: status.links }
    }
}

/// Crawls the manual with `kubectl-crawl local`, from the same image in a container of its own.
///
/// # Errors
/// When the container or the crawl fails.
pub async fn by_local_crawl() -> anyhow::Result<Counts> {
    let site = Container::start().await?;
    let url = format!("http://{}/", site.address().await?);
    let program = from_env("CRAWL_E2E_CLI")?;
    let args = ["local", &url, "--max-links", "5000", "--delay", "0s", "--per-host-concurrency", "8"];
    let lines = run(Command::new(program).args(args)).await?;
    let mut counts = Counts { fetched: 0, failed: 0, links: 0 };
    for line in lines.lines() {
        let page: serde_json::Value = serde_json::from_str(line)?;
        match page["links"].as_i64().context("a line without links")? {
            -1 => counts.failed += 1,
            links => {
                counts.fetched += 1;
                counts.links += links;
            }
        }
    }
    Ok(counts)
}

/// Counts the manual's files with Python's html5lib.
///
/// # Errors
/// When the files cannot be copied or counted.
pub async fn by_plain_walk() -> anyhow::Result<Counts> {
    let site = Container::start().await?;
    let folder = std::env::temp_dir().join(format!("crawl-e2e-{}", site.id));
    let copied = run(Command::new("docker").args(["cp", &format!("{}:/srv/manual", site.id)]).arg(&folder)).await;
    let walk = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("oracle/walk.py");
    let counted = run(Command::new(from_env("CRAWL_E2E_PYTHON")?).arg(walk).arg(&folder)).await;
    let removed = std::fs::remove_dir_all(&folder);
    copied?;
    let counts: serde_json::Value = serde_json::from_str(&counted?)?;
    removed?;
    let number = |key: &str| counts[key].as_i64().with_context(|| format!("no {key} in {counts}"));
    Ok(Counts { fetched: number("fetched")?, failed: number("failed")?, links: number("links")? })
}

/// The site in a container outside the cluster; removed when dropped.
struct Container {
    id: String,
}

impl Container {
    async fn start() -> anyhow::Result<Self> {
        let args = ["run", "--detach", "--rm", "--publish", "127.0.0.1::8080", "crawl-operator/manual-site:kind"];
        let id = run(Command::new("docker").args(args)).await?;
        Ok(Self { id: id.trim().chars().take(12).collect() })
    }

    async fn address(&self) -> anyhow::Result<String> {
        let port = run(Command::new("docker").args(["port", &self.id, "8080/tcp"])).await?;
        let address = port.lines().next().context("no port")?.to_owned();
        crate::cluster::eventually(std::time::Duration::from_secs(20), "the site answers", async || {
            Ok(tokio::net::TcpStream::connect(&address).await.is_ok())
        })
        .await?;
        Ok(address)
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let kill = ["rm", "--force", &self.id];
        let _ = std::process::Command::new("docker").args(kill).stdout(std::process::Stdio::null()).status();
    }
}

fn from_env(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set; run `make e2e`"))
}

async fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().await.with_context(|| format!("{command:?} cannot be run"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
