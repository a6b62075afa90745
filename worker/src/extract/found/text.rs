//! Text as people read it: white space collapsed and trimmed, and no more of it than is recorded.

/// A text that is being read.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    text: String,
    /// Bytes at most.
    limit: usize,
    /// White space came since the last character.
    gap: bool,
    /// A character did not fit: none behind it is taken, even if it would.
    full: bool,
}

impl Text {
    pub(crate) fn new(limit: usize) -> Self {
        Self { text: String::new(), limit, gap: false, full: false }
    }

    pub(crate) fn push(&mut self, text: &str) {
        for character in text.chars() {
            if self.full {
                return;
            }
            if character.is_ascii_whitespace() {
                self.gap = !self.text.is_empty();
                continue;
            }
            if self.text.len() + usize::from(self.gap) + character.len_utf8() > self.limit {
                self.full = true;
                return;
            }
            if std::mem::take(&mut self.gap) {
                self.text.push(' ');
            }
            self.text.push(character);
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn into_string(self) -> String {
        self.text
    }
}
