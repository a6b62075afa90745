//! A part of the product as a process: it is started again whenever it ends, as the kubelet does, and only its own process is
//! ever sent a signal.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

/// How long a process that ended stays away; the kubelet waits longer, which would only make rounds longer.
const RESTART: Duration = Duration::from_millis(50);

/// How to start a process.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    /// Where what it says is added.
    pub(crate) log: PathBuf,
}

/// A process that lives until this is dropped.
pub(crate) struct Part {
    shared: Arc<Shared>,
    orders: mpsc::Sender<Kill>,
    _supervisor: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    pid: Mutex<Option<u32>>,
    /// How often it ended without being told to.
    gave_up: AtomicU32,
}

/// Answered once the process is gone.
type Kill = oneshot::Sender<()>;

impl Part {
    /// Starts it, and sees to it that it runs.
    pub(crate) fn start(recipe: Recipe) -> anyhow::Result<Self> {
        let (orders, received) = mpsc::channel(8);
        let shared = Arc::new(Shared::default());
        let first = spawn(&recipe, &shared)?;
        let mut supervisor = JoinSet::new();
        supervisor.spawn(supervise(recipe, first, Arc::clone(&shared), received));
        Ok(Self { shared, orders, _supervisor: supervisor })
    }

    /// Ends it with SIGKILL; answers once it is gone. It starts again by itself.
    pub(crate) async fn kill(&self) {
        let (done, gone) = oneshot::channel();
        if self.orders.send(done).await.is_ok() {
            // An error means that it was just gone by itself.
            let _ = gone.await;
        }
    }

    /// Sends it a signal such as STOP; nothing happens while it is not there.
    pub(crate) async fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let Some(pid) = *self.shared.pid.lock().unwrap_or_else(PoisonError::into_inner) else { return Ok(()) };
        let status = Command::new("kill").args([format!("-{signal}"), pid.to_string()]).stderr(Stdio::null()).status();
        status.await.context("cannot run kill").map(drop)
    }

    /// How often it ended by its own will: when it lost the lead, for example.
    pub(crate) fn gave_up(&self) -> u32 {
        self.shared.gave_up.load(Ordering::Relaxed)
    }
}

async fn supervise(recipe: Recipe, first: Child, shared: Arc<Shared>, mut orders: mpsc::Receiver<Kill>) {
    let mut child = Some(first);
    loop {
        let running = match child.take() {
            Some(running) => Ok(running),
            None => spawn(&recipe, &shared),
        };
        if let Ok(mut running) = running {
            tokio::select! {
                _ = running.wait() => drop(shared.gave_up.fetch_add(1, Ordering::Relaxed)),
                order = orders.recv() => {
                    let Some(done) = order else { return };
                    // It may have ended meanwhile; gone is gone.
                    let _ = running.kill().await;
                    let _ = done.send(());
                }
            }
            *shared.pid.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        tokio::time::sleep(RESTART).await;
    }
}

fn spawn(recipe: &Recipe, shared: &Shared) -> anyhow::Result<Child> {
    let log = File::options().create(true).append(true).open(&recipe.log).context("cannot write the part's log")?;
    let child = Command::new(&recipe.program)
        .args(&recipe.arguments)
        .env_clear()
        .envs(recipe.environment.iter().cloned())
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("cannot share the part's log")?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", recipe.program.display()))?;
    *shared.pid.lock().unwrap_or_else(PoisonError::into_inner) = child.id();
    Ok(child)
}
