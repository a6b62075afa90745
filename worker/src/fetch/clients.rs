//! One client for each set of private ranges that tasks may reach.
//!
//! A client keeps connections open for whoever asks for the same host next, and checks an address only when it opens one. So
//! tasks share a client only when they have the same permissions: a connection that one crawl was allowed to open is never
//! found by another that is not.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use reqwest::Client;
use rustls::ClientConfig;
use url::{Host, Url};

use super::client::{self, FetcherError};
use super::guard::{Blocked, Guard};
use super::proxy::Proxy;
use super::resolver::{GuardedResolver, Lookup};
use super::{Failure, FetcherConfig, roots};

/// Clients kept for sets of ranges that tasks brought. The one used longest ago goes, and its connections with it.
const KEPT: usize = 32;

/// Clients, and the guard in front of them. Nothing is requested by one without being checked by the other.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    guard: Arc<Guard>,
    resolver: GuardedResolver,
    direct: Client,
    proxied: Option<(Arc<Proxy>, Client)>,
}

/// How a request leaves, and by what.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) client: Client,
    pub(super) via: Via,
}

/// How a request leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// Straight to the server.
    Direct,
    /// Through the proxy.
    Proxy,
}

impl Guarded {
    /// Checks a URL, as far as it goes without asking anyone.
    pub(super) fn check(&self, url: &Url) -> Result<(), Blocked> {
        self.guard.check_url(url)
    }

    /// The way to a URL that was checked. Where a proxy will look its name up, all that the name leads to is checked before.
    pub(super) async fn way(&self, url: &Url) -> Result<Way, Failure> {
        let Some((proxy, client)) = self.proxied.as_ref().filter(|(proxy, _)| !proxy.is_passed_by(url)) else {
            return Ok(Way { client: self.direct.clone(), via: Via::Direct });
        };
        if let Some(Host::Domain(name)) = url.host() {
            match proxy.is_resolver() {
                true => self.guard.check_public_name(name)?,
                false => self.resolver.check(name).await?,
            }
        }
        Ok(Way { client: client.clone(), via: Via::Proxy })
    }
}

/// The clients of a fetcher.
pub(super) struct Clients {
    config: FetcherConfig,
    lookup: Arc<dyn Lookup>,
    tls: ClientConfig,
    /// For tasks that bring no ranges.
    own: Guarded,
    /// For tasks that do, the last used one last.
    permitted: Mutex<Vec<(Vec<IpNet>, Guarded)>>,
}

impl Clients {
    pub(super) fn new(config: FetcherConfig, lookup: Arc<dyn Lookup>) -> Result<Self, FetcherError> {
        let tls = roots::tls(&config.roots)?;
        let own = guarded(&config, &[], lookup.clone(), tls.clone())?;
        Ok(Self { config, lookup, tls, own, permitted: Mutex::default() })
    }

    /// The client for a task that may reach these ranges besides the worker's own.
    pub(super) fn permitting(&self, ranges: &[String]) -> Result<Guarded, Failure> {
        if ranges.is_empty() {
            return Ok(self.own.clone());
        }
        let mut key = ranges.iter().map(|text| range(text)).collect::<Result<Vec<_>, _>>()?;
        key.sort_unstable();
        key.dedup();
        let mut permitted = self.permitted.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = match permitted.iter().position(|(ranges, _)| *ranges == key) {
            Some(place) => permitted.remove(place),
            None => {
                let guarded = guarded(&self.config, &key, self.lookup.clone(), self.tls.clone())
                    .map_err(|_| Failure::internal("no client could be made for the ranges that the task allows"))?;
                (key, guarded)
            }
        };
        let guarded = entry.1.clone();
        permitted.push(entry);
        if permitted.len() > KEPT {
            permitted.remove(0);
        }
        Ok(guarded)
    }
}

/// A client that reaches what the configuration allows, and `ranges`.
fn guarded(
    config: &FetcherConfig,
    ranges: &[IpNet],
    lookup: Arc<dyn Lookup>,
    tls: ClientConfig,
) -> Result<Guarded, FetcherError> {
    let allow = config.allow.iter().chain(ranges).copied().collect();
    let guard = Arc::new(Guard::new(allow, config.allow_hosts.clone()));
    let resolver = GuardedResolver::new(guard.clone(), lookup);
    let direct = client::build(resolver.clone(), tls.clone(), None)?;
    let through = |proxy: &Proxy| {
        let client = client::build(resolver.with_proxy(proxy.host()), tls, Some(proxy))?;
        Ok::<_, FetcherError>((Arc::new(proxy.clone()), client))
    };
    let proxied = config.proxy.as_ref().map(through).transpose()?;
    Ok(Guarded { guard, resolver, direct, proxied })
}

/// A range as it is compared. The operator checks them; what is wrong here is a mistake of ours.
fn range(text: &str) -> Result<IpNet, Failure> {
    text.parse::<IpNet>().map(|range| range.trunc()).map_err(|_| {
        let shown: String = text.chars().take(50).collect();
        Failure::internal(format!("the task allows {shown:?}, which is no range of addresses"))
    })
}

impl fmt::Debug for Clients {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Clients").field("config", &self.config).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::resolver::SystemLookup;
    use super::*;

    fn clients() -> Clients {
        Clients::new(FetcherConfig::default(), Arc::new(SystemLookup::default())).unwrap()
    }

    fn of(clients: &Clients, ranges: &[&str]) -> Arc<Guard> {
        let ranges: Vec<_> = ranges.iter().map(|range| (*range).to_owned()).collect();
        clients.permitting(&ranges).unwrap().guard
    }

    #[test]
    fn the_same_ranges_share_a_client_and_others_do_not() {
        let clients = clients();
        let two = of(&clients, &["10.0.0.0/8", "fd00::/8"]);
        assert!(
            Arc::ptr_eq(&two, &of(&clients, &["fd00::/8", "10.1.2.3/8", "10.0.0.0/8"])),
            "however they are written"
        );
        for others in [&[][..], &["10.0.0.0/8"], &["10.0.0.0/9", "fd00::/8"]] {
            assert!(!Arc::ptr_eq(&two, &of(&clients, others)), "{others:?}");
        }
        assert!(Arc::ptr_eq(&of(&clients, &[]), &clients.own.guard));
    }

    #[test]
    fn the_client_used_longest_ago_goes() {
        let clients = clients();
        let first = of(&clients, &["10.0.0.0/32"]);
        for n in 1..KEPT {
            of(&clients, &[&format!("10.0.0.{n}/32")]);
        }
        assert!(Arc::ptr_eq(&first, &of(&clients, &["10.0.0.0/32"])));
        of(&clients, &["10.0.1.0/32"]);
        assert_eq!(clients.permitted.lock().unwrap().len(), KEPT);
        assert!(Arc::ptr_eq(&first, &of(&clients, &["10.0.0.0/32"])), "used again in between");
    }

    #[test]
    fn what_is_no_range_is_said() {
        for wrong in ["10.0.0.0/33", "10.0.0.1", "localhost", ""] {
            let failure = clients().permitting(&["10.0.0.0/8".into(), wrong.to_owned()]).unwrap_err();
            assert!(!failure.retryable && failure.message.contains(&format!("{wrong:?}")), "{failure:?}");
        }
    }
}
