//! How much memory the tables of a crawl take: counted, since nobody can ask the allocator for one crawl's share.

use std::collections::{HashMap, HashSet};

/// Bytes of a table, without what its entries point to.
pub(crate) fn map<K, V, S>(map: &HashMap<K, V, S>) -> usize {
    table(map.capacity(), size_of::<(K, V)>())
}

/// As `map`, of a set.
pub(crate) fn set<K, S>(set: &HashSet<K, S>) -> usize {
    table(set.capacity(), size_of::<K>())
}

/// Bytes of a list, without what its items point to.
pub(crate) fn list<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}

/// The standard library's tables fill seven eighths of their buckets, which are a power of two, and have a byte beside each.
fn table(capacity: usize, entry: usize) -> usize {
    if capacity == 0 { 0 } else { (capacity * 8 / 7).next_power_of_two() * (entry + 1) + 16 }
}
