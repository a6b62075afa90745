//! The line as tables, and the shell without a clock.
#![allow(clippy::unwrap_used)]

use super::line::Wait;
use super::*;

fn rank(name: &str, namespace: &str, created: i64) -> Rank {
    Rank { fresh: true, created, name: name.to_owned(), namespace: namespace.to_owned() }
}

fn quota(limit: usize) -> Option<Quota> {
    Some(Quota { limit, policy: "teams".to_owned() })
}

/// A line whose crawls are known by their names.
struct Scene {
    line: Line,
    names: HashMap<Ticket, String>,
}

impl Scene {
    fn new(limit: usize) -> Self {
        Self { line: Line::new(limit), names: HashMap::new() }
    }

    fn enrol(&mut self, rank: Rank) {
        let name = rank.name.clone();
        let ticket = self.line.enrol(rank);
        self.names.insert(ticket, name);
    }

    fn leave(&mut self, name: &str) {
        let ticket = *self.names.iter().find(|(_, known)| *known == name).unwrap().0;
        self.line.leave(ticket);
    }

    fn granted(&mut self) -> Vec<String> {
        self.line.grant().into_iter().map(|ticket| self.names[&ticket].clone()).collect()
    }

    /// Who waits for what, N for the namespace's quota and O for the operator's limit, and in which place.
    fn waits(&self) -> Vec<String> {
        let told = self.line.waits().into_iter().map(|(ticket, wait)| match wait {
            Wait::Namespace { running, place, .. } => format!("{} N{running} {place}", self.names[&ticket]),
            Wait::Operator { running, place } => format!("{} O{running} {place}", self.names[&ticket]),
        });
        told.collect()
    }
}

#[test]
fn the_line_is_by_rank_and_not_by_arrival() {
    let mut scene = Scene::new(10);
    scene.enrol(rank("young", "a", 300));
    scene.enrol(rank("b", "a", 100));
    scene.enrol(rank("a", "a", 100));
    scene.enrol(Rank { fresh: false, ..rank("started", "a", 900) });
    assert_eq!(scene.granted(), Vec::<String>::new(), "not before all have enrolled");
    assert_eq!(scene.waits(), Vec::<String>::new());
    scene.line.open();
    assert_eq!(scene.granted(), ["started", "a", "b", "young"]);
}

#[test]
fn the_limit_for_all_holds() {
    let mut scene = Scene::new(2);
    scene.line.open();
    for (name, created) in [("first", 1), ("second", 2), ("third", 3), ("fourth", 4)] {
        scene.enrol(rank(name, "a", created));
    }
    assert_eq!(scene.granted(), ["first", "second"]);
    assert_eq!(scene.waits(), ["third O2 1", "fourth O2 2"]);
    scene.leave("third");
    assert_eq!((scene.granted().len(), scene.waits()), (0, vec!["fourth O2 1".to_owned()]));
    scene.leave("first");
    assert_eq!(scene.granted(), ["fourth"]);
}

#[test]
fn a_quota_holds_up_its_own_namespace_only() {
    let mut scene = Scene::new(3);
    scene.line.open();
    assert!(scene.line.set_quota("a", quota(1)));
    for (name, namespace) in [("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b"), ("b2", "b"), ("b3", "b")] {
        scene.enrol(rank(name, namespace, 1));
    }
    assert_eq!(scene.granted(), ["a1", "b1", "b2"]);
    assert_eq!(scene.waits(), ["a2 N1 1", "a3 N1 2", "b3 O3 1"], "b3 is not behind a2 and a3");
}

#[test]
fn a_quota_changes_live() {
    let mut scene = Scene::new(10);
    scene.line.open();
    scene.line.set_quota("a", quota(1));
    for name in ["a1", "a2", "a3"] {
        scene.enrol(rank(name, "a", 1));
    }
    assert_eq!(scene.granted(), ["a1"]);
    assert!(!scene.line.set_quota("a", quota(1)), "no news");
    assert!(scene.line.set_quota("a", quota(2)));
    assert_eq!(scene.granted(), ["a2"]);
    scene.line.set_quota("a", quota(1));
    assert_eq!((scene.granted().len(), scene.waits()), (0, vec!["a3 N2 1".to_owned()]), "nobody is sent away");
    scene.leave("a1");
    assert_eq!(scene.granted().len(), 0, "one still runs, and one may");
    assert!(scene.line.set_quota("a", None));
    assert_eq!(scene.granted(), ["a3"]);
}

#[test]
fn a_quota_of_none_lets_none_start() {
    let mut scene = Scene::new(10);
    scene.line.open();
    scene.line.set_quota("a", quota(0));
    scene.enrol(rank("a1", "a", 1));
    assert_eq!((scene.granted().len(), scene.waits()), (0, vec!["a1 N0 1".to_owned()]));
}

#[test]
fn seats_are_passed_on_when_they_are_dropped() {
    let slots = Slots::new(1);
    let mut late = slots.enrol(rank("late", "a", 2));
    let mut early = slots.enrol(rank("early", "a", 1));
    assert_eq!((early.turn(), late.turn()), (Turn::Unknown, Turn::Unknown));
    slots.open();
    assert_eq!(early.turn(), Turn::Granted);
    assert_eq!(late.turn(), Turn::Waits(Wait::Operator { running: 1, place: 1 }));
    drop(early);
    assert_eq!(late.turn(), Turn::Granted);
    slots.set_quota("a", quota(0));
    assert_eq!(late.turn(), Turn::Granted, "whoever runs goes on");
    drop(late);
    assert!(matches!(slots.enrol(rank("next", "a", 3)).turn(), Turn::Waits(Wait::Namespace { .. })));
    assert!(lock(&slots.0).turns.is_empty(), "who has left is forgotten");
}

#[tokio::test]
async fn only_news_wake() {
    let slots = Slots::new(1);
    slots.open();
    let first = slots.enrol(rank("first", "a", 1));
    let mut second = slots.enrol(rank("second", "a", 2));
    assert!(matches!(second.turn(), Turn::Waits(_)));
    let third = slots.enrol(rank("third", "b", 3));
    slots.set_quota("c", quota(1));
    drop(third);
    assert!(futures::FutureExt::now_or_never(second.changed()).is_none(), "nothing has changed for the second");
    drop(first);
    second.changed().await;
    assert_eq!(second.turn(), Turn::Granted);
}
