//! What Google's public test-suite of its robots.txt parser expects (github.com/google/robotstxt, robots_test.cc,
//! Apache-2.0), as tables of our own. The names of Google's tests stand beside ours. Where the RFC decides otherwise,
//! the case says so.

mod documentation;
mod limits;
mod lines;
mod rules;
mod urls;

use crawl_robots::{Robots, path_and_query};

/// What stands in front of the paths in the tables.
const SITE: &str = "http://foo.bar";

/// Whether the agent, exactly as it stands here, may request the URL.
fn allowed(robots: &str, agent: &str, url: &str) -> bool {
    Robots::parse(robots.as_bytes(), agent).is_allowed(&path_and_query(url))
}

/// Checks `(agent, path, allowed)` against one robots.txt.
fn check(robots: &str, cases: &[(&str, &str, bool)]) {
    for (agent, path, expected) in cases {
        assert_eq!(allowed(robots, agent, &format!("{SITE}{path}")), *expected, "{agent} {path}\n{robots}");
    }
}
