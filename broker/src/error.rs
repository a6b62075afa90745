//! What can go wrong with a broker operation, sorted by what the caller can do about it.

use lapin::ErrorKind;

/// An operation on the broker failed. Whatever the variant, the channel it ran on is gone.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// No answer within the limit.
    #[error("{operation}: no answer from the broker in time")]
    Timeout {
        /// What was being done.
        operation: &'static str,
    },
    /// The object does not exist (404).
    #[error("{operation}: it does not exist")]
    NotFound {
        /// What was being done.
        operation: &'static str,
        /// The broker's words.
        #[source]
        source: lapin::Error,
    },
    /// The object exists, but the node that holds it is down. Never re-create on this one.
    #[error("{operation}: it is there, but the node that holds it is not available")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// The broker's words.
        #[source]
        source: lapin::Error,
    },
    /// The object exists with other arguments (406).
    #[error(
        "{operation}: it exists with other arguments; delete it, or give this installation a virtual host of its own"
    )]
    Mismatch {
        /// What was being done.
        operation: &'static str,
        /// The broker's words.
        #[source]
        source: lapin::Error,
    },
    /// The user may not do this (403).
    #[error("{operation}: the broker's user has no permission for it")]
    Denied {
        /// What was being done.
        operation: &'static str,
        /// The broker's words.
        #[source]
        source: lapin::Error,
    },
    /// The broker ended a consumer, as it does when the queue is deleted or moves.
    #[error("the broker ended the consumer of {queue}")]
    Ended {
        /// The queue or stream.
        queue: String,
    },
    /// A name that AMQP cannot carry.
    #[error("{name:.40}: longer than the 255 bytes that AMQP allows for a name")]
    NameTooLong {
        /// The name.
        name: String,
    },
    /// A message in a log without its offset: the broker object is no stream.
    #[error("{queue} is not a stream: its messages carry no offset")]
    NotAStream {
        /// The queue.
        queue: String,
    },
    /// Some messages were not stored where all had to be.
    #[error("{operation}: the broker refused a message")]
    Refused {
        /// What was being done.
        operation: &'static str,
        /// Why.
        #[source]
        source: crate::Refused,
    },
    /// Anything else: the connection or the channel is gone.
    #[error("{operation}: the broker connection failed")]
    Amqp {
        /// What was being done.
        operation: &'static str,
        /// What lapin says.
        #[source]
        source: lapin::Error,
    },
}

impl BrokerError {
    /// Sorts lapin's error by what can be done about it.
    pub(crate) fn from_amqp(operation: &'static str, source: lapin::Error) -> Self {
        let ErrorKind::ProtocolError(error) = source.kind() else {
            return Self::Amqp { operation, source };
        };
        let (code, text) = (error.get_id(), error.get_message().as_str());
        match code {
            403 => Self::Denied { operation, source },
            404 if home_is_down(text) => Self::Unavailable { operation, source },
            404 => Self::NotFound { operation, source },
            406 if text.contains("inequivalent arg") => Self::Mismatch { operation, source },
            _ if home_is_down(text) => Self::Unavailable { operation, source },
            _ => Self::Amqp { operation, source },
        }
    }
}

/// After a restart a stream answers 404 for a while although it exists; only the words tell it from one that is gone.
fn home_is_down(text: &str) -> bool {
    ["home node", "down or inaccessible", "running replica"].iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use lapin::protocol::AMQPError;

    use super::*;

    fn sorted(code: u16, text: &str) -> BrokerError {
        let error = AMQPError::from_id(code, text.into()).unwrap_or_else(|| unreachable!());
        BrokerError::from_amqp("reading", ErrorKind::ProtocolError(error).into())
    }

    #[test]
    fn a_stream_whose_node_is_down_is_not_taken_for_absent() {
        let words = "NOT_FOUND - queue 'crawl.log.x' in vhost '/' process is stopped, home node 'rabbit@a' is down or inaccessible";
        assert!(matches!(sorted(404, words), BrokerError::Unavailable { .. }));
        assert!(matches!(sorted(404, "NOT_FOUND - no queue 'x' in vhost '/'"), BrokerError::NotFound { .. }));
        let replica = "PRECONDITION_FAILED - stream queue 'x' does not have a running replica on the local node";
        assert!(matches!(sorted(406, replica), BrokerError::Unavailable { .. }));
    }

    #[test]
    fn other_arguments_and_missing_permissions_are_named() {
        let words = "PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'x'";
        assert!(matches!(sorted(406, words), BrokerError::Mismatch { .. }));
        assert!(matches!(sorted(403, "ACCESS_REFUSED"), BrokerError::Denied { .. }));
        assert!(matches!(sorted(541, "INTERNAL_ERROR"), BrokerError::Amqp { .. }));
    }
}
