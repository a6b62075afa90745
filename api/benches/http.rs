//! What a person waits for: how soon the first byte of each page of results comes over HTTP, from a crawl whose log is in a real RabbitMQ.
//!
//! `make bench-http` starts the broker. The crawl is a generated one of `PAGES` pages (1,000,000 with `WHOLE=1`, else 100,000). The API server is made
//! up: who may read a Crawl is remembered for seconds, and so is in no answer but the first. Times are the median and the worst of 20 requests, each
//! on a connection of its own; memory is that of this process, without what the generator held.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::cast_precision_loss)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crawl_api::state::App;
use crawl_broker::{Broker, Message};
use crawl_crds::Crawl;
use crawl_protocol::{Entry, Opened};
use kube::runtime::watcher::Event;
use serde_json::json;

#[allow(dead_code)]
#[path = "../tests/fake/mod.rs"]
mod fake;
#[path = "../../results/benches/site/mod.rs"]
mod site;

const REQUESTS: usize = 20;
/// Between two requests: one sender may ask 50 times a second.
const PACE: Duration = Duration::from_millis(25);
/// Entries that are confirmed together.
const BATCH: usize = 500;
/// What is asked for, in words and as a path below the crawl.
const ASKED: [(&str, &str); 16] = [
    ("the crawl", ""),
    ("50 pages as they were found", "/pages"),
    ("50 pages by URL", "/pages?sort=url"),
    ("50 pages by links, most first", "/pages?sort=links&order=desc"),
    ("50 pages by time taken, longest first", "/pages?sort=took&order=desc"),
    ("50 pages by status", "/pages?sort=status&order=desc"),
    ("50 pages by pages that lead there", "/pages?sort=referrers&order=desc"),
    ("50 failed pages", "/pages?state=failed"),
    ("50 pages of one host", "/pages?host=h7.example.com"),
    ("a text that many URLs have", "/pages?q=replication"),
    ("a text that no URL has", "/pages?q=nowhere-at-all"),
    ("broken links, with who links", "/broken"),
    ("breakdown", "/breakdown"),
    ("found and fetched over time", "/timeline"),
    ("map", "/map"),
    ("all of it as CSV, the first byte", "/export?format=csv"),
];

#[tokio::main]
async fn main() {
    let Ok(port) = std::env::var("AMQP_PORT") else {
        println!("SKIPPED: needs a RabbitMQ; run make bench-http");
        return;
    };
    let default = if std::env::var_os("WHOLE").is_some() { 1_000_000 } else { 100_000 };
    let pages = std::env::var("PAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let more = [
        "--anonymous=view",
        "--amqp-host=127.0.0.1",
        "--amqp-vhost=/",
        "--view-memory=4000",
        &format!("--amqp-port={port}"),
        &format!("--amqp-username={}", std::env::var("AMQP_USERNAME").unwrap()),
        &format!("--amqp-password-file={}", std::env::var("AMQP_PASSWORD_FILE").unwrap()),
    ];
    let (router, app) = fake::api(&more);
    let config = app.args.broker().unwrap();
    let broker = Broker::connect(&config, "bench").await.unwrap();
    let uid = "6f6b9e5c-0000-4000-8000-00000000000b";
    let (processed, seed) = write(&broker, uid, pages).await;
    announce(&app, uid, pages, processed, &seed);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    tokio::task::spawn_blocking(move || measure(address)).await.unwrap();
    broker.delete_log(uid).await.unwrap();
}

/// Writes the log; answers how many pages were processed, and the seed.
async fn write(broker: &Broker, uid: &str, pages: u32) -> (i64, String) {
    broker.declare_shared().await.unwrap();
    broker.delete_log(uid).await.unwrap();
    broker.declare_log(uid).await.unwrap();
    let mut publisher = broker.publisher().await.unwrap();
    let opened =
        Opened { crawl: uid.into(), session: String::new(), spec_hash: String::new(), rules_version: 1, at: 0 };
    publisher.publish(Message::entry(uid, "opened", &Entry::Opened(opened))).await.unwrap();
    let (begun, mut site, mut number) = (Instant::now(), site::Site::new(pages), 0_u32);
    let seed = site.url(0);
    loop {
        let records: Vec<Message> = std::iter::from_fn(|| site.next_record(uid))
            .take(BATCH)
            .map(|record| {
                number += 1;
                Message::entry(uid, &format!("{uid}/{number}"), &Entry::Attempt(record))
            })
            .collect();
        if records.is_empty() {
            break;
        }
        assert!(publisher.publish_all(records).await.unwrap().iter().all(Result::is_ok));
    }
    println!("{number} records written in {:.0} s", begun.elapsed().as_secs_f64());
    (i64::from(number), seed)
}

/// Says that there is such a Crawl, and that it is complete.
fn announce(app: &App, uid: &str, pages: u32, processed: i64, seed: &str) {
    let mut crawl = fake::crawl("web", "large");
    crawl["metadata"]["uid"] = json!(uid);
    let (scope, politeness) = (json!({"type": "Domain"}), json!({"robots": "Ignore"}));
    crawl["spec"] =
        json!({"seeds": [seed], "maxLinks": pages, "maxDepth": 1000, "scope": scope, "politeness": politeness});
    let condition = json!({"type": "Complete", "status": "True", "reason": "FrontierEmpty", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"});
    crawl["status"] = json!({"phase": "Complete", "observedGeneration": 1, "pages": {"fetched": processed}, "conditions": [condition]});
    let crawl: Crawl = serde_json::from_value(crawl).unwrap();
    app.crawls.apply("", Event::Apply((("web".into(), "large".into()), Some(crawl))));
}

fn measure(address: SocketAddr) {
    let (before, begun) = (resident(), Instant::now());
    loop {
        let (_, body) = ask(address, "/pages?limit=1");
        if body.contains("\"state\":\"complete\"") || body.contains("\"state\":\"live\"") {
            break;
        }
        assert!(!body.contains("tooLarge") && begun.elapsed() < Duration::from_secs(600), "{body}");
        std::thread::sleep(Duration::from_millis(200));
    }
    println!("log read in {:.1} s; {} MiB", begun.elapsed().as_secs_f64(), resident().saturating_sub(before) >> 20);
    println!("{:<42} {:>10} {:>10}", "first byte of the body after", "median", "worst");
    for (what, path) in ASKED {
        let mut times = Vec::new();
        for _ in 0..REQUESTS {
            std::thread::sleep(PACE);
            times.push(ask(address, path).0);
        }
        times.sort_unstable();
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        println!("{what:<42} {:>7.1} ms {:>7.1} ms", millis(times[REQUESTS / 2]), millis(times[REQUESTS - 1]));
    }
    println!("afterwards {} MiB", resident().saturating_sub(before) >> 20);
}

/// How long the first byte of the body took, and what there was of it by then.
fn ask(address: SocketAddr, path: &str) -> (Duration, String) {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    let path = format!("/api/v1/namespaces/web/crawls/large{path}");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let (mut read, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let count = stream.read(&mut buffer).unwrap();
        read.extend_from_slice(&buffer[..count]);
        let head = read.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        if let Some(head) = head.filter(|head| *head < read.len()) {
            let text = String::from_utf8_lossy(&read).into_owned();
            assert!(text.starts_with("HTTP/1.1 200") || text.starts_with("HTTP/1.1 503"), "{path}: {text}");
            return (begun.elapsed(), text.split_at(head).1.to_owned());
        }
        assert!(count > 0, "{path}: no body");
    }
}

/// Bytes of memory of this process.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or_default() << 10
}
