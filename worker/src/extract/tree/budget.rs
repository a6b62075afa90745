//! Feeding the parser within bounds: html5ever is quadratic in nesting depth, a list of open formatting elements multiplies nodes,
//! and each end tag may look through all that is open. A cap on the body's size helps against none of these.

use std::ops::ControlFlow;
use std::time::Duration;

use encoding_rs::Encoding;
use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use rustix::time::{ClockId, clock_gettime};

use super::guard::Guard;
use super::sink::Sink;
use crate::extract::charset;
use crate::extract::found::{Found, MAX_HREF_BYTES};

/// Nesting at which the rest of a document is left out.
pub const MAX_DEPTH: u16 = 512;
/// Elements at which the rest of a document is left out. Those that mean nothing and have no children do not count.
pub const MAX_NODES: usize = 350_000;

/// Steps of the tree builder at which the rest of a document is left out: so many, and so many for each byte read. Real pages take
/// a tenth of the latter.
const WORK: u64 = 2_000_000;
const WORK_PER_BYTE: u64 = 48;

/// Bytes of one tag or comment at which the rest of a document is left out.
const MAX_TOKEN: usize = 2 * 1024 * 1024;

/// CPU time at which the rest of a document is left out, when no other bound has caught it: so much, and so much for each MiB read.
/// Real pages take a tenth of it.
const CPU: Duration = Duration::from_millis(200);
const CPU_PER_MIB: Duration = Duration::from_millis(200);

/// Reads a document for `agent`, or as much of it as the bounds allow; true when something was left out.
pub(in crate::extract) fn read(body: &[u8], encoding: &'static Encoding, agent: &str) -> (Found<'static>, bool) {
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let guard = Guard::new(TreeBuilder::new(Sink::new(agent), options));
    let tokenizer = Tokenizer::new(guard, TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() });
    let (input, mut clock, mut filler) = (BufferQueue::default(), Clock::start(), Filler::default());
    let cut = charset::decode_in_parts(body, encoding, |part| {
        tokenizer.sink.reads(part.len());
        if filler.is_more(part) {
            return ControlFlow::Continue(());
        }
        feed(&tokenizer, &input, part);
        let guard = &tokenizer.sink;
        match guard.has_stopped() || guard.silence() > MAX_TOKEN || clock.is_over(part.len()) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    if cut.is_continue() {
        tokenizer.end();
    }
    let cut = cut.is_break() || tokenizer.sink.has_stopped();
    let tree = tokenizer.sink.into_sink().finish();
    let cut = cut || tree.cut;
    (tree.into_found(), cut)
}

fn feed(tokenizer: &Tokenizer<Guard>, input: &BufferQueue, part: &str) {
    input.push_back(StrTendril::from_slice(part));
    // It asks for scripts to be run, and tells of encodings.
    while !matches!(tokenizer.feed(input), TokenizerResult::Done) {}
}

/// Whether a document has grown beyond what is parsed, after so many bytes of it.
pub(super) fn exceeds(sink: &Sink, read: usize) -> bool {
    let (nodes, depth) = sink.size();
    nodes > MAX_NODES || depth > MAX_DEPTH || sink.work() > WORK + WORK_PER_BYTE * read as u64
}

/// Letters and digits without an end, as of an image in an attribute. Some of them are as good as all: what is so long leads
/// nowhere, and is no title.
#[derive(Debug, Default)]
struct Filler(usize);

impl Filler {
    /// Whether a part of a document is more of them.
    fn is_more(&mut self, part: &str) -> bool {
        let is_filler = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
        self.0 = if is_filler { self.0 + part.len() } else { 0 };
        self.0 > 2 * MAX_HREF_BYTES
    }
}

/// CPU time of this thread: unlike the clock on the wall it does not depend on what else the machine does.
#[derive(Debug)]
struct Clock {
    started: Duration,
    limit: Duration,
}

impl Clock {
    fn start() -> Self {
        Self { started: cpu_time(), limit: CPU }
    }

    /// Whether more time has passed than the bytes so far may take.
    fn is_over(&mut self, bytes: usize) -> bool {
        self.limit += CPU_PER_MIB.mul_f64(bytes as f64 / (1024.0 * 1024.0));
        cpu_time().saturating_sub(self.started) > self.limit
    }
}

fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let (seconds, nanos) = (u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0));
    Duration::new(seconds, nanos)
}
