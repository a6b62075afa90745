//! Which of the open elements are headings, and what text is in them.

use super::nesting::Nesting;
use super::references::{self, In};
use super::stack::Stack;
use crate::extract::found::Outline;

/// The open headings, the outermost first: where each is among the open elements, and the name in its tag, by which to know it.
#[derive(Debug, Default)]
pub(super) struct Headings<'a>(Vec<(usize, &'a str)>);

impl<'a> Headings<'a> {
    pub(super) fn are_open(&self) -> bool {
        !self.0.is_empty()
    }

    /// A heading was opened by a tag with this name.
    pub(super) fn opened(&mut self, name: &'a str, open: &Stack<'a>, outline: &mut Outline) {
        let place = open.len().saturating_sub(1);
        if open.is_same(place, name) {
            self.0.push((place, name));
            outline.open(name.as_bytes()[1] - b'0');
        }
    }

    /// Ends those that a tag ended.
    pub(super) fn after_tag(&mut self, open: &Stack<'a>, outline: &mut Outline) {
        while self.0.last().is_some_and(|(place, name)| !open.is_same(*place, name)) {
            self.0.pop();
            outline.close();
        }
    }

    pub(super) fn text(&self, text: &str, nesting: &Nesting<'a>, outline: &mut Outline) {
        let is_style = nesting.is_foreign() && nesting.open.top_is("style");
        if !self.are_open() || !outline.takes_text() || nesting.is_in_template() || is_style {
            return;
        }
        references::each(text, In::Text, |part| {
            outline.text(part);
            outline.takes_text()
        });
    }
}
