//! A message to be published: its address, its properties and its body, as PROTOCOL.md describes them.

use crawl_protocol::{Entry, Task, topology};
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};

use crate::codec::{Encoder, ZSTD};
use crate::names::short;
use crate::{BrokerError, Refused};

/// The delivery mode that survives a restart of the broker.
const PERSISTENT: u8 = 2;

/// A message to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The exchange; never the default one, for which our users have no permission.
    pub exchange: String,
    /// The routing key.
    pub routing_key: String,
    /// The property `type`.
    pub kind: String,
    /// The property `message_id`. A returned message is recognized by it.
    pub message_id: String,
    /// Facts for people and tools that look at the broker; bodies repeat what matters.
    pub headers: Headers,
    /// The plain body; compressed on the way where that is worth it.
    pub body: Vec<u8>,
}

/// Flat headers: nested ones do not survive a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// The crawl's uid; [`crate::Broker::withdraw`] goes by it.
    pub crawl: Option<String>,
    /// The page's id.
    pub page: Option<String>,
    /// 1 for the first attempt.
    pub attempt: Option<u32>,
}

impl Message {
    /// A task for the workers of `pool`.
    #[must_use]
    pub fn task(pool: &str, page: &str, task: &Task) -> Self {
        Self {
            exchange: topology::TASKS_EXCHANGE.to_owned(),
            routing_key: pool.to_owned(),
            kind: Task::MESSAGE_TYPE.to_owned(),
            message_id: topology::message_id(&task.crawl, page, task.attempt),
            headers: Headers {
                crawl: Some(task.crawl.clone()),
                page: Some(page.to_owned()),
                attempt: Some(task.attempt),
            },
            body: task.encode(),
        }
    }

    /// An entry for the log of `crawl`.
    #[must_use]
    pub fn entry(crawl: &str, message_id: &str, entry: &Entry) -> Self {
        Self {
            exchange: topology::LOG_EXCHANGE.to_owned(),
            routing_key: crawl.to_owned(),
            kind: Entry::MESSAGE_TYPE.to_owned(),
            message_id: message_id.to_owned(),
            headers: Headers { crawl: Some(crawl.to_owned()), ..Headers::default() },
            body: entry.encode(),
        }
    }

    /// The properties and the body as they travel.
    pub(crate) fn into_wire(self, encoder: &mut Encoder) -> Result<Wire, BrokerError> {
        let (body, compressed) = encoder.encode(self.body);
        let mut properties = BasicProperties::default()
            .with_content_type("application/json".into())
            .with_delivery_mode(PERSISTENT)
            .with_type(short(&self.kind)?)
            .with_message_id(short(&self.message_id)?)
            .with_headers(self.headers.into_table());
        if compressed {
            properties = properties.with_content_encoding(ZSTD.into());
        }
        let (exchange, routing_key) = (short(&self.exchange)?, short(&self.routing_key)?);
        Ok(Wire { exchange, routing_key, properties, message_id: self.message_id, body })
    }
}

/// A message as it travels.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) exchange: lapin::types::ShortString,
    pub(crate) routing_key: lapin::types::ShortString,
    pub(crate) properties: BasicProperties,
    pub(crate) message_id: String,
    pub(crate) body: Vec<u8>,
}

impl Headers {
    fn into_table(self) -> FieldTable {
        let mut table = FieldTable::default();
        let text = |value: String| AMQPValue::LongString(value.into());
        if let Some(crawl) = self.crawl {
            table.insert("crawl".into(), text(crawl));
        }
        if let Some(page) = self.page {
            table.insert("page".into(), text(page));
        }
        if let Some(attempt) = self.attempt {
            table.insert("attempt".into(), AMQPValue::LongLongInt(attempt.into()));
        }
        table
    }
}

/// What became of each message of a batch, in its order.
pub(crate) type Outcomes = Vec<Result<(), Refused>>;
