//! Numbers and words that look random and are the same at every start.

/// Words of which the text is made.
const WORDS: &[&str] = &[
    "the",
    "of",
    "a",
    "page",
    "is",
    "when",
    "server",
    "table",
    "value",
    "which",
    "index",
    "query",
    "that",
    "client",
    "each",
    "column",
    "row",
    "in",
    "this",
    "section",
    "described",
    "by",
    "default",
    "returns",
    "and",
    "not",
    "configuration",
    "with",
    "transaction",
    "are",
    "command",
    "option",
    "to",
    "be",
    "set",
    "function",
    "type",
    "for",
    "data",
    "used",
    "can",
    "null",
    "parameter",
    "from",
    "it",
    "only",
    "one",
    "example",
    "on",
    "as",
    "system",
    "connection",
    "must",
    "user",
    "file",
    "an",
    "time",
    "version",
    "result",
    "or",
    "log",
    "number",
    "operator",
    "expression",
    "changed",
    "following",
    "same",
    "has",
];

/// A small generator (xorshift64*), seeded by what it is for.
#[derive(Debug)]
pub(crate) struct Words(u64);

impl Words {
    pub(crate) fn new(seed: usize) -> Self {
        // Zero is the one state that this generator never leaves.
        Self((seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or(0) % bound.max(1)
    }

    /// Appends `count` words, now and then with markup or a character reference as texts have them.
    pub(crate) fn write(&mut self, html: &mut String, count: usize) {
        for place in 0..count {
            if place > 0 {
                html.push(' ');
            }
            let word = WORDS[self.below(WORDS.len())];
            match self.below(40) {
                0 => html.extend(["<code>", word, "</code>"]),
                1 => html.extend(["<em class=\"term\">", word, "</em>"]),
                2 => html.extend([word, " &amp;"]),
                3 => html.extend([word, "&nbsp;&mdash;"]),
                4 => html.extend([word, ","]),
                _ => html.push_str(word),
            }
        }
    }
}
