//! Colour, where someone looks and wants it.

/// Whether to colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(bool);

impl Paint {
    /// On a terminal, unless `NO_COLOR` or a terminal without colours says otherwise.
    pub(super) fn when(seen: bool) -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_none_or(|terminal| terminal == "dumb");
        Self(seen && !set("NO_COLOR") && !dumb)
    }

    /// In the colour of what went wrong.
    pub(super) fn bad(self, text: &str) -> String {
        if self.0 { format!("\u{1b}[31m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
