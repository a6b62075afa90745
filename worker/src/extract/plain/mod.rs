//! The first tier: the links of a document by its tags alone, without a tree, where a tree would say the same.
//!
//! That is so for almost all pages, and for those it takes a quarter of the time. It has to be certain: whatever it does not know
//! to be harmless makes it say nothing, and the full tree is built. `worker/tests/tiers` compares the two.

mod names;
mod nesting;
mod references;
mod stack;
mod tables;
mod tags;

use std::borrow::Cow;

use memchr::{memchr, memmem};

use self::names::Kind;
use self::nesting::{Nesting, NotPlain};
use self::tags::{Piece, Pieces, Start, attributes};
use super::directives;
use super::tree::Found;

/// Pieces of a document at which it is left to the full tree, which has a limit of nodes.
const MAX_PIECES: usize = 500_000;
/// Attributes of one tag at which a document is left to the full tree, whose time they take.
const MAX_ATTRIBUTES: usize = 256;

/// What a document says about links; nothing when only the full tree can tell.
pub(super) fn read<'a>(text: &'a str, agent: &str) -> Option<Found<'a>> {
    // The tree has rules of its own for a NUL.
    if memchr(0, text.as_bytes()).is_some() {
        return None;
    }
    let mut reader = Reader { nesting: Nesting::default(), found: Found::default(), agent };
    let mut pieces = Pieces::new(text);
    for _ in 0..MAX_PIECES {
        let Some(piece) = pieces.next() else { return Some(reader.found) };
        reader.piece(piece, &mut pieces).ok()?;
    }
    None
}

/// A document being read.
#[derive(Debug)]
struct Reader<'a, 'b> {
    nesting: Nesting<'a>,
    found: Found<'a>,
    agent: &'b str,
}

impl<'a> Reader<'a, '_> {
    fn piece(&mut self, piece: Piece<'a>, pieces: &mut Pieces<'a>) -> nesting::Result {
        match piece {
            Piece::Text(text) => self.nesting.text(text),
            Piece::Markup(text) if self.nesting.is_foreign() && text.starts_with("<![CDATA[") => Err(NotPlain),
            Piece::Markup(_) => Ok(()),
            Piece::End(name) => self.nesting.end(name, Kind::of(name)),
            Piece::Start(tag) if tag.attribute_count > MAX_ATTRIBUTES => Err(NotPlain),
            Piece::Start(tag) => {
                let (kind, in_svg) = (Kind::of(tag.name), self.nesting.is_foreign());
                self.nesting.start(&tag, kind)?;
                if in_svg { Ok(()) } else { self.element(&tag, kind, pieces) }
            }
        }
    }

    /// What an element of HTML says.
    fn element(&mut self, tag: &Start<'a>, kind: Kind, pieces: &mut Pieces<'a>) -> nesting::Result {
        match kind {
            Kind::A | Kind::Area => {
                let [href, rel] = get(tag, ["href", "rel"]);
                let nofollow = rel.is_some_and(|rel| directives::rel_says_nofollow(&rel));
                self.found.links.extend(href.map(|href| (href, nofollow)));
            }
            Kind::Base if self.found.base.is_none() => [self.found.base] = get(tag, ["href"]),
            Kind::Meta => {
                let [name, content] = get(tag, ["name", "content"]);
                let for_us = name.is_some_and(|name| directives::meta_speaks_to(&name, self.agent));
                self.found.nofollow |=
                    for_us && content.is_some_and(|content| directives::meta_says_nofollow(&content));
            }
            Kind::Raw | Kind::Xmp => {
                pieces.raw(tag.name);
            }
            Kind::Script if hides_its_end(pieces.raw(tag.name)) => return Err(NotPlain),
            _ => {}
        }
        Ok(())
    }
}

/// Whether a script has in it, behind the beginning of a comment, the beginning of another, whose end tag is not its own.
fn hides_its_end(script: &str) -> bool {
    let comment = memmem::find(script.as_bytes(), b"<!--").map(|place| &script.as_bytes()[place..]);
    comment.is_some_and(|rest| rest.windows(7).any(|seven| seven.eq_ignore_ascii_case(b"<script")))
}

/// The values of attributes of a tag. Of several with one name the first counts.
fn get<'a, const N: usize>(tag: &Start<'a>, names: [&str; N]) -> [Option<Cow<'a, str>>; N] {
    let mut values = [None; N];
    attributes(tag.attributes, |name, value| {
        for (wanted, found) in names.iter().zip(&mut values) {
            if found.is_none() && name.eq_ignore_ascii_case(wanted) {
                *found = Some(value);
            }
        }
    });
    values.map(|value| value.map(references::decode))
}
