//! What one line says: a key, a value and what is forgiven in both. The same spellings are forgiven as by Google's
//! parser.

/// A line that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record<'a> {
    UserAgent(&'a [u8]),
    Allow(&'a [u8]),
    Disallow(&'a [u8]),
    CrawlDelay(&'a [u8]),
    Sitemap(&'a [u8]),
}

/// Whoever writes the beginning of a key has meant the key.
const USER_AGENT: [&str; 3] = ["user-agent", "useragent", "user agent"];
const ALLOW: [&str; 1] = ["allow"];
const DISALLOW: [&str; 6] = ["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"];
const CRAWL_DELAY: [&str; 1] = ["crawl-delay"];
const SITEMAP: [&str; 2] = ["sitemap", "site-map"];

/// Reads a line; `None` when it is empty, a comment or not understood.
pub(crate) fn read(line: &[u8]) -> Option<Record<'_>> {
    let (key, value) = key_and_value(line)?;
    let is = |names: &[&str]| {
        names.iter().any(|name| key.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name.as_bytes())))
    };
    if is(&USER_AGENT) {
        Some(Record::UserAgent(value))
    } else if is(&ALLOW) {
        Some(Record::Allow(value))
    } else if is(&DISALLOW) {
        Some(Record::Disallow(value))
    } else if is(&CRAWL_DELAY) {
        Some(Record::CrawlDelay(value))
    } else if is(&SITEMAP) {
        Some(Record::Sitemap(value))
    } else {
        None
    }
}

/// The key before the first colon and the value behind it; where the colon was forgotten, the only two words of the
/// line.
fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let comment = line.iter().position(|byte| *byte == b'#').unwrap_or(line.len());
    let line = trim(&line[..comment]);
    let at = match line.iter().position(|byte| *byte == b':') {
        Some(colon) => colon,
        None => {
            let gap = line.iter().position(is_gap)?;
            let value = &line[gap..];
            let value = &value[value.iter().position(|byte| !is_gap(byte))?..];
            if value.iter().any(is_gap) {
                return None;
            }
            gap
        }
    };
    let key = trim(&line[..at]);
    (!key.is_empty()).then(|| (key, trim(&line[at + 1..])))
}

fn is_gap(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// ASCII white space as C has it, which counts the vertical tab and Rust does not.
pub(crate) fn is_white(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

/// Without white space at both ends.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let begin = text.iter().position(|byte| !is_white(*byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_white(*byte)).map_or(begin, |last| last + 1);
    &text[begin..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_forgiven_much() {
        for (line, expected) in [
            ("User-agent: a", Some(Record::UserAgent(b"a"))),
            ("USER-AGENT:a", Some(Record::UserAgent(b"a"))),
            ("useragent : a", Some(Record::UserAgent(b"a"))),
            ("user agent: a b", Some(Record::UserAgent(b"a b"))),
            ("user-agent a", Some(Record::UserAgent(b"a"))),
            ("User-agents: a", Some(Record::UserAgent(b"a"))),
            ("user agent a", None),
            ("Allow: /", Some(Record::Allow(b"/"))),
            ("allowed: /", Some(Record::Allow(b"/"))),
            ("Disallow:", Some(Record::Disallow(b""))),
            ("\x0B Disallow \t:\t/a b \x0B", Some(Record::Disallow(b"/a b"))),
            ("disallow\t \t/", Some(Record::Disallow(b"/"))),
            ("dissallow: /", Some(Record::Disallow(b"/"))),
            ("dissalow: /", Some(Record::Disallow(b"/"))),
            ("disalow: /", Some(Record::Disallow(b"/"))),
            ("diasllow: /", Some(Record::Disallow(b"/"))),
            ("disallaw: /", Some(Record::Disallow(b"/"))),
            ("dis-allow: /", None),
            ("Disallow: /a # why", Some(Record::Disallow(b"/a"))),
            ("Disallow: /a#why", Some(Record::Disallow(b"/a"))),
            ("Crawl-Delay: 1.5", Some(Record::CrawlDelay(b"1.5"))),
            ("Site-map: http://h/s.xml", Some(Record::Sitemap(b"http://h/s.xml"))),
        ] {
            assert_eq!(read(line.as_bytes()), expected, "{line:?}");
        }
    }

    #[test]
    fn what_is_no_key_and_value_is_passed_over() {
        for line in
            ["", " \t\x0B", "# Disallow: /", "#", ":", ": /", "disallow", "disallow / x", "<html>", "noarchive: /"]
        {
            assert_eq!(read(line.as_bytes()), None, "{line:?}");
        }
    }
}
