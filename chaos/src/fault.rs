//! What can go wrong, and how likely a plan chooses it.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

use crate::amqp::Step;
use crate::apiserver::{Deed, Lie, Watching, Write};
use crate::trap::Moment;

/// Which process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Operator,
    /// One of the workers.
    Worker(usize),
}

/// One fault. Times are how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Kill(Who),
    KillAllWorkers,
    /// SIGTERM, as a rollout does.
    Terminate(Who),
    /// SIGSTOP and SIGCONT: others believe it dead, and it does not know.
    Freeze(Who, Duration),
    CutBroker(Who),
    HoldBroker(Who, Duration),
    /// The whole broker stands still.
    PauseBroker(Duration),
    /// The broker takes nothing more, as when its memory or disk is full.
    Alarm(Duration),
    /// Killed at a step of the AMQP connection.
    DieAtBroker(Who, Step, Moment, u32),
    /// Something at a write to the API server.
    AtApi(Write, Deed, u32),
    ApiAway(Duration),
    CutWatches,
    Watch(Watching, Duration),
    /// A second operator that also believes it leads.
    SecondLeader(Duration),
}

impl Fault {
    /// Chooses one. Those that cost a second or more are rarer.
    pub(crate) fn choose(rng: &mut Rng, workers: usize, two_leaders: bool) -> Self {
        let who = if rng.bool() { Who::Operator } else { Who::Worker(rng.usize(..workers)) };
        let moment = if rng.bool() { Moment::Before } else { Moment::After };
        match rng.u8(..100) {
            0..14 => Self::Kill(who),
            14..17 => Self::KillAllWorkers,
            17..21 => Self::Terminate(who),
            21..25 => Self::Freeze(who, millis(rng, 50, 1500)),
            25..32 => Self::CutBroker(who),
            32..36 => Self::HoldBroker(who, millis(rng, 50, 1500)),
            36..38 => Self::PauseBroker(millis(rng, 100, 2000)),
            38 => Self::Alarm(millis(rng, 100, 1000)),
            39..63 => Self::DieAtBroker(who, step(rng, who), moment, rng.u32(1..40)),
            63..82 => Self::AtApi(
                Write::ALL[rng.usize(..Write::ALL.len())],
                Deed::ALL[rng.usize(..Deed::ALL.len())],
                rng.u32(1..3),
            ),
            82..86 => Self::CutWatches,
            86..88 => Self::ApiAway(millis(rng, 100, 3000)),
            88..98 => Self::Watch(watching(rng), millis(rng, 100, 1500)),
            _ if two_leaders => Self::SecondLeader(millis(rng, 1000, 4000)),
            _ => Self::Kill(who),
        }
    }

    /// One line of the table: what it is, without its numbers.
    pub(crate) fn kind(self) -> String {
        match self {
            Self::Kill(who) => format!("kill -9 {who}"),
            Self::KillAllWorkers => "kill -9 all workers".into(),
            Self::Terminate(who) => format!("SIGTERM {who}"),
            Self::Freeze(who, _) => format!("freeze {who}, then let it go on"),
            Self::CutBroker(who) => format!("reset the connections of {who} and broker"),
            Self::HoldBroker(who, _) => format!("{who} and broker hear nothing of each other"),
            Self::PauseBroker(_) => "broker stands still".into(),
            Self::Alarm(_) => "broker's memory alarm".into(),
            Self::DieAtBroker(who, step, moment, _) => format!("kill -9 {who} {moment} {}", words(step)),
            Self::AtApi(write, Deed::Die(moment), _) => format!("kill -9 operator {moment} writing {}", written(write)),
            Self::AtApi(write, Deed::Tell(lie), _) => format!("API server: {} for {}", told(lie), written(write)),
            Self::ApiAway(_) => "API server away".into(),
            Self::CutWatches => "watches break off".into(),
            Self::Watch(how, _) => format!("watches and lists: {}", seen(how)),
            Self::SecondLeader(_) => "a second operator leads as well".into(),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operator => "operator",
            Self::Worker(_) => "worker",
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "before",
            Self::After => "after",
        })
    }
}

fn millis(rng: &mut Rng, from: u64, to: u64) -> Duration {
    Duration::from_millis(rng.u64(from..to))
}

/// A worker declares, deletes and empties nothing.
fn step(rng: &mut Rng, who: Who) -> Step {
    let all = match who {
        Who::Operator => &Step::ALL[..],
        Who::Worker(_) => &[Step::Publish, Step::Confirm, Step::Ack, Step::Deliver, Step::Consume],
    };
    all[rng.usize(..all.len())]
}

fn watching(rng: &mut Rng) -> Watching {
    let all = [Watching::Twice, Watching::Late, Watching::Lossy, Watching::Gone, Watching::Stale];
    all[rng.usize(..all.len())]
}

fn words(step: Step) -> &'static str {
    match step {
        Step::Publish => "publishing",
        Step::Confirm => "a confirm reaches it",
        Step::Ack => "acking",
        Step::Deliver => "a delivery reaches it",
        Step::Declare => "declaring a queue",
        Step::Delete => "deleting a queue",
        Step::Purge => "emptying a queue",
        Step::Consume => "beginning to consume",
    }
}

fn written(write: Write) -> &'static str {
    match write {
        Write::Status => "the status",
        Write::Crawl => "the finalizer",
        Write::Event => "an event",
        Write::Lease => "the Lease",
    }
}

fn told(lie: Lie) -> &'static str {
    match lie {
        Lie::Conflict => "409",
        Lie::TooMany => "429",
        Lie::Broken => "500",
        Lie::WrittenThenBroken => "500 though written",
        Lie::WrittenThenCut => "a reset though written",
    }
}

fn seen(how: Watching) -> &'static str {
    match how {
        Watching::Truly => "true",
        Watching::Twice => "every event twice",
        Watching::Late => "events come late",
        Watching::Lossy => "events are missed",
        Watching::Gone => "410 Gone",
        Watching::Stale => "older than what was seen",
    }
}
