//! Between html5ever's tokenizer and its tree builder: passes on what makes a difference, and stops at the bounds.
//!
//! The tree builder keeps attributes, copies them with each element that it reopens, and collects all the text in a table. So
//! attributes that matter to nobody become one, names that it does not know become short, and text that only adds to text is
//! dropped.

use std::cell::Cell;
use std::hash::{BuildHasher, Hash, RandomState};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{StartTag, Tag, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};

use super::budget::exceeds;
use super::sink::Sink;
use super::{Id, meaning};
use crate::extract::found::MAX_HREF_BYTES;

/// Tokens of a run of text that are passed on, but for white space: a title cannot have more, as each has a character.
const RUN: usize = 1024;

/// Tokens of white space alone, one after the other, that are passed on. The first may be a line feed that is no text.
const GAPS: usize = 2;

/// The tree builder behind its guard.
pub(super) struct Guard {
    builder: TreeBuilder<Id, Sink>,
    seeds: RandomState,
    /// Tokens of the run of text that is being read, but for white space.
    run: Cell<usize>,
    /// How often in a row it was white space alone.
    gaps: Cell<usize>,
    /// Bytes of the document that were read.
    read: Cell<usize>,
    /// Bytes that had been read when the last token came.
    heard: Cell<usize>,
    stopped: Cell<bool>,
}

impl Guard {
    pub(super) fn new(builder: TreeBuilder<Id, Sink>) -> Self {
        Self {
            builder,
            seeds: RandomState::new(),
            run: Cell::new(0),
            gaps: Cell::new(0),
            read: Cell::new(0),
            heard: Cell::new(0),
            stopped: Cell::new(false),
        }
    }

    pub(super) fn into_sink(self) -> Sink {
        self.builder.sink
    }

    /// Bytes are about to be read.
    pub(super) fn reads(&self, bytes: usize) {
        self.read.set(self.read.get() + bytes);
    }

    /// Bytes that were read since the last token: those of one token.
    pub(super) fn silence(&self) -> usize {
        self.read.get() - self.heard.get()
    }

    /// Whether a bound was reached. What came after was left out.
    pub(super) fn has_stopped(&self) -> bool {
        self.stopped.get()
    }

    /// Whether a text is more than what can be told from the text before.
    fn is_news(&self, text: &str) -> bool {
        let is_gap = text.bytes().all(|byte| byte.is_ascii_whitespace());
        let news = if is_gap { self.gaps.get() < GAPS } else { self.run.get() < RUN };
        self.gaps.set(if is_gap { self.gaps.get() + 1 } else { 0 });
        self.run.set(self.run.get() + usize::from(!is_gap));
        news
    }

    fn start(&self, tag: &mut Tag) {
        // The tokenizer has compared each with all before it.
        self.builder.sink.charge(tag.attrs.len() * tag.attrs.len() / 8);
        let all = tag.attrs.len();
        let print = if meaning::is_formatting(&tag.name) { self.print(&tag.attrs) } else { None };
        tag.attrs.retain(|attribute| meaning::matters(&attribute.name.local));
        for attribute in &mut tag.attrs {
            if attribute.value.len() > MAX_HREF_BYTES {
                // So it leads nowhere, as what is too long does.
                attribute.value = StrTendril::from_slice("data:");
            }
        }
        if tag.attrs.len() < all {
            tag.attrs.extend(print);
        }
        if tag.attrs.capacity() > 16 {
            tag.attrs.shrink_to_fit();
        }
    }

    /// One attribute that says whether those of two tags are the same, in whatever order: of formatting elements that are the same
    /// no more than three are reopened.
    fn print(&self, attributes: &[Attribute]) -> Option<Attribute> {
        let sum = attributes.iter().fold(0_u64, |sum, attribute| {
            sum.wrapping_add(self.seeds.hash_one((&*attribute.name.local, &*attribute.value)))
        });
        let name = QualName::new(None, ns!(), local_name!("id"));
        (!attributes.is_empty()).then(|| Attribute { name, value: StrTendril::from_slice(&base32::<13>(sum)) })
    }

    /// A short name for one that has no meaning, in capitals, as no other has. A long one is on the heap, for each element.
    fn short(&self, name: &LocalName) -> Option<LocalName> {
        name.is_dynamic().then(|| LocalName::from(base32::<7>(self.hash(&**name))))
    }

    fn hash(&self, value: impl Hash) -> u64 {
        self.seeds.hash_one(value)
    }
}

impl TokenSink for Guard {
    type Handle = Id;

    fn process_token(&self, mut token: Token, line: u64) -> TokenSinkResult<Id> {
        if self.stopped.get() || matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        self.heard.set(self.read.get());
        match &mut token {
            Token::CharacterTokens(text) if !self.is_news(text) => return TokenSinkResult::Continue,
            Token::CharacterTokens(_) | Token::NullCharacterToken => {}
            _ => {
                self.run.set(0);
                self.gaps.set(0);
            }
        }
        if let Token::TagToken(tag) = &mut token {
            match tag.kind == StartTag {
                true => self.start(tag),
                false => tag.attrs.clear(),
            }
            if let Some(short) = self.short(&tag.name) {
                tag.name = short;
            }
        }
        if exceeds(&self.builder.sink, self.read.get()) {
            self.stopped.set(true);
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The first digits of a number, five bits each.
fn base32<const N: usize>(number: u64) -> String {
    (0..N).map(|place| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(number >> (5 * place) & 31) as usize])).collect()
}
