//! Random patterns against slower and simpler ideas of what they match, and random bytes against nothing at all.
#![allow(clippy::unwrap_used)]

use crawl_robots::Robots;
use regex::Regex;

/// SplitMix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    /// A slash and some of these words.
    fn path(&mut self, words: &[&str], most: usize) -> String {
        let count = self.below(most + 1);
        std::iter::once("/").chain((0..count).map(|_| words[self.below(words.len())])).collect()
    }
}

/// The pattern as a regular expression.
fn by_regex(pattern: &str, path: &str) -> bool {
    let (pattern, end) = pattern.strip_suffix('$').map_or((pattern, ""), |pattern| (pattern, "$"));
    let pieces: Vec<String> = pattern.split('*').map(regex::escape).collect();
    Regex::new(&format!("^{}{end}", pieces.join(".*"))).unwrap().is_match(path)
}

/// The pattern letter by letter, trying every length of a star.
fn by_trying(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => true,
        [b'$'] => path.is_empty(),
        [b'*', rest @ ..] => (0..=path.len()).any(|skipped| by_trying(rest, &path[skipped..])),
        [byte, rest @ ..] => path.first() == Some(byte) && by_trying(rest, &path[1..]),
    }
}

#[test]
fn patterns_match_what_regular_expressions_and_trying_match() {
    let mut random = Random(9309);
    let mut matches = 0;
    for round in 0..20_000 {
        let pattern = random.path(&["a", "b", "ab", "/", "*", "*", "$", "."], 7) + ["", "$"][random.below(2)];
        let path = random.path(&["a", "b", "ab", "/", "."], 9);
        let expected = by_regex(&pattern, &path);
        assert_eq!(by_trying(pattern.as_bytes(), path.as_bytes()), expected, "round {round}: {pattern} {path}");
        let robots = Robots::parse(format!("user-agent: *\ndisallow: {pattern}\n").as_bytes(), "foo");
        assert_eq!(!robots.is_allowed(&path), expected, "round {round}: {pattern} {path}");
        matches += u32::from(expected);
    }
    assert!(matches > 2_000, "{matches} matches say little");
}

#[test]
fn of_many_rules_the_longest_decides() {
    let mut random = Random(42);
    for round in 0..5_000 {
        let words = ["a", "b", "/", "*"];
        let rules: Vec<(bool, String)> =
            (0..random.below(8)).map(|_| (random.below(2) == 0, random.path(&words, 4))).collect();
        let path = random.path(&["a", "b", "/"], 6);
        let text: String =
            rules.iter().map(|(allow, rule)| format!("{}allow: {rule}\n", if *allow { "" } else { "dis" })).collect();
        let matching = rules.iter().filter(|(_, rule)| by_trying(rule.as_bytes(), path.as_bytes()));
        let expected = matching.max_by_key(|(allow, rule)| (rule.len(), *allow)).is_none_or(|(allow, _)| *allow);
        let robots = Robots::parse(format!("user-agent: *\n{text}").as_bytes(), "foo");
        assert_eq!(robots.is_allowed(&path), expected, "round {round}: {path}\n{text}");
    }
}

/// Encoding a character of a path that need not be, or need, changes nothing.
#[test]
fn the_spelling_of_a_path_does_not_matter() {
    let mut random = Random(3986);
    for round in 0..5_000 {
        let plain = random.path(&["x", "~", ":", "*", "$", "'", "\u{e9}", "%", "!"], 6);
        let encoded: String = plain
            .bytes()
            .map(|byte| match random.below(3) {
                0 if byte != b'/' => format!("%{byte:02x}"),
                1 if byte != b'/' => format!("%{byte:02X}"),
                _ if byte.is_ascii() && byte != b'%' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        let slashed = encoded.replace("%2F", "/");
        let rule: String =
            plain.bytes().map(|byte| if byte == b'/' { "/".to_owned() } else { format!("%{byte:02X}") }).collect();
        let robots = Robots::parse(format!("user-agent: *\ndisallow: {rule}$\n").as_bytes(), "foo");
        assert!(!robots.is_allowed(&plain) && !robots.is_allowed(&slashed), "round {round}: {plain} {slashed} {rule}");
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut random = Random(500);
    let words: [&[u8]; 16] = [
        b"user-agent",
        b"allow",
        b"disallow",
        b"crawl-delay",
        b"sitemap",
        b": ",
        b"foo",
        b"*",
        b"$",
        b"%",
        b"%4",
        b"/index.htm",
        b"\n",
        b"\r",
        b"\xEF\xBB\xBF",
        b"\xE3\x83",
    ];
    for _ in 0..5_000 {
        let mut body = Vec::new();
        for _ in 0..random.below(60) {
            match random.below(4) {
                0 => body.push(u8::try_from(random.below(256)).unwrap()),
                1 => body.extend_from_slice(b"\nuser-agent: foo\ndisallow: /"),
                _ => body.extend_from_slice(words[random.below(words.len())]),
            }
        }
        let path = String::from_utf8_lossy(&body).into_owned();
        let robots = Robots::parse(&body, "foo");
        for path in [&path[..], "/", "", "/index.html?%"] {
            assert_eq!(robots.verdict(path).allowed, robots.is_allowed(path));
        }
    }
}
