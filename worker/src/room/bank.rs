//! Who holds how much of what there is, and who may have more of it without anyone having to wait for ever: Dijkstra's banker.
//!
//! Whoever joins says how much it will hold at most. It is given more only when what is left then lets all who hold something
//! reach their most and end, in some order.

use std::collections::{BTreeMap, BTreeSet};

/// A holder. Older ones have smaller numbers.
pub(super) type Holder = u64;

#[derive(Debug)]
struct Account {
    held: usize,
    most: usize,
}

/// What there is of something, and who holds it.
#[derive(Debug)]
pub(super) struct Bank {
    pub(super) all: usize,
    free: usize,
    accounts: BTreeMap<Holder, Account>,
    waiting: BTreeSet<Holder>,
    next: Holder,
}

impl Bank {
    pub(super) fn new(all: usize) -> Self {
        Self { all, free: all, accounts: BTreeMap::new(), waiting: BTreeSet::new(), next: 0 }
    }

    /// Who will hold `most` at most, or all there is.
    pub(super) fn join(&mut self, most: usize) -> Holder {
        let holder = self.next;
        self.next += 1;
        self.accounts.insert(holder, Account { held: 0, most: most.min(self.all) });
        holder
    }

    /// Gives back all that a holder has. It is not known from then on.
    pub(super) fn leave(&mut self, holder: Holder) {
        self.waiting.remove(&holder);
        if let Some(account) = self.accounts.remove(&holder) {
            self.free += account.held;
        }
    }

    /// Has a holder hold as much, at most what it said when it joined. False when it has to wait for that.
    pub(super) fn hold(&mut self, holder: Holder, wanted: usize) -> bool {
        let Some(Account { held, most }) = self.accounts.get(&holder) else { return false };
        let (held, wanted) = (*held, wanted.min(*most));
        if wanted <= held {
            return true;
        }
        // Who holds nothing waits behind those who wait already: else it could be their turn never.
        let overtakes = held == 0 && self.waiting.first().is_some_and(|oldest| *oldest < holder);
        if overtakes || wanted - held > self.free {
            self.waiting.insert(holder);
            return false;
        }
        self.set(holder, wanted);
        if self.all_can_end() {
            self.waiting.remove(&holder);
            return true;
        }
        self.set(holder, held);
        self.waiting.insert(holder);
        false
    }

    /// Has a holder hold no more than this.
    pub(super) fn shrink(&mut self, holder: Holder, held: usize) {
        if self.accounts.get(&holder).is_some_and(|account| account.held > held) {
            self.set(holder, held);
        }
    }

    fn set(&mut self, holder: Holder, held: usize) {
        if let Some(account) = self.accounts.get_mut(&holder) {
            self.free = self.free + account.held - held;
            account.held = held;
        }
    }

    /// Whether there is an order in which all who hold something can have their most.
    fn all_can_end(&self) -> bool {
        let holding = self.accounts.values().filter(|account| account.held > 0);
        let mut needs: Vec<_> = holding.map(|account| (account.most - account.held, account.held)).collect();
        needs.sort_unstable();
        let mut free = self.free;
        needs.into_iter().all(|(need, held)| {
            let can = need <= free;
            free += held;
            can
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn what_would_have_two_wait_for_each_other_is_refused() {
        let mut bank = Bank::new(10);
        let (a, b) = (bank.join(8), bank.join(8));
        assert!(bank.hold(a, 5));
        assert!(bank.hold(b, 2), "the other one can still have three more");
        assert!(!bank.hold(b, 3), "then neither could end");
        assert!(bank.hold(a, 8));
        bank.leave(a);
        assert!(bank.hold(b, 8));
    }

    #[test]
    fn who_wants_more_than_there_is_gets_all_there_is() {
        let mut bank = Bank::new(10);
        let a = bank.join(1000);
        assert!(bank.hold(a, 1000));
        assert_eq!(bank.free, 0);
        bank.leave(a);
        assert_eq!(bank.free, 10);
    }

    #[test]
    fn newcomers_do_not_overtake_who_waits() {
        let mut bank = Bank::new(10);
        let (a, b, c) = (bank.join(6), bank.join(6), bank.join(1));
        assert!(bank.hold(a, 6));
        assert!(!bank.hold(b, 6));
        assert!(!bank.hold(c, 1), "there is room, but b was first");
        bank.leave(a);
        assert!(bank.hold(b, 6) && bank.hold(c, 1));
    }

    #[test]
    fn who_gives_up_waiting_stands_in_nobodys_way() {
        let mut bank = Bank::new(10);
        let (a, b, c) = (bank.join(6), bank.join(6), bank.join(1));
        assert!(bank.hold(a, 6) && !bank.hold(b, 6));
        bank.leave(b);
        assert!(bank.hold(c, 1));
    }

    /// Holders that grow step by step and end when they have their most: whatever the order, all end, and never is more held
    /// than there is.
    #[test]
    fn all_end_whatever_the_order() {
        for seed in 0..2000 {
            let mut random = Random(seed);
            let all = 50 + random.below(50);
            let mut bank = Bank::new(all);
            let mut live: Vec<_> = (0..20).map(|_| (bank.join(1 + random.below(120)), 0)).collect();
            let mut refused = 0;
            while !live.is_empty() {
                let place = random.below(live.len());
                let (holder, held) = live[place];
                let most = bank.accounts[&holder].most;
                let wanted = (held + 1 + random.below(30)).min(most);
                if bank.hold(holder, wanted) {
                    (live[place].1, refused) = (wanted, 0);
                    if wanted == most {
                        bank.leave(holder);
                        live.swap_remove(place);
                    }
                } else {
                    refused += 1;
                    assert!(refused < 10_000, "seed {seed}: all wait for one another: {bank:?}");
                }
                let held: usize = bank.accounts.values().map(|account| account.held).sum();
                assert_eq!(held + bank.free, all, "seed {seed}");
            }
        }
    }

    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % bound
        }
    }
}
