//! Measures what a robots.txt costs: `cargo run --release -p crawl-robots --example speed`. Nothing asserts these
//! numbers.
#![allow(clippy::print_stdout)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crawl_robots::Robots;

/// 500 KiB, as much as RFC 9309 asks crawlers to read.
const SIZE: usize = 500 * 1024;

fn main() {
    let usual = filled(|text, n| {
        let _ = writeln!(text, "Disallow: /section-{}/page-{n}/print", n % 97);
    });
    let short = filled(|text, n| {
        let _ = writeln!(text, "allow:/{n:x}");
    });
    let stars = filled(|text, n| {
        let _ = writeln!(text, "allow:/*a*b*c{n:x}");
    });
    let nested = filled(|text, n| {
        let _ = writeln!(text, "Disallow: /{}{n:x}$", "*a".repeat(1000));
    });
    let encoded = filled(|text, n| {
        let _ = writeln!(text, "Disallow: /%7e{n}/ä?u=http%3a%2F%2Fh");
    });
    let path = "/section-5/page-7/some-article.html?session=0123456789";
    let long = format!("/{}", "ab".repeat(1000));
    println!("{:<22}{:>8}{:>12}{:>14}{:>14}", "500 KiB of", "rules", "parse", "usual path", "2000 octets");
    for (name, body) in [
        ("usual rules", &usual),
        ("the shortest rules", &short),
        ("three stars a rule", &stars),
        ("a thousand stars a rule", &nested),
        ("encoded rules", &encoded),
    ] {
        let robots = Robots::parse(body.as_bytes(), "foo");
        let parse = best(|| Robots::parse(black_box(body.as_bytes()), "foo"));
        let [usual, long] = [path, &long].map(|path| best(|| robots.is_allowed(black_box(path))));
        let rules = body.lines().count() - 1;
        println!("{name:<22}{rules:>8}{parse:>12.1?}{usual:>14.1?}{long:>14.1?}");
    }
    let small = Robots::parse(b"User-agent: *\nDisallow: /admin\nDisallow: /*?sort=\nAllow: /admin/public\n", "foo");
    println!("three rules, usual path: {:?}", best_of(1000, || small.is_allowed(black_box(path))) / 1000);
    let pattern = format!("User-agent: *\nDisallow: /{}b\n", "*a".repeat(8_000));
    let robots = Robots::parse(pattern.as_bytes(), "foo");
    let path = format!("/{}", "a".repeat(1_000_000));
    println!("/*a*a…*ab, 8000 stars, a path of 1 MB: {:?}", best(|| robots.is_allowed(black_box(&path))));
}

/// A robots.txt for everyone with as many lines as fit.
fn filled(line: impl Fn(&mut String, usize)) -> String {
    let mut text = "User-agent: *\n".to_owned();
    for n in 0.. {
        let before = text.len();
        line(&mut text, n);
        if text.len() > SIZE {
            text.truncate(before);
            break;
        }
    }
    text
}

fn best<T>(work: impl FnMut() -> T) -> Duration {
    best_of(1, work)
}

/// The quickest of twenty times so many runs.
fn best_of<T>(runs: u32, mut work: impl FnMut() -> T) -> Duration {
    let mut time = || {
        let start = Instant::now();
        for _ in 0..runs {
            black_box(work());
        }
        start.elapsed()
    };
    (0..20).map(|_| time()).min().unwrap_or_default()
}
