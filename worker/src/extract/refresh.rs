//! `<meta http-equiv=refresh content="5; url=...">`, by the HTML standard's "shared declarative refresh steps".

use super::found::trim;

/// Where the content leads; nothing when it is no refresh, or one of the page itself.
pub(super) fn target(content: &str) -> Option<&str> {
    let content = trim_start(content);
    let after_seconds = content.trim_start_matches(|character: char| character.is_ascii_digit());
    if after_seconds.len() == content.len() && !content.starts_with('.') {
        return None;
    }
    let rest = after_seconds.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    if !rest.starts_with(|character: char| character.is_ascii_whitespace() || matches!(character, ';' | ',')) {
        return None;
    }
    let rest = trim_start(rest);
    let url = trim_start(rest.strip_prefix([';', ',']).unwrap_or(rest));
    Some(unquoted(url)).filter(|url| !trim(url).is_empty())
}

/// What follows `url=`, or all when that is not there. A quotation mark ends what began with one.
fn unquoted(text: &str) -> &str {
    let value = match text.get(..3) {
        Some(name) if name.eq_ignore_ascii_case("url") => match trim_start(&text[3..]).strip_prefix('=') {
            Some(value) => trim_start(value),
            None => return text,
        },
        // The standard looks for a quotation mark where there is no `u`, but not where `url` is cut off after one.
        _ if text.starts_with(['u', 'U']) => return text,
        _ => text,
    };
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value,
    }
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(|character: char| character.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_reads_it() {
        for (content, expected) in [
            ("0; url=/x", Some("/x")),
            ("0;url=/x", Some("/x")),
            ("5 URL = /x", Some("/x")),
            ("5, /x", Some("/x")),
            ("5 /x", Some("/x")),
            (".5; /x", Some("/x")),
            ("1.5.7;/x", Some("/x")),
            ("\n\t 5\x0C;\r url\n=\n'/x' y", Some("/x")),
            ("0; url=\"/x'y\" z", Some("/x'y")),
            ("0; url='/x", Some("/x")),
            ("0; '/x'", Some("/x")),
            ("0; url/x", Some("url/x")),
            ("0; u'/x'", Some("u'/x'")),
            ("0; ur=/x", Some("ur=/x")),
            ("0; urn:x", Some("urn:x")),
            ("0;; /x", Some("; /x")),
            ("0; url=url=/x", Some("url=/x")),
            ("0; é", Some("é")),
            ("5", None),
            ("5;", None),
            ("5; url=", None),
            ("5; url=''", None),
            ("5x; url=/x", None),
            ("url=/x", None),
            ("-1; url=/x", None),
            ("+1; url=/x", None),
            ("; /x", None),
            ("", None),
        ] {
            assert_eq!(target(content), expected, "{content:?}");
        }
    }
}
