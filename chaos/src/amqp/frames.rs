//! What goes by on an AMQP connection, as far as faults are aimed at it. Frames are passed on as they came.

/// A frame's header and its end.
const FRAME_OVERHEAD: usize = 8;
const PROTOCOL_HEADER: usize = 8;
const METHOD: u8 = 1;
const CONTENT_HEADER: u8 = 2;

/// What a fault can be aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// The client writes a message: a task, a record.
    Publish,
    /// The broker confirms messages.
    Confirm,
    /// The client acks a delivery.
    Ack,
    /// The broker hands out a message.
    Deliver,
    /// The client declares a queue.
    Declare,
    /// The client deletes a queue.
    Delete,
    /// The client empties a queue.
    Purge,
    /// The client begins to consume.
    Consume,
}

impl Step {
    /// Those of a connection, whichever side they come from.
    pub(crate) const ALL: [Self; 8] = [
        Self::Publish,
        Self::Confirm,
        Self::Ack,
        Self::Deliver,
        Self::Declare,
        Self::Delete,
        Self::Purge,
        Self::Consume,
    ];

    /// What a method means that this side sent.
    fn of(class: u16, method: u16, from_client: bool) -> Option<Self> {
        Some(match (class, method, from_client) {
            (60, 40, true) => Self::Publish,
            (60, 80, true) => Self::Ack,
            (60, 80, false) => Self::Confirm,
            (60, 60, false) => Self::Deliver,
            (50, 10, true) => Self::Declare,
            (50, 40, true) => Self::Delete,
            (50, 30, true) => Self::Purge,
            (60, 20, true) => Self::Consume,
            _ => return None,
        })
    }

    /// Whether a message follows the method.
    fn has_content(self) -> bool {
        matches!(self, Self::Publish | Self::Deliver)
    }
}

/// Cuts a stream of bytes into what can be passed on.
#[derive(Debug)]
pub(crate) struct Cutter {
    from_client: bool,
    begun: bool,
    buffer: Vec<u8>,
    /// A message that goes by, and how much of its body is still to come; unknown before its header.
    under_way: Option<(Step, Option<u64>)>,
}

/// A frame, or the bytes a connection begins with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    /// The step that begins with it.
    pub(crate) begins: Option<Step>,
    /// The step that is complete with it.
    pub(crate) ends: Option<Step>,
}

impl Cutter {
    /// For one direction of a connection.
    pub(crate) fn new(from_client: bool) -> Self {
        // Only the client begins with the protocol's name.
        Self { from_client, begun: !from_client, buffer: Vec::new(), under_way: None }
    }

    /// Takes what was read.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next piece that is complete.
    pub(crate) fn next_piece(&mut self) -> Option<Piece> {
        let length = self.next_length()?;
        let bytes: Vec<u8> = self.buffer.drain(..length).collect();
        if !self.begun {
            self.begun = true;
            return Some(Piece { bytes, begins: None, ends: None });
        }
        let (begins, ends) = self.meaning(&bytes);
        Some(Piece { bytes, begins, ends })
    }

    fn next_length(&self) -> Option<usize> {
        let length = if self.begun {
            let size = self.buffer.get(3..7)?.try_into().map(u32::from_be_bytes).ok()?;
            usize::try_from(size).ok()? + FRAME_OVERHEAD
        } else {
            PROTOCOL_HEADER
        };
        (self.buffer.len() >= length).then_some(length)
    }

    /// Which step begins and which ends with a frame. Channels are not told apart: ours write a message whole.
    fn meaning(&mut self, frame: &[u8]) -> (Option<Step>, Option<Step>) {
        let Some((&kind, payload)) =
            frame.split_first().zip(frame.get(7..)).map(|((kind, _), payload)| (kind, payload))
        else {
            return (None, None);
        };
        let number = |at: usize| payload.get(at..at + 2).map_or(0, |two| u16::from_be_bytes([two[0], two[1]]));
        if kind == METHOD {
            let step = Step::of(number(0), number(2), self.from_client);
            self.under_way = step.filter(|step| step.has_content()).map(|step| (step, None));
            return (step, step.filter(|step| !step.has_content()));
        }
        let Some((step, left)) = self.under_way.as_mut() else { return (None, None) };
        let body = payload.len().saturating_sub(1);
        *left = match (kind, *left) {
            (CONTENT_HEADER, _) => payload.get(4..12).and_then(|size| size.try_into().ok()).map(u64::from_be_bytes),
            (_, left) => left.map(|left| left.saturating_sub(u64::try_from(body).unwrap_or(u64::MAX))),
        };
        let ended = (*left == Some(0)).then_some(*step);
        if ended.is_some() {
            self.under_way = None;
        }
        (None, ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
        let size = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
        [&[kind, 0, 1][..], &size, payload, &[0xce]].concat()
    }

    fn method(class: u16, method: u16) -> Vec<u8> {
        frame(METHOD, &[class.to_be_bytes(), method.to_be_bytes()].concat())
    }

    fn header(size: u64) -> Vec<u8> {
        frame(CONTENT_HEADER, &[&[0, 60, 0, 0][..], &size.to_be_bytes(), &[0, 0]].concat())
    }

    /// Fed byte by byte: what begins and ends with each piece.
    fn steps(cutter: &mut Cutter, bytes: &[u8]) -> Vec<(Option<Step>, Option<Step>)> {
        let mut found = Vec::new();
        for byte in bytes {
            cutter.feed(&[*byte]);
            found.extend(std::iter::from_fn(|| cutter.next_piece()).map(|piece| (piece.begins, piece.ends)));
        }
        found
    }

    #[test]
    fn a_message_begins_with_its_method_and_ends_with_its_body() {
        let bytes = [
            b"AMQP\0\0\x09\x01".to_vec(),
            method(60, 40),
            header(5),
            frame(3, b"ab"),
            frame(3, b"cde"),
            method(60, 80),
        ];
        let publish = Some(Step::Publish);
        assert_eq!(
            steps(&mut Cutter::new(true), &bytes.concat()),
            [
                (None, None),
                (publish, None),
                (None, None),
                (None, None),
                (None, publish),
                (Some(Step::Ack), Some(Step::Ack))
            ]
        );
    }

    #[test]
    fn an_empty_message_ends_with_its_header_and_an_ack_of_the_broker_is_a_confirm() {
        let bytes = [method(60, 60), header(0), method(60, 80), frame(8, b"")].concat();
        assert_eq!(
            steps(&mut Cutter::new(false), &bytes),
            [
                (Some(Step::Deliver), None),
                (None, Some(Step::Deliver)),
                (Some(Step::Confirm), Some(Step::Confirm)),
                (None, None)
            ]
        );
    }
}
