//! Which pages lead to which: for each concluded page the known pages that it leads to, in the order of the log.
//!
//! A list is written as the differences between its sorted members, in seven bits a byte, so most members take one or two.
//! Nobody looks a list up: whoever asks who leads to a page reads all of them, which takes some milliseconds a million.

/// Bytes of one piece: large enough for the longest list, of 10,000 links.
const PIECE: usize = 1 << 16;
/// No number takes more.
const LONGEST: usize = 5;

/// All lists.
#[derive(Debug, Default)]
pub(crate) struct Adjacency {
    pieces: Vec<Piece>,
    lists: u64,
}

#[derive(Debug)]
struct Piece {
    /// Number of its first list.
    first: u64,
    bytes: Vec<u8>,
}

impl Adjacency {
    /// Adds where a page leads. `targets` are sorted, each once.
    pub(crate) fn push(&mut self, page: u32, targets: &[u32]) {
        if targets.is_empty() {
            return;
        }
        let most = (targets.len() + 2) * LONGEST;
        if self.pieces.last().is_none_or(|piece| piece.bytes.len() + most > PIECE.max(piece.bytes.capacity())) {
            // A small crawl has one piece, and that grows as it needs.
            let room = if self.pieces.is_empty() { most } else { PIECE.max(most) };
            self.pieces.push(Piece { first: self.lists, bytes: Vec::with_capacity(room) });
        }
        let Some(piece) = self.pieces.last_mut() else { return };
        write(&mut piece.bytes, page);
        write(&mut piece.bytes, u32::try_from(targets.len()).unwrap_or(u32::MAX));
        let mut before = 0;
        for target in targets {
            write(&mut piece.bytes, target - before);
            before = *target;
        }
        self.lists += 1;
    }

    /// Reads the lists from one on, in their order: `each` is given the number of a list, its page and a member, and says whether
    /// to go on.
    pub(crate) fn read(&self, from: u64, mut each: impl FnMut(u64, u32, u32) -> bool) {
        let begin = self.pieces.partition_point(|piece| piece.first <= from).saturating_sub(1);
        for piece in &self.pieces[begin.min(self.pieces.len())..] {
            let (bytes, mut number, mut at) = (piece.bytes.as_slice(), piece.first, 0);
            while at < bytes.len() {
                let (page, members) = (read(bytes, &mut at), read(bytes, &mut at));
                let mut member = 0;
                for _ in 0..members {
                    member += read(bytes, &mut at);
                    if number >= from && !each(number, page, member) {
                        return;
                    }
                }
                number += 1;
            }
        }
    }

    pub(crate) fn weight(&self) -> usize {
        let pieces: usize = self.pieces.iter().map(|piece| piece.bytes.capacity()).sum();
        pieces + self.pieces.capacity() * size_of::<Piece>()
    }
}

fn write(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// What `write` wrote; 0 at the end. How many bytes a number takes cannot be guessed, so all are looked at at once: with a
/// branch for each, reading takes three times as long.
fn read(bytes: &[u8], at: &mut usize) -> u32 {
    const LAST: u64 = 0x8080_8080_8080_8080;
    let word = match bytes.get(*at..*at + 8) {
        Some(word) => word.try_into().map_or(0, u64::from_le_bytes),
        None => bytes.get(*at..).unwrap_or_default().iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let bits = (!word & LAST).trailing_zeros() + 1;
    *at += (bits / 8) as usize;
    let word = word & u64::MAX >> (64 - bits);
    let parts =
        word & 0x7f | word >> 1 & 0x7f << 7 | word >> 2 & 0x7f << 14 | word >> 3 & 0x7f << 21 | word >> 4 & 0x7f << 28;
    parts as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut adjacency = Adjacency::default();
        let mut expected = Vec::new();
        let mut number = 0;
        for page in 0..3000_u32 {
            let targets: Vec<u32> = (0..page % 50).map(|n| n * n * page + (n << (page % 20))).collect();
            let mut targets = if page == 77 { (0..10_000).map(|n| n * 400_000).collect() } else { targets };
            targets.sort_unstable();
            targets.dedup();
            adjacency.push(page, &targets);
            expected.extend(targets.iter().map(|target| (number, page, *target)));
            number += u64::from(!targets.is_empty());
        }
        adjacency.push(u32::MAX, &[0, u32::MAX]);
        expected.extend([(number, u32::MAX, 0), (number, u32::MAX, u32::MAX)]);
        for from in [0, 1, 500, number, number + 1] {
            let mut found = Vec::new();
            adjacency.read(from, |number, page, target| {
                found.push((number, page, target));
                true
            });
            let rest: Vec<_> = expected.iter().copied().filter(|one| one.0 >= from).collect();
            assert!(found == rest, "from {from}: {} and not {}", found.len(), rest.len());
        }
        Adjacency::default().read(0, |_, _, _| false);
    }
}
