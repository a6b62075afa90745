//! The tags of a text, by the HTML standard's tokenizer. A text in which the tree would have to tell the tokenizer how to go on
//! is read on by the caller, with [`Pieces::raw`].

use memchr::{memchr, memmem};

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Start(Start<'a>),
    /// The name of an end tag.
    End(&'a str),
    /// A comment, a document type, or what is taken for a comment.
    Markup(&'a str),
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start<'a> {
    pub(super) name: &'a str,
    /// What stands between the name and the end of the tag, for [`attributes`].
    pub(super) attributes: &'a str,
    pub(super) self_closing: bool,
}

/// The pieces of a text, one after the other.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The text that follows a start tag of this name, up to the end tag that closes it, which is passed over. All of the
    /// rest when there is none.
    pub(super) fn raw(&mut self, name: &str) -> &'a str {
        let rest = &self.text[self.at..];
        let closes = |place: &usize| {
            let after = &rest.as_bytes()[place + 2..];
            after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
                && after.get(name.len()).is_some_and(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'))
        };
        let Some(place) = memmem::find_iter(rest.as_bytes(), b"</").find(closes) else {
            self.at = self.text.len();
            return rest;
        };
        let from = self.at + place + 2 + name.len();
        self.at = scan(self.text, from, |_, _| {}).map_or(self.text.len(), |tag| tag.end);
        &rest[..place]
    }

    fn tag(&mut self, from: usize) -> Option<Piece<'a>> {
        let is_end = self.text.as_bytes()[from - 1] == b'/';
        let bytes = self.text.as_bytes();
        let name_end = position(bytes, from, |byte| is_space(byte) || matches!(byte, b'/' | b'>'))?;
        let name = &self.text[from..name_end];
        let scanned = scan(self.text, name_end, |_, _| {})?;
        self.at = scanned.end;
        if is_end {
            return Some(Piece::End(name));
        }
        Some(Piece::Start(Start {
            name,
            attributes: &self.text[name_end..scanned.end],
            self_closing: scanned.self_closing,
        }))
    }

    fn markup(&mut self) -> Piece<'a> {
        let (from, rest) = (self.at, &self.text.as_bytes()[self.at..]);
        let length = if rest.starts_with(b"<!--") { comment(rest) } else { memchr(b'>', rest).map(|end| end + 1) };
        self.at = length.map_or(self.text.len(), |length| from + length);
        Piece::Markup(&self.text[from..self.at])
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let (from, bytes) = (self.at, self.text.as_bytes());
        match bytes.get(from..)? {
            [] => None,
            [b'<', letter, ..] if letter.is_ascii_alphabetic() => self.tag(from + 1),
            [b'<', b'/', letter, ..] if letter.is_ascii_alphabetic() => self.tag(from + 2),
            [b'<', b'/', _, ..] | [b'<', b'!' | b'?', ..] => Some(self.markup()),
            rest => {
                let length = memchr(b'<', &rest[1..]).map_or(rest.len(), |place| place + 1);
                self.at = from + length;
                Some(Piece::Text(&self.text[from..self.at]))
            }
        }
    }
}

/// The length of a comment, if it ends.
fn comment(bytes: &[u8]) -> Option<usize> {
    if bytes[4..].starts_with(b">") {
        return Some(5);
    }
    if bytes[4..].starts_with(b"->") {
        return Some(6);
    }
    let mut at = 4;
    loop {
        at += memchr(b'-', bytes.get(at..)?)?;
        match &bytes[at..] {
            [_, b'-', b'>', ..] => return Some(at + 3),
            [_, b'-', b'!', b'>', ..] => return Some(at + 4),
            _ => at += 1,
        }
    }
}

/// What was found from the end of a tag's name to the end of the tag.
#[derive(Clone, Copy, Debug)]
struct Scanned {
    end: usize,
    self_closing: bool,
}

/// Visits the attributes in `attributes`, names in the case in which they stand, values undecoded.
pub(super) fn attributes<'a>(attributes: &'a str, visit: impl FnMut(&'a str, &'a str)) {
    let _ = scan(attributes, 0, visit);
}

/// Visits the attributes from `at` on; nothing when the text ends before the tag does.
fn scan<'a>(text: &'a str, mut at: usize, mut visit: impl FnMut(&'a str, &'a str)) -> Option<Scanned> {
    let bytes = text.as_bytes();
    loop {
        let before = at;
        at = position(bytes, at, |byte| !is_space(byte) && byte != b'/')?;
        if bytes[at] == b'>' {
            return Some(Scanned { end: at + 1, self_closing: at > before && bytes[at - 1] == b'/' });
        }
        // A name may begin with `=`, strange as it looks.
        let end = position(bytes, at + 1, |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='))?;
        let name = &text[at..end];
        at = position(bytes, end, |byte| !is_space(byte))?;
        if bytes[at] != b'=' {
            visit(name, "");
            continue;
        }
        at = position(bytes, at + 1, |byte| !is_space(byte))?;
        let (from, to) = match bytes[at] {
            quote @ (b'"' | b'\'') => (at + 1, at + 1 + memchr(quote, &bytes[at + 1..])?),
            b'>' => (at, at),
            _ => (at, position(bytes, at, |byte| is_space(byte) || byte == b'>')?),
        };
        visit(name, &text[from..to]);
        at = if from > at { to + 1 } else { to };
    }
}

/// The first place from `from` on where the byte is so.
fn position(bytes: &[u8], from: usize, is_so: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.get(from..)?.iter().position(|byte| is_so(*byte)).map(|place| from + place)
}

/// What the standard calls white space. A carriage return is a line feed by then.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}
