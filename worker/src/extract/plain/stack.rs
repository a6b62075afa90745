//! The stack of open elements, and the ways in which the HTML standard takes elements off it. None of them may take off a
//! formatting element with something else: it would go on behind, as a copy.

use super::names::Kind::{self, *};
use super::nesting::{NotPlain, Result};

/// Deeper documents are left to the full tree, which has a limit. Its depth may be twice ours, by elements that are implied.
const MAX_DEPTH: usize = 200;

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Kind,
}

/// The open elements, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Stack<'a>(Vec<Open<'a>>);

impl<'a> Stack<'a> {
    pub(super) fn push(&mut self, name: &'a str, kind: Kind) -> Result {
        if self.0.len() >= MAX_DEPTH {
            return Err(NotPlain);
        }
        self.0.push(Open { name, kind });
        Ok(())
    }

    /// Closes the innermost element.
    #[allow(clippy::unnecessary_wraps)] // as all that close elements
    pub(super) fn pop(&mut self) -> Result {
        self.0.pop();
        Ok(())
    }

    pub(super) fn top(&self) -> std::option::Option<Kind> {
        self.0.last().map(|element| element.kind)
    }

    pub(super) fn top_is(&self, name: &str) -> bool {
        self.0.last().is_some_and(|element| element.name.eq_ignore_ascii_case(name))
    }

    /// The number of open elements.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the element at a place is the one that was opened by this very tag.
    pub(super) fn is_same(&self, place: usize, name: &'a str) -> bool {
        self.0.get(place).is_some_and(|element| std::ptr::eq(element.name, name))
    }

    pub(super) fn any(&self, kind: Kind) -> bool {
        self.0.iter().any(|element| element.kind == kind)
    }

    pub(super) fn has_in_scope(&self, kind: Kind) -> bool {
        self.find(|element| element.kind == kind, |element| element.kind.is_scope()).is_some()
    }

    /// Whether a paragraph is open that a block would close.
    pub(super) fn has_p(&self) -> bool {
        self.p().is_some()
    }

    /// Closes the paragraph that a block would close, if there is one.
    pub(super) fn close_p(&mut self) -> Result {
        self.close(self.p())
    }

    pub(super) fn close_kind(&mut self, kind: Kind) -> Result {
        self.close(self.find(|element| element.kind == kind, |element| element.kind.is_scope()))
    }

    pub(super) fn close_named(&mut self, name: &str) -> Result {
        self.close(self.find(|element| element.name.eq_ignore_ascii_case(name), |element| element.kind.is_scope()))
    }

    pub(super) fn close_li(&mut self) -> Result {
        let is_list = |element: &Open<'_>| ["ol", "ul"].iter().any(|list| element.name.eq_ignore_ascii_case(list));
        self.close(self.find(|element| element.kind == Li, |element| element.kind.is_scope() || is_list(element)))
    }

    /// Closes the item that the next one of its list closes.
    pub(super) fn close_item(&mut self, kind: Kind) -> Result {
        let is_transparent = |element: &Open<'_>| {
            element.kind == P || ["address", "div"].iter().any(|name| element.name.eq_ignore_ascii_case(name))
        };
        let ends = |element: &Open<'_>| element.kind.is_special() && !is_transparent(element);
        self.close(self.find(|element| element.kind == kind, ends))
    }

    /// Closes innermost elements whose end tags may be left out, up to one that stays.
    #[allow(clippy::unnecessary_wraps)] // as all that close elements
    pub(super) fn close_implied(&mut self, stays: impl Fn(&Open<'_>) -> bool) -> Result {
        while self.0.last().is_some_and(|element| element.kind.is_implied() && !stays(element)) {
            self.0.pop();
        }
        Ok(())
    }

    /// An end tag without rules of its own closes the innermost element of its name, unless a special one is in between.
    pub(super) fn end_other(&mut self, name: &str) -> Result {
        self.close(self.find(|element| element.name.eq_ignore_ascii_case(name), |element| element.kind.is_special()))
    }

    /// Ends a formatting element. When special elements are open in it, they go on outside of it, with copies of it inside.
    pub(super) fn end_formatting(&mut self, name: &str) -> Result {
        let Some(place) =
            self.find(|element| element.name.eq_ignore_ascii_case(name), |element| element.kind.is_marker())
        else {
            return Ok(());
        };
        if self.0[place..].iter().any(|element| element.kind.is_special()) {
            return Err(NotPlain);
        }
        self.close(Some(place))
    }

    /// The place of the innermost part of a table.
    pub(super) fn table_part(&self) -> std::option::Option<usize> {
        self.0.iter().rposition(|element| element.kind.is_table_structure() || matches!(element.kind, Cell | Caption))
    }

    /// The parts of the innermost table, from the outermost.
    pub(super) fn table(&self) -> &[Open<'a>] {
        let from = self.0.iter().rposition(|element| element.kind == Table).unwrap_or(self.0.len());
        &self.0[from..]
    }

    pub(super) fn get(&self, place: usize) -> Open<'a> {
        self.0[place]
    }

    /// Closes all parts of the innermost table but the first `kept`, which are not cells.
    pub(super) fn keep_of_table(&mut self, kept: usize) {
        let from = self.0.len() - self.table().len();
        self.0.truncate(from + kept);
    }

    /// Closes a cell or a caption. Formatting in it ends with it.
    pub(super) fn close_cell(&mut self, place: usize) -> Result {
        if self.0[place + 1..].iter().any(|element| element.kind == Marker) {
            return Err(NotPlain);
        }
        self.0.truncate(place);
        Ok(())
    }

    fn p(&self) -> std::option::Option<usize> {
        self.find(|element| element.kind == P, |element| element.kind.is_scope() || element.kind == Button)
    }

    /// The innermost element that is `wanted`, unless one that `ends` the search is in between.
    fn find(&self, wanted: impl Fn(&Open<'_>) -> bool, ends: impl Fn(&Open<'_>) -> bool) -> std::option::Option<usize> {
        let place = self.0.iter().rposition(|element| wanted(element) || ends(element))?;
        wanted(&self.0[place]).then_some(place)
    }

    fn close(&mut self, place: std::option::Option<usize>) -> Result {
        let Some(place) = place else { return Ok(()) };
        if self.0[place + 1..].iter().any(|element| element.kind.is_formatting() || element.kind == Marker) {
            return Err(NotPlain);
        }
        self.0.truncate(place);
        Ok(())
    }
}
