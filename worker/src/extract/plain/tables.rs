//! Tags among and in the parts of a table.

use super::names::Kind::{self, *};
use super::nesting::{Nesting, NotPlain, Result};
use super::tags::{Start, attributes};

impl<'a> Nesting<'a> {
    /// A start tag where only parts of a table may stand. What else stands there goes before the table.
    pub(super) fn start_in_table(&mut self, tag: &Start<'a>, kind: Kind) -> Result {
        if self.open.top() == Some(Colgroup) && kind != Col {
            self.open.pop()?;
        }
        match (kind, self.open.top()) {
            (Script, _) => Ok(()),
            (Raw, _) if tag.name.eq_ignore_ascii_case("style") => Ok(()),
            (Input, _) if is_hidden(tag) => Ok(()),
            (Form, _) if self.form => Ok(()),
            (Form, _) if !self.open.any(Form) => {
                self.form = true;
                Ok(())
            }
            (Col, Some(Colgroup)) => Ok(()),
            (Col, _) => {
                self.open.keep_of_table(1);
                self.open.push("colgroup", Colgroup)
            }
            (Caption | Colgroup | Section, _) => {
                self.open.keep_of_table(1);
                self.open.push(tag.name, kind)
            }
            (Tr | Cell, Some(Table)) => {
                self.open.push("tbody", Section)?;
                self.start_in_table(tag, kind)
            }
            (Cell, Some(Section)) => {
                self.open.push("tr", Tr)?;
                self.open.push(tag.name, Cell)
            }
            (Tr, Some(Tr)) => {
                self.open.pop()?;
                self.open.push(tag.name, Tr)
            }
            (Tr | Cell, _) => self.open.push(tag.name, kind),
            _ => Err(NotPlain),
        }
    }

    /// An end tag where only parts of a table may stand.
    pub(super) fn end_in_table(&mut self, name: &str, kind: Kind) -> Result {
        match (kind, self.open.top()) {
            (Col, _) => return Ok(()),
            (Colgroup, Some(Colgroup)) => return self.open.pop(),
            (_, Some(Colgroup)) => self.open.pop()?,
            _ => {}
        }
        match kind {
            Table => self.open.keep_of_table(0),
            Section if self.section_is(name) => self.open.keep_of_table(1),
            Tr if self.open.top() == Some(Tr) => self.open.pop()?,
            Form => self.end_form()?,
            // These make elements before the table, or might.
            P | Link | Void | A | Formatting | Nobr => return Err(NotPlain),
            _ => {}
        }
        Ok(())
    }

    /// The start tag of another part of the table ends a cell or a caption; outside of tables it has no meaning.
    pub(super) fn end_cell_by_start(&mut self, tag: &Start<'a>, kind: Kind) -> Result {
        let Some(place) = self.open.table_part() else { return Ok(()) };
        self.open.close_cell(place)?;
        self.start_in_table(tag, kind)
    }

    /// The end tag of a part of a table, in a cell or a caption, or outside of tables.
    pub(super) fn end_in_cell(&mut self, name: &str, kind: Kind) -> Result {
        let Some(place) = self.open.table_part() else { return Ok(()) };
        let cell = self.open.get(place);
        let ends_it_alone = cell.kind == kind && cell.name.eq_ignore_ascii_case(name);
        let ends_more = match kind {
            Table => true,
            Section => cell.kind == Cell && self.section_is(name),
            Tr => cell.kind == Cell,
            _ => false,
        };
        if ends_it_alone || ends_more {
            self.open.close_cell(place)?;
        }
        if ends_more { self.end_in_table(name, kind) } else { Ok(()) }
    }

    /// Whether the open section of the innermost table has this name.
    fn section_is(&self, name: &str) -> bool {
        self.open.table().get(1).is_some_and(|section| section.name.eq_ignore_ascii_case(name))
    }
}

/// Whether an `input` is hidden, and so allowed in a table.
fn is_hidden(tag: &Start<'_>) -> bool {
    let mut first = None;
    attributes(tag.attributes, |name, value| {
        if name.eq_ignore_ascii_case("type") {
            first = first.or(Some(value));
        }
    });
    first.is_some_and(|value| value.eq_ignore_ascii_case("hidden"))
}
