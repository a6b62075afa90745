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
    /// The name servers did not answer in time.
    #[error("the name {name} could not be looked up: no answer in time")]
    TimedOut {
        /// The name.
        name: String,
    },
    /// The name servers did not answer sensibly.
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

/// Why a name leads nowhere.
#[derive(Debug)]
pub(super) enum Unresolved {
    /// It has no addresses.
    Lookup(LookupError),
    /// None that may be reached.
    Blocked(Blocked),
}

/// Why there is no way to the proxy.
#[derive(Debug, thiserror::Error)]
#[error("the proxy's name {name} could not be looked up")]
pub(super) struct NoProxy {
    name: String,
}

/// The resolver that reqwest is given.
#[derive(Clone, Debug)]
pub(super) struct GuardedResolver {
    guard: Arc<Guard>,
    lookup: Arc<dyn Lookup>,
    /// The proxy's host: the one name that is not guarded. No URL with this host comes here unchecked, see [`Self::check`].
    proxy: Option<String>,
}

impl GuardedResolver {
    pub(super) fn new(guard: Arc<Guard>, lookup: Arc<dyn Lookup>) -> Self {
        Self { guard, lookup, proxy: None }
    }

    /// One that also finds a proxy.
    pub(super) fn with_proxy(&self, host: &str) -> Self {
        Self { proxy: Some(host.to_ascii_lowercase()), ..self.clone() }
    }

    /// Checks a name that a proxy looks up: all its addresses must be such that may be reached, as we cannot choose among them.
    pub(super) async fn check(&self, name: &str) -> Result<(), Unresolved> {
        let trust = self.guard.check_name(name).map_err(Unresolved::Blocked)?;
        let found = self.find(name, trust).await?;
        match found.iter().all(|address| self.guard.admits(trust, *address)) {
            true => Ok(()),
            false => Err(Unresolved::Blocked(Blocked::Some { host: name.to_owned() })),
        }
    }

    async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, Unresolved> {
        let trust = self.guard.check_name(name).map_err(Unresolved::Blocked)?;
        let mut found = self.find(name, trust).await?;
        found.retain(|address| self.guard.admits(trust, *address));
        match found.is_empty() {
            true => Err(Unresolved::Blocked(Blocked::Addresses { host: name.to_owned() })),
            false => Ok(without_port(found)),
        }
    }

    async fn find(&self, name: &str, trust: Trust) -> Result<Vec<IpAddr>, Unresolved> {
        let found = self.lookup.lookup(name, trust != Trust::Named).await.map_err(Unresolved::Lookup)?;
        match found.is_empty() {
            true => Err(Unresolved::Lookup(LookupError::NotFound { name: name.to_owned() })),
            false => Ok(found),
        }
    }

    async fn proxy(&self, name: &str) -> Result<Vec<SocketAddr>, NoProxy> {
        match self.lookup.lookup(name, false).await {
            Ok(found) if !found.is_empty() => Ok(without_port(found)),
            _ => Err(NoProxy { name: name.to_owned() }),
        }
    }
}

/// The address that a host of a URL is.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn without_port(addresses: Vec<IpAddr>) -> Vec<SocketAddr> {
    addresses.into_iter().map(|address| SocketAddr::new(address, 0)).collect()
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let name = name.as_str();
            let addresses = match &resolver.proxy {
                Some(proxy) if name.eq_ignore_ascii_case(proxy) => resolver.proxy(name).await?,
                // On the way through SOCKS5, addresses come here too.
                Some(_) if let Some(address) = literal(name) => {
                    resolver.guard.check_address(address)?;
                    without_port(vec![address])
                }
                _ => resolver.addresses(name).await.map_err(Unresolved::boxed)?,
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl Unresolved {
    fn boxed(self) -> Box<dyn std::error::Error + Send + Sync> {
        match self {
            Self::Lookup(error) => error.into(),
            Self::Blocked(blocked) => blocked.into(),
        }
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
                Err(NetError::Timeout) => Err(LookupError::TimedOut { name: name.to_owned() }),
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
