//! From bytes to numbered lines, as Google's parser cuts them: LF, CR and CRLF end a line, a byte order mark is passed
//! over.

/// Bytes of a robots.txt that are read; a line that begins before the limit is read to its end. Twice what RFC 9309 §2.5
/// asks for at least.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Bytes of one line that are read, the rest of it is passed over: Google's limit, eight of the longest URLs.
pub const MAX_LINE_BYTES: usize = 2083 * 8 - 1;

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The lines of a body, numbered from 1, without their ends.
pub(crate) fn lines(body: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    // Half a mark is a mark that somebody's editor has damaged.
    let mark = body.iter().zip(BYTE_ORDER_MARK).take_while(|(byte, mark)| *byte == mark).count();
    let body = &body[mark..];
    let mut begin = 0;
    let pieces = std::iter::from_fn(move || {
        if begin > body.len() || begin >= MAX_BYTES {
            return None;
        }
        let rest = &body[begin..];
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        begin += length + if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
        Some(&rest[..length.min(MAX_LINE_BYTES)])
    });
    (1..).zip(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(body: &[u8]) -> Vec<(u32, &[u8])> {
        lines(body).collect()
    }

    #[test]
    fn every_kind_of_end_counts_once() {
        for body in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc", "a\r\nb\n\r\nc", "a\rb\n\nc"] {
            let expected: [(u32, &[u8]); 4] = [(1, b"a"), (2, b"b"), (3, b""), (4, b"c")];
            assert_eq!(cut(body.as_bytes()), expected, "{body:?}");
        }
        assert_eq!(cut(b"a\n"), [(1, &b"a"[..]), (2, b"")]);
        assert_eq!(cut(b""), [(1, &b""[..])]);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_even_half() {
        for (body, first) in [
            (&b"\xEF\xBB\xBFa"[..], &b"a"[..]),
            (b"\xEF\xBBa", b"a"),
            (b"\xEFa", b"a"),
            (b"\xEF", b""),
            (b"\xEF\x11\xBFa", b"\x11\xBFa"),
            (b"\xBFa", b"\xBFa"),
            (b"\xEF\xBB\xBF\xEF\xBB\xBFa", b"\xEF\xBB\xBFa"),
        ] {
            assert_eq!(cut(body), [(1, first)], "{body:?}");
        }
    }

    #[test]
    fn long_lines_and_long_bodies_are_cut() {
        let long = [vec![b'a'; 3 * MAX_LINE_BYTES], b"\nb".to_vec()].concat();
        let lengths: Vec<usize> = lines(&long).map(|(_, line)| line.len()).collect();
        assert_eq!(lengths, [MAX_LINE_BYTES, 1]);

        let straddling = [vec![b'\n'; MAX_BYTES - 1], b"whole\nnot read".to_vec()].concat();
        assert_eq!(lines(&straddling).last(), Some((1024 * 1024, &b"whole"[..])));
    }
}
