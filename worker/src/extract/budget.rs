//! Feeding the parser within bounds: html5ever is quadratic in nesting depth and in the attributes of one tag, and a list of
//! open formatting elements multiplies nodes. A cap on the body's size helps against none of these.

use std::time::Duration;

use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use rustix::time::{ClockId, clock_gettime};

use super::sink::Sink;
use super::tree::Tree;

/// Nesting at which the rest of a document is left out.
pub const MAX_DEPTH: u32 = 512;
/// Elements at which the rest of a document is left out.
pub const MAX_NODES: usize = 1_000_000;
/// CPU time of one document at which the rest of it is left out. Real pages take a hundredth of it.
pub const MAX_CPU: Duration = Duration::from_secs(2);

/// Bytes between two looks at the bounds. Within one piece the depth can grow by a thousand, which is harmless.
const PIECE: usize = 4096;

/// Parses a document for `agent`, or as much of it as the bounds allow; true when something was left out.
pub(super) fn parse(text: &str, agent: &str) -> (Tree, bool) {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let mut parser = parse_document(Sink::new(agent), ParseOpts { tree_builder, ..ParseOpts::default() });
    let started = cpu_time();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE.min(rest.len())));
        parser.process(StrTendril::from_slice(piece));
        rest = after;
        let exhausted = parser.tokenizer.sink.sink.exhausted() || cpu_time().saturating_sub(started) > MAX_CPU;
        if exhausted && !rest.is_empty() {
            return (parser.finish(), true);
        }
    }
    (parser.finish(), false)
}

/// CPU time of this thread: unlike the clock on the wall it does not depend on what else the machine does.
fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let (seconds, nanos) = (u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0));
    Duration::new(seconds, nanos)
}
