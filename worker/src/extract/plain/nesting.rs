//! Which elements are open, by the HTML standard's tree construction, in documents where that never moves, copies or drops an
//! element that matters for links. It must never be less sure than the standard: what could differ is [`NotPlain`].
//!
//! What copies links is formatting that is cut off by the end of something else, and continues after it: so none may be cut
//! off. What moves them is misplaced content in a table, and what drops them is a few elements that are left to the full tree.

use super::names::Kind::{self, *};
use super::stack::Stack;
use super::tags::{Start, is_space};

/// The full tree has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotPlain;

pub(super) type Result<T = ()> = std::result::Result<T, NotPlain>;

/// The open elements below the body.
#[derive(Debug, Default)]
pub(super) struct Nesting<'a> {
    pub(super) open: Stack<'a>,
    /// The body has begun for sure.
    body: bool,
    /// The standard's form element pointer is set.
    pub(super) form: bool,
    /// A `select` is open.
    select: bool,
    /// How many `template`s are open.
    templates: usize,
}

impl<'a> Nesting<'a> {
    /// Whether the innermost element is one of SVG.
    pub(super) fn is_foreign(&self) -> bool {
        self.open.top() == Some(Svg)
    }

    /// Whether what is read is in the contents of a template, and so in no document.
    pub(super) fn is_in_template(&self) -> bool {
        self.templates > 0
    }

    /// Text in a table, but for white space, goes before it.
    pub(super) fn text(&self, text: &str) -> Result {
        let misplaced = self.open.top().is_some_and(Kind::is_table_structure) && !text.bytes().all(is_space);
        if misplaced { Err(NotPlain) } else { Ok(()) }
    }

    pub(super) fn start(&mut self, tag: &Start<'a>, kind: Kind) -> Result {
        match self.open.top() {
            _ if kind == Hard => Err(NotPlain),
            Some(Svg) => self.start_in_svg(tag, kind),
            Some(HeadNoscript) => match kind {
                Base | Meta | Link | Void | Raw | Script => Ok(()),
                _ => Err(NotPlain),
            },
            _ if self.templates > 0 => self.start_in_template(tag, kind),
            Some(top) if top.is_table_structure() => self.start_in_table(tag, kind),
            _ if self.select => self.start_in_select(tag, kind),
            _ => self.start_in_body(tag, kind),
        }
    }

    pub(super) fn end(&mut self, name: &str, kind: Kind) -> Result {
        match self.open.top() {
            _ if kind == Hard => Err(NotPlain),
            Some(Svg) if self.open.top_is(name) => self.open.pop(),
            Some(HeadNoscript) if kind == Noscript => self.open.pop(),
            Some(Svg | HeadNoscript) => Err(NotPlain),
            _ if self.templates > 0 => self.end_in_template(name, kind),
            Some(top) if top.is_table_structure() => self.end_in_table(name, kind),
            _ if self.select => self.end_in_select(name, kind),
            _ => self.end_in_body(name, kind),
        }
    }

    fn start_in_body(&mut self, tag: &Start<'a>, kind: Kind) -> Result {
        self.make_room(kind)?;
        match kind {
            Caption | Colgroup | Col | Section | Tr | Cell => return self.end_cell_by_start(tag, kind),
            Base | Meta | Link | Void | Raw | Script | Html | Head | Frame => return Ok(()),
            Noscript if !self.body => return self.open.push(tag.name, HeadNoscript),
            Form if self.form => return Ok(()),
            Template => return self.start_in_template(tag, kind),
            _ => self.body = true,
        }
        match kind {
            Area | Hr | Input | Xmp | Body => return Ok(()),
            Svg if tag.self_closing => return Ok(()),
            Form if self.open.any(Form) => return Err(NotPlain),
            Form => self.form = true,
            Select => self.select = true,
            _ => {}
        }
        self.open.push(tag.name, kind)
    }

