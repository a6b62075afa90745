//! Names and times on the wire: lapin's short strings panic when too long, and none of its calls ever times out.

use std::time::Duration;

use lapin::types::ShortString;

use crate::BrokerError;

/// Longest wait for the answer to any single operation.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// A name as AMQP carries it.
pub(crate) fn short(name: &str) -> Result<ShortString, BrokerError> {
    ShortString::try_new(name).map_err(|_| BrokerError::NameTooLong { name: name.to_owned() })
}

/// Awaits the answer to one operation, but not for ever.
pub(crate) async fn answer<T>(
    operation: &'static str,
    future: impl Future<Output = lapin::Result<T>>,
) -> Result<T, BrokerError> {
    match tokio::time::timeout(ANSWER_WITHIN, future).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(source)) => Err(BrokerError::from_amqp(operation, source)),
        Err(_) => Err(BrokerError::Timeout { operation }),
    }
}
