//! The first tier: what a document says by its tags alone, without a tree, where a tree would say the same.
//!
//! That is so for almost all pages, and for those it takes a quarter of the time. It has to be certain: whatever it does not know
//! to be harmless makes it say nothing, and the full tree is built. `worker/tests/tiers` compares the two.

mod headings;
mod names;
mod nesting;
mod references;
mod stack;
mod tables;
mod tags;

use std::borrow::Cow;

use memchr::{memchr, memmem};

use self::headings::Headings;
use self::names::Kind;
use self::nesting::{Nesting, NotPlain};
use self::references::In;
use self::tags::{Piece, Pieces, Start, attributes};
use super::directives;
use super::found::{self, Found, MAX_TITLE_BYTES, Text, trim};

/// What a document says; nothing when only the full tree can tell.
pub(super) fn read<'a>(text: &'a str, agent: &str) -> Option<Found<'a>> {
    // The tree has rules of its own for a NUL.
    if memchr(0, text.as_bytes()).is_some() {
        return None;
    }
    let mut reader =
        Reader { nesting: Nesting::default(), headings: Headings::default(), found: Found::default(), agent };
    let mut pieces = Pieces::new(text);
    while let Some(piece) = pieces.next() {
        reader.piece(piece, &mut pieces).ok()?;
    }
    Some(reader.found)
}

/// A document being read.
#[derive(Debug)]
struct Reader<'a, 'b> {
    nesting: Nesting<'a>,
    headings: Headings<'a>,
    found: Found<'a>,
    agent: &'b str,
}

impl<'a> Reader<'a, '_> {
    fn piece(&mut self, piece: Piece<'a>, pieces: &mut Pieces<'a>) -> nesting::Result {
        match piece {
            Piece::Text(text) => {
                self.nesting.text(text)?;
                self.headings.text(text, &self.nesting, &mut self.found.outline);
                Ok(())
            }
            Piece::Markup(text) if self.nesting.is_foreign() && text.starts_with("<![CDATA[") => Err(NotPlain),
            Piece::Markup(_) => Ok(()),
            Piece::End(name) => {
                self.nesting.end(name, Kind::of(name))?;
                self.headings.after_tag(&self.nesting.open, &mut self.found.outline);
                Ok(())
            }
            Piece::Start(tag) => {
                let (kind, in_svg) = (Kind::of(tag.name), self.nesting.is_foreign());
                self.nesting.start(&tag, kind)?;
                self.headings.after_tag(&self.nesting.open, &mut self.found.outline);
                if in_svg { Ok(()) } else { self.element(&tag, kind, pieces) }
            }
        }
    }

    /// What an element of HTML says.
    fn element(&mut self, tag: &Start<'a>, kind: Kind, pieces: &mut Pieces<'a>) -> nesting::Result {
        match kind {
            Kind::A | Kind::Area => {
                let [href, rel] = get(tag, ["href", "rel"]);
                if let Some(href) = href {
                    let href = self.found.hrefs.keep_target(href);
                    self.found.link(href, !rel.is_some_and(|rel| directives::rel_says_nofollow(&rel)));
                }
            }
            Kind::Base if self.found.base.is_none() => {
                let [href] = get(tag, ["href"]);
                self.found.base = href.map(|href| self.found.hrefs.keep(trimmed(href)));
            }
            Kind::Meta => self.meta(tag),
            Kind::Link if self.found.canonical.is_none() && !self.nesting.is_in_template() => {
                let [href, rel] = get(tag, ["href", "rel"]);
                if let Some(href) = href.filter(|_| rel.is_some_and(|rel| found::rel_says(&rel, "canonical"))) {
                    self.found.canonical = Some(self.found.hrefs.keep_target(href));
                }
            }
            Kind::Html if self.found.language.is_none() => self.language(tag),
            // The line feed that they begin with is no text.
            Kind::Block
                if self.headings.are_open()
                    && ["pre", "listing"].iter().any(|pre| tag.name.eq_ignore_ascii_case(pre)) =>
            {
                return Err(NotPlain);
            }
            Kind::Heading => self.headings.opened(tag.name, &self.nesting.open, &mut self.found.outline),
            Kind::Raw | Kind::Xmp => {
                let text = pieces.raw(tag.name);
                let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
                // Text in a heading, by rules of its own.
                if self.headings.are_open() && !is("style") && !self.nesting.is_in_template() {
                    return Err(NotPlain);
                }
                if is("title") && !self.nesting.is_in_template() {
                    self.title(text);
                }
            }
            Kind::Script if hides_its_end(pieces.raw(tag.name)) => return Err(NotPlain),
            _ => {}
        }
        Ok(())
    }

    fn meta(&mut self, tag: &Start<'a>) {
        let [name, content, http_equiv] = get(tag, ["name", "content", "http-equiv"]);
        let Some(content) = content else { return };
        let for_us = name.is_some_and(|name| directives::meta_speaks_to(&name, self.agent));
        self.found.nofollow |= for_us && directives::meta_says_nofollow(&content);
        if let Some(target) = found::refresh_target(http_equiv.as_deref(), Some(&content)) {
            let target = self.found.hrefs.keep_target(found::owned(target));
            self.found.refresh(target);
        }
    }

    /// Root elements that follow the first add the attributes that it does not have.
    fn language(&mut self, tag: &Start<'a>) {
        let [language] = get(tag, ["lang"]);
        self.found.language = language.map(|language| found::language(&language).unwrap_or_default());
    }

    fn title(&mut self, text: &str) {
        if self.found.title.is_some() {
            return;
        }
        let mut title = Text::new(MAX_TITLE_BYTES);
        references::each(text, In::Text, |part| {
            title.push(part);
            !title.is_full()
        });
        self.found.title = Some(title);
    }
}

/// An address without the white space round it.
fn trimmed(href: Cow<'_, str>) -> Cow<'_, str> {
    match href {
        Cow::Borrowed(href) => Cow::Borrowed(trim(href)),
        Cow::Owned(href) => found::owned(trim(&href)),
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
