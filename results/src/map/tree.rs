//! Sums by node, while all URLs are read once. Folders have nodes; of the pages only those are kept that will be shown.

use std::{cmp::Reverse, collections::HashMap};

use super::{
    More,
    address::{Step, below, prefix_of, step},
    sum::Sum,
};
use crate::{MapNode, Results, top::Top};

/// Folders that have nodes, at most: a site can make up any number of them. What is in others is counted as more.
const MOST: usize = 50_000;

/// Below the root, its children and theirs.
pub(super) struct Tree {
    prefix: String,
    limit: usize,
    /// The first one is the root.
    nodes: Vec<Node>,
}

/// A page's place among those of its folder: by its links, then by how many pages lead there.
type Place = (Reverse<u64>, Reverse<u64>, u32);

struct Node {
    name: Box<str>,
    sum: Sum,
    folders: HashMap<Box<str>, usize>,
    /// The folder that was entered last: pages found together are mostly in the same.
    recent: Option<usize>,
    /// Pages, those with most links first.
    pages: Option<Top<Place>>,
    page_count: u64,
    /// What is in folders that have no node.
    more: More,
}

impl Node {
    fn of(name: &str) -> Self {
        Self {
            name: name.into(),
            sum: Sum::default(),
            folders: HashMap::new(),
            recent: None,
            pages: None,
            page_count: 0,
            more: More::default(),
        }
    }
}

impl Tree {
    pub(super) fn new(prefix: &str, limit: usize) -> Self {
        Self { prefix: prefix_of(prefix), limit, nodes: vec![Node::of("")] }
    }

    pub(super) fn add(&mut self, url: &str, page: u32, sum: &Sum) {
        let Some(rest) = below(url, &self.prefix) else { return };
        self.nodes[0].sum.add(sum);
        let at_top = self.prefix.is_empty();
        if let Some((child, rest)) = self.descend(0, step(rest, at_top), page, sum)
            && let Some((grandchild, _)) = self.descend(child, step(rest, false), page, sum)
        {
            // What is below is part of its sum only.
            debug_assert!(grandchild < self.nodes.len());
        }
    }

    fn descend<'a>(&mut self, at: usize, step: Step<'a>, page: u32, sum: &Sum) -> Option<(usize, &'a str)> {
        let node = &mut self.nodes[at];
        match step {
            Step::Here => None,
            Step::Page(_) => {
                let place = (Reverse(sum.links), Reverse(sum.referrers), page);
                node.pages.get_or_insert_with(|| Top::of(self.limit)).push(place);
                node.page_count += 1;
                None
            }
            Step::Into(name, rest) => match self.enter(at, name) {
                Some(folder) => {
                    self.nodes[folder].sum.add(sum);
                    Some((folder, rest))
                }
                None => {
                    let more = &mut self.nodes[at].more;
                    more.nodes += 1;
                    more.pages += 1;
                    None
                }
            },
        }
    }

    fn enter(&mut self, at: usize, name: &str) -> Option<usize> {
        if let Some(recent) = self.nodes[at].recent.filter(|recent| &*self.nodes[*recent].name == name) {
            return Some(recent);
        }
        let known = self.nodes[at].folders.get(name).copied();
        if known.is_none() && self.nodes.len() > MOST {
            return None;
        }
        let folder = known.unwrap_or_else(|| {
            self.nodes.push(Node::of(name));
            self.nodes.len() - 1
        });
        let node = &mut self.nodes[at];
        if known.is_none() {
            node.folders.insert(name.into(), folder);
        }
        node.recent = Some(folder);
        Some(folder)
    }

    pub(super) fn finish(mut self, results: &Results) -> MapNode {
        let prefix = std::mem::take(&mut self.prefix);
        let at_top = prefix.is_empty();
        let name = prefix.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let mut root = self.show(0, results, &name, prefix, at_top, 2);
        if at_top || root.prefix.matches('/').count() > 3 {
            root.name += if at_top { "" } else { "/" };
        } else {
            // An origin is named without a slash, wherever it stands.
            root.prefix.pop();
            root.name.clone_from(&root.prefix);
        }
        root
    }

    fn show(
        &mut self,
        at: usize,
        results: &Results,
        name: &str,
        prefix: String,
        at_top: bool,
        levels: usize,
    ) -> MapNode {
        let mut node = self.nodes[at].sum.node(name, prefix, false);
        if levels == 0 {
            return node;
        }
        node.children = self.children(at, results, &node.prefix, at_top, levels);
        let Node { folders, page_count, more, sum, .. } = &self.nodes[at];
        let here = sum.pages - self.below(at);
        let shown: u64 = node.children.iter().map(|child| child.pages).sum();
        let nodes = folders.len() as u64 + page_count + more.nodes;
        node.more = More { nodes: nodes - node.children.len() as u64, pages: sum.pages.saturating_sub(here + shown) };
        node
    }

    /// Pages below a node, so without its own.
    fn below(&self, at: usize) -> u64 {
        let node = &self.nodes[at];
        let folders: u64 = node.folders.values().map(|folder| self.nodes[*folder].sum.pages).sum();
        folders + node.page_count + node.more.pages
    }

    fn children(&mut self, at: usize, results: &Results, prefix: &str, at_top: bool, levels: usize) -> Vec<MapNode> {
        let folders = self.nodes[at].folders.values().copied();
        let weight = |node: &Node| (Reverse(node.sum.links), Reverse(node.sum.pages));
        let mut folders: Vec<usize> = folders.collect();
        folders.sort_by(|a, b| {
            let (a, b) = (&self.nodes[*a], &self.nodes[*b]);
            weight(a).cmp(&weight(b)).then_with(|| a.name.cmp(&b.name))
        });
        folders.truncate(self.limit);
        let mut children = Vec::new();
        for folder in folders {
            let name = self.nodes[folder].name.clone();
            // Below an origin comes a slash that is part of no name.
            let inner = format!("{prefix}{name}{}", if at_top { "/" } else { "" });
            let mut child = self.show(folder, results, &name, inner, false, levels - 1);
            if at_top {
                child.prefix.pop();
            }
            children.push(child);
        }
        let mut addresses = results.frontier.addresses();
        for (.., page) in self.nodes[at].pages.take().map(Top::into_sorted).unwrap_or_default() {
            let Some(known) = results.frontier.page(page) else { continue };
            let url = addresses.get(page);
            let name = below(url, prefix).unwrap_or_default();
            children.push(Sum::of(results, &known, results.facts.get(page)).node(name, url.to_owned(), true));
        }
        children.sort_by_key(|child| (Reverse(child.links), Reverse(child.pages)));
        children.truncate(self.limit);
        children
    }
}
