//! In the order of a number.

use super::Selected;
use crate::{Cursor, Query, Results, filter::Filter, finder::Finder, top::Top};

impl Results {
    pub(super) fn select_by_key(
        &self,
        query: &Query,
        cursor: Option<&Cursor>,
        limit: usize,
        filter: &Filter<'_>,
        mut finder: Option<&mut Finder<'_>>,
    ) -> Selected {
        let behind = cursor.map(|cursor| (cursor.key, cursor.page));
        let (mut top, mut matched) = (Top::of(limit), 0);
        for ((ix, page), fact) in self.frontier.pages_from(0).zip(self.facts.iter_from(0)) {
            if !filter.admits(&page, fact) {
                continue;
            }
            matched += 1;
            let place = (self.key(query, &page, fact), ix);
            if behind.is_some_and(|behind| place <= behind) {
                continue;
            }
            if top.last().is_some_and(|last| *last <= place) {
                top.more = true;
            } else if finder.as_mut().is_none_or(|finder| finder.finds(ix)) {
                top.push(place);
            }
        }
        let (more, places) = (top.more, top.into_sorted());
        Selected {
            next: places.last().filter(|_| more).map(|(key, page)| Cursor::new(query, *key, *page)),
            pages: places.into_iter().map(|(_, page)| page).collect(),
            matched: finder.is_none().then_some(matched),
            scanned: self.frontier.known().into(),
        }
    }
}
