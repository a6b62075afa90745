//! What pages made to take time or memory cost: CPU seconds of this thread, and the most memory beside the page, for pages of three
//! sizes, so that linearity can be seen: `cargo bench -p crawl-worker --bench hostile`. `SHAPE=text` chooses some.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

#[path = "../tests/shapes/mod.rs"]
mod shapes;

use std::time::Duration;

use crawl_worker::extract::{Document, extract, extract_by_tags};
use peak_alloc::PeakAlloc;
use url::Url;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZES: [usize; 3] = [256 * 1024, 1024 * 1024, 10 * 1024 * 1024];

fn main() {
    let url = Url::parse("https://www.example.com/directory/page").unwrap();
    let wanted = std::env::var("SHAPE").unwrap_or_default();
    println!("{:<50} {:>29} {:>23}", "pages of 0.25, 1 and 10 MiB", "CPU s", "MB beside the page");
    for (name, make) in shapes::all().filter(|(name, _)| name.contains(&wanted)) {
        let (mut seconds, mut memory, mut said) = (String::new(), String::new(), String::new());
        for size in SIZES {
            let body = make(size);
            let document = Document {
                body: &body,
                content_type: (name != "windows-1252").then_some("text/html; charset=utf-8"),
                content_language: None,
                url: &url,
                agent: "bench",
                nofollow: false,
            };
            MEMORY.reset_peak_usage();
            let (before, begun) = (MEMORY.current_usage(), processor_time());
            let found = extract(document);
            let time = processor_time() - begun;
            let most = MEMORY.peak_usage() - before;
            seconds += &format!(" {:>9.3}", time.as_secs_f64());
            memory += &format!(" {:>7.1}", most as f64 / 1e6);
            let by = if extract_by_tags(document).is_some() { "tags" } else { "tree" };
            said = format!("{by}, {} links{}", found.links, if found.truncated { ", truncated" } else { "" });
        }
        println!("{name:<50} {seconds} {memory}  {said}");
    }
}

/// What this thread has had of the processor: neighbours on the machine do not count.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}
