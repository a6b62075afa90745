//! What the tests against a real broker share: how to reach it, names of their own, and waiting.

use std::time::Duration;

use crawl_broker::{Broker, BrokerConfig, Password};
use url::Url;

/// Long enough for a loaded machine; no test asserts a duration.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connected session with the shared objects declared.
pub(crate) struct Scene {
    pub(crate) broker: Broker,
}

/// Connects, or says that the test is skipped.
pub(crate) async fn scene() -> Option<Scene> {
    let broker = Broker::connect(&config()?, "test").await.expect("CRAWL_TEST_AMQP is reachable");
    broker.declare_shared().await.expect("the user may declare");
    Some(Scene { broker })
}

/// Where the broker is.
pub(crate) fn config() -> Option<BrokerConfig> {
    let Ok(uri) = std::env::var("CRAWL_TEST_AMQP") else {
        eprintln!("SKIPPED: set CRAWL_TEST_AMQP to the URI of a RabbitMQ to run the tests of crawl-broker");
        return None;
    };
    let uri = Url::parse(&uri).expect("CRAWL_TEST_AMQP is a URI");
    let vhost = uri.path().trim_start_matches('/').replace("%2f", "/").replace("%2F", "/");
    Some(BrokerConfig {
        host: uri.host_str().expect("CRAWL_TEST_AMQP names a host").to_owned(),
        port: uri.port().unwrap_or(5672),
        vhost: if vhost.is_empty() { "/".to_owned() } else { vhost },
        username: uri.username().to_owned(),
        password: Password::new(uri.password().unwrap_or_default()),
        tls: false,
        ca_file: None,
    })
}

/// A name that nothing else uses.
pub(crate) fn unique(what: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is after 1970");
    format!("test-{what}-{}-{}", now.as_nanos(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Awaits something that must come.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it comes within 30 s")
}

/// Waits until something holds: counts of ready messages lag behind confirms.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    let asked = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("{what} within 30 s"));
}

/// Deletes the queue of a pool, which the module itself never does.
pub(crate) async fn forget_pool(pool: &str) {
    let Ok(uri) = std::env::var("CRAWL_TEST_AMQP") else {
        return;
    };
    let connection = lapin::Connection::connect(&uri, lapin::ConnectionProperties::default()).await.expect("connects");
    let channel = connection.create_channel().await.expect("opens a channel");
    let queue = crawl_protocol::topology::task_queue(pool);
    channel.queue_delete(queue.into(), lapin::options::QueueDeleteOptions::default()).await.expect("deletes");
}
