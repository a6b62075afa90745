//! robots.txt by RFC 9309, with the leniency of Google's parser where the RFC leaves room.
//!
//! This crate is responsible for what the text of a robots.txt means for one crawler. It does no I/O and reads no
//! clock, it must never panic, and neither time nor memory may grow faster than the size of what it is given, whatever
//! the bytes are. What a missing or unreachable robots.txt means is not known here, nor what is done about a delay.
//!
//! ```
//! use crawl_robots::{Robots, path_and_query, product_token};
//!
//! let agent = product_token("crawl-operator/0.1 (+https://crawl-operator.io)");
//! let robots = Robots::parse(b"User-agent: *\nDisallow: /private\n", agent);
//! assert!(robots.is_allowed(&path_and_query("https://example.com/public")));
//! assert_eq!(robots.verdict("/private/x").line.unwrap().to_string(), "2: Disallow: /private");
//! ```
//!
//! Where Google's own tests and the RFC disagree, the RFC is followed: `/%62%61%7A` is `/baz` on both sides, and a URL
//! need not be percent-encoded before it is asked about.

mod agent;
mod extras;
mod groups;
mod lines;
mod octets;
mod pattern;
mod record;
mod robots;

pub use agent::product_token;
pub use extras::{MAX_DELAY, MAX_SITEMAP_BYTES, MAX_SITEMAPS};
pub use groups::MAX_STARS;
pub use lines::{MAX_BYTES, MAX_LINE_BYTES};
pub use octets::path_and_query;
pub use robots::{Line, Robots, Verdict};
