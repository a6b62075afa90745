//! Looking names up, with the guard in between: hyper connects to exactly the addresses that come out here, so a name that
//! changes its address between a check and the connection (rebinding) gains nothing.

use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::LookupIpStrategy;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::OnceCell;

use super::guard::{Blocked, Guard, Trust};

/// Why a name has no addresses.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The name servers say that there is no such name, or no address for it.
    #[error("the name {name} does not exist")]
    NotFound {
        /// The name.
        name: String,
    },
    /// The name servers did not answer, or not sensibly.
    #[error("the name {name} could not be looked up")]
    Failed {
        /// The name.
        name: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A way of looking names up. It decides nothing: the guard sees every name before and every address after.
pub trait Lookup: Debug + Send + Sync {
    /// The addresses of `name`. With `absolute`, no search domains are used: a name from a page must mean the same
    /// inside a cluster and outside.
    fn lookup<'a>(&'a self, name: &'a str, absolute: bool) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>>;
}

/// The resolver that reqwest is given.
#[derive(Clone, Debug)]
pub(super) struct GuardedResolver {
    guard: Arc<Guard>,
    lookup: Arc<dyn Lookup>,
}

impl GuardedResolver {
    pub(super) fn new(guard: Arc<Guard>, lookup: Arc<dyn Lookup>) -> Self {
        Self { guard, lookup }
    }

    async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let trust = self.guard.check_name(name)?;
        let found = self.lookup.lookup(name, trust != Trust::Named).await?;
        let admitted: Vec<SocketAddr> = found
            .iter()
            .filter(|address| self.guard.admits(trust, **address))
            .map(|address| SocketAddr::new(*address, 0))
            .collect();
        if admitted.is_empty() {
            let host = name.to_owned();
            let none = found.is_empty();
            return Err(if none {
                LookupError::NotFound { name: host }.into()
            } else {
                Blocked::Addresses { host }.into()
            });
        }
        Ok(admitted)
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The system's name servers, asked by hickory: needs no name service in the container's image.
#[derive(Debug, Default)]
pub(super) struct SystemLookup {
    /// Made at the first use, inside the runtime.
    resolver: OnceCell<TokioResolver>,
}

impl SystemLookup {
    async fn ask(&self, name: &str, absolute: bool) -> Result<Vec<IpAddr>, NetError> {
        let resolver = self.resolver.get_or_try_init(|| async { build() }).await?;
        let bare = name.trim_end_matches('.');
        let asked = if absolute { format!("{bare}.") } else { bare.to_owned() };
        Ok(resolver.lookup_ip(asked.as_str()).await?.iter().collect())
    }
}

impl Lookup for SystemLookup {
    fn lookup<'a>(&'a self, name: &'a str, absolute: bool) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        async move {
            if !absolute && name.trim_end_matches('.').eq_ignore_ascii_case("localhost") {
                return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
            }
            match self.ask(name, absolute).await {
                Ok(addresses) => Ok(addresses),
                Err(NetError::Dns(DnsError::NoRecordsFound(answer)))
                    if matches!(answer.response_code, ResponseCode::NXDomain | ResponseCode::NoError) =>
                {
                    Err(LookupError::NotFound { name: name.to_owned() })
                }
                Err(source) => Err(LookupError::Failed { name: name.to_owned(), source: source.into() }),
            }
        }
        .boxed()
    }
}

fn build() -> Result<TokioResolver, NetError> {
    let mut builder = TokioResolver::builder_tokio()?;
    builder.options_mut().ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    builder.build()
}
