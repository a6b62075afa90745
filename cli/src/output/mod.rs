//! How things look: tables, colours, numbers. Pure, but for asking whether someone watches.

mod colour;
mod number;
mod table;

pub(crate) use colour::Colour;
pub(crate) use number::{age, bytes, counted, span};
pub(crate) use table::Table;

use std::io::{self, Write};

/// What others wrote into a page, a URL or an error must not speak to the terminal.
pub(crate) fn clean(text: &str) -> String {
    let harmless = |letter: char| if letter.is_control() && letter != '\n' { '\u{fffd}' } else { letter };
    text.chars().map(harmless).collect()
}

/// As a shell reads it as one word.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:,@%+=".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Writes to stdout. Who reads may have seen enough, as `head` has; then nothing is said.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(anyhow::anyhow!("cannot write to stdout: {error}"))
        }
        _ => Ok(()),
    }
}

/// Writes a document as JSON, as kubectl indents it.
pub(crate) fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, formatter))?;
    out.push(b'\n');
    print(&String::from_utf8(out)?)
}

/// Writes a document as YAML that kubectl reads back unchanged.
pub(crate) fn yaml(value: &impl serde::Serialize) -> anyhow::Result<()> {
    // By way of JSON: its numbers and texts are all that a manifest holds.
    let text = serde_saphyr::to_string(&serde_json::to_value(value)?)?;
    print(&if text.ends_with('\n') { text } else { text + "\n" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_what_is_quoted_as_one_word() {
        for (text, word) in [
            ("docs-site", "docs-site"),
            ("https://example.com/a%20b", "https://example.com/a%20b"),
            ("https://example.com/?a=1&b=2", "'https://example.com/?a=1&b=2'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(text), word);
        }
    }

    #[test]
    fn strangers_cannot_speak_to_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\u{9b}2J"), "a\u{fffd}[31mb\u{fffd}\u{fffd}2J");
    }
}
