//! What a person sees of `kubectl crawl` on a terminal, by tmux.

use std::{process::Stdio, time::Duration};

use anyhow::Context;
use e2e::{Cluster, eventually};
use tokio::process::Command;

use crate::plugin::{own_host, program};

/// A terminal of its own server, which ends with it.
struct Terminal {
    socket: String,
}

impl Terminal {
    /// `None`, loudly, where there is no tmux.
    async fn open(name: &str, line: &str) -> anyhow::Result<Option<Self>> {
        if Command::new("tmux").arg("-V").stdout(Stdio::null()).status().await.is_err() {
            eprintln!("SKIPPED: needs tmux");
            return Ok(None);
        }
        let terminal = Self { socket: name.to_owned() };
        terminal.tmux(&["-f", "/dev/null", "new-session", "-d", "-x", "110", "-y", "30", line]).await?;
        Ok(Some(terminal))
    }

    async fn tmux(&self, args: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("tmux").args(["-L", &self.socket]).args(args).output().await.context("no tmux")?;
        anyhow::ensure!(output.status.success(), "tmux: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Waits until all of this is to be seen; `-e` shows colours.
    async fn shows(&self, parts: &[&str]) -> anyhow::Result<()> {
        let mut seen = String::new();
        let what = format!("the terminal shows {parts:?}");
        let waited = eventually(Duration::from_secs(90), &what, async || {
            seen = self.tmux(&["capture-pane", "-p", "-e"]).await?;
            Ok(parts.iter().all(|part| seen.contains(part)))
        });
        let outcome = waited.await;
        outcome.with_context(|| format!("it shows:\n{seen}"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = std::process::Command::new("tmux").args(["-L", &self.socket, "kill-server"]).status();
    }
}

#[tokio::test]
async fn a_bar_shows_how_far_it_is_and_ctrl_c_leaves() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("terminal").await.unwrap();
    let (name, host) = (namespace.name.as_str(), own_host("plugin-c").await.unwrap());
    let program = program();
    let line = format!(
        "{program} create {host}/tree/500/0 {host}/gone --name bar --delay 300ms --follow -n {name}; echo left with $?; {program} list -n {name}; sleep 90"
    );
    let Some(terminal) = Terminal::open(name, &line).await.unwrap() else { return };
    terminal.shows(&["of at most 1000 pages", "/s", "1 failed", "wait", "left", "1 × 404", "█"]).await.unwrap();
    terminal.tmux(&["send-keys", "C-c"]).await.unwrap();
    let again = format!("the crawl goes on; to watch it again: kubectl crawl watch bar -n {name}");
    terminal.shows(&[&again, "left with 130", "\u{1b}[36mRunning"]).await.unwrap();
}

#[tokio::test]
async fn one_is_asked_before_results_are_deleted() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("terminal").await.unwrap();
    let (name, program) = (namespace.name.as_str(), program());
    let line = format!(
        "{program} create https://example.com/ --suspend --name kept -n {name}; {program} delete kept -n {name}; echo first $?; \
         {program} delete kept -n {name}; echo second $?; sleep 90"
    );
    let Some(terminal) = Terminal::open(name, &line).await.unwrap() else { return };
    terminal.shows(&["Delete kept and the results of 0 pages? [y/N]"]).await.unwrap();
    terminal.tmux(&["send-keys", "n", "Enter"]).await.unwrap();
    terminal.shows(&["nothing was deleted", "first 2"]).await.unwrap();
    terminal.tmux(&["send-keys", "y", "Enter"]).await.unwrap();
    terminal.shows(&["crawl.crawl-operator.io/kept deleted", "second 0"]).await.unwrap();
}
