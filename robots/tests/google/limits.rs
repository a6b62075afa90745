//! Where Google's parser cuts a line.

use crawl_robots::MAX_LINE_BYTES;

use crate::check;

/// `/x/` and as many letters as fit into the line that begins with `key`, one octet short of where it is cut.
fn long_path(key: &str, letter: &str) -> String {
    format!("/x/{}", letter.repeat(MAX_LINE_BYTES - 1 - key.len() - "/x/".len()))
}

/// GoogleOnly_LineTooLong
#[test]
fn the_end_of_a_long_line_is_passed_over() {
    let path = long_path("disallow: ", "a");
    let robots = format!("user-agent: FooBot\ndisallow: {path}/qux\n");
    check(&robots, &[("FooBot", "/fux", true), ("FooBot", &format!("{path}/fux"), false)]);

    let (one, other) = (long_path("allow: ", "a"), long_path("allow: ", "b"));
    let robots = format!("user-agent: FooBot\ndisallow: /\nallow: {one}/qux\nallow: {other}/qux\n");
    let cases = [("/", false), (&format!("{one}/qux"), true), (&format!("{other}/fux"), true)];
    check(&robots, &cases.map(|(path, allowed)| ("FooBot", path, allowed)));
}