    /// Closes what a start tag in the body closes.
    fn make_room(&mut self, kind: Kind) -> Result {
        match kind {
            A => self.open.end_formatting("a"),
            Nobr if self.open.any(Nobr) => Err(NotPlain),
            Form if self.form => Ok(()),
            P | Block | OpenBlock | Form | Hr | Xmp => self.open.close_p(),
            Heading => {
                self.open.close_p()?;
                if self.open.top() == Some(Heading) { self.open.pop() } else { Ok(()) }
            }
            Li | Description => {
                self.open.close_item(kind)?;
                self.open.close_p()
            }
            Button => self.open.close_kind(Button),
            // In quirks mode a table may stand in a paragraph.
            Table if self.open.has_p() => Err(NotPlain),
            Option | Optgroup if self.open.top() == Some(Option) => self.open.pop(),
            RubyBase | RubyText if self.open.has_in_scope(Ruby) => {
                self.open.close_implied(|element| kind == RubyText && element.name.eq_ignore_ascii_case("rtc"))
            }
            _ => Ok(()),
        }
    }

    fn end_in_body(&mut self, name: &str, kind: Kind) -> Result {
        match kind {
            A | Formatting | Nobr => self.open.end_formatting(name),
            P => self.open.close_p(),
            Block | OpenBlock | Button | Marker | Description => self.open.close_named(name),
            Heading => self.open.close_kind(Heading),
            Li => self.open.close_li(),
            Form => self.end_form(),
            Table | Caption | Section | Tr | Cell => self.end_in_cell(name, kind),
            Noscript | Option | Optgroup | Ruby | RubyBase | RubyText | Svg | Other => self.open.end_other(name),
            // These are never open, or open up to the end of the document.
            _ => Ok(()),
        }
    }

    /// The form that is ended need not be the innermost element; but then the tree has a shape of its own.
    pub(super) fn end_form(&mut self) -> Result {
        if !std::mem::take(&mut self.form) || !self.open.has_in_scope(Form) {
            return Ok(());
        }
        self.open.close_implied(|_| false)?;
        if self.open.top() == Some(Form) { self.open.pop() } else { Err(NotPlain) }
    }

    /// Nothing but options; whatever else may stand in a `select` today, pages do not have it.
    fn start_in_select(&mut self, tag: &Start<'a>, kind: Kind) -> Result {
        match kind {
            Option => self.open.close_implied(|element| element.kind == Optgroup)?,
            Optgroup => self.open.close_implied(|_| false)?,
            Script => return Ok(()),
            _ => return Err(NotPlain),
        }
        self.open.push(tag.name, kind)
    }

    fn end_in_select(&mut self, name: &str, kind: Kind) -> Result {
        match kind {
            Option | Optgroup => self.open.end_other(name),
            Select => {
                self.select = false;
                self.open.close_kind(Select)
            }
            Script => Ok(()),
            _ => Err(NotPlain),
        }
    }

    /// What is in a template is in no document. Only what cannot get out of it is read here: icons, mostly.
    fn start_in_template(&mut self, tag: &Start<'a>, kind: Kind) -> Result {
        match kind {
            Link | Void | Raw | Script => return Ok(()),
            Svg if tag.self_closing => return Ok(()),
            // It might be none, but a shadow root.
            Template if tag.attributes.to_ascii_lowercase().contains("shadowroot") => return Err(NotPlain),
            Template => self.templates += 1,
            Block | OpenBlock | Svg | Other => {}
            _ => return Err(NotPlain),
        }
        self.open.push(tag.name, kind)
    }

    fn end_in_template(&mut self, name: &str, kind: Kind) -> Result {
        if !self.open.top_is(name) {
            return Err(NotPlain);
        }
        self.templates -= usize::from(kind == Template);
        self.open.pop()
    }

    /// Elements of SVG, unless they lead back to HTML. Text in a title is harmless, an element in it is one of HTML. A style has
    /// none, if it is one.
    fn start_in_svg(&mut self, tag: &Start<'a>, kind: Kind) -> Result {
        let is_any = |names: &[&str]| names.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
        let stays = match kind {
            Other => !is_any(&["span", "sub", "sup", "var", "foreignobject"]),
            Raw => is_any(&["title", "style"]),
            A | Svg => true,
            _ => false,
        };
        if !stays || ["title", "desc", "style"].iter().any(|name| self.open.top_is(name)) {
            return Err(NotPlain);
        }
        if tag.self_closing { Ok(()) } else { self.open.push(tag.name, Svg) }
    }
}
