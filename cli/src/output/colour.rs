//! Colour, where someone sees it. A word always says the same without it.

use std::io::IsTerminal;

/// Whether words are coloured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colour(bool);

impl Colour {
    /// For stdout: on a terminal, unless `NO_COLOR` is set or the terminal is dumb.
    pub(crate) fn of_stdout() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Self(std::io::stdout().is_terminal() && !set("NO_COLOR") && !dumb)
    }

    /// No colour at all.
    #[cfg(test)]
    pub(crate) fn none() -> Self {
        Self(false)
    }

    /// A phase, coloured after what it means.
    pub(crate) fn phase(self, padded: &str) -> String {
        let code = match padded.trim_end() {
            "Complete" => "32",
            "Running" => "36",
            "Failed" => "31",
            "Suspended" | "Cancelled" | "Pending" => "33",
            _ => return padded.to_owned(),
        };
        self.with(code, padded)
    }

    /// The head of a paragraph.
    pub(crate) fn head(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Something bad.
    pub(crate) fn bad(self, text: &str) -> String {
        self.with("31", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_have_colours_only_where_someone_sees_them() {
        assert_eq!(Colour(true).phase("Failed   "), "\u{1b}[31mFailed   \u{1b}[0m");
        assert_eq!(Colour(false).phase("Failed   "), "Failed   ");
        assert_eq!(Colour(true).phase("Whatever"), "Whatever");
    }
}
