//! What may be reached. Every URL is checked here before it is requested, every name before it is looked up, and every
//! address before it is connected to; nothing goes round it.
//!
//! A crawler fetches what strangers' pages link to, from inside a cluster. So it reaches public addresses only, unless an
//! administrator allows a range, or a user who crawls from their own machine names a host.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

/// What is not reached, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// The URL is not one that is crawled.
    #[error("{reason}")]
    Url {
        /// Why.
        reason: &'static str,
    },
    /// The host is a private address or an internal name.
    #[error("{host} is not a public host, and no administrator has allowed it")]
    Host {
        /// The host.
        host: String,
    },
    /// The name leads to private addresses only.
    #[error("{host} leads to private addresses, and no administrator has allowed them")]
    Addresses {
        /// The host.
        host: String,
    },
    /// One of the name's addresses is private, and a proxy would choose among them.
    #[error("{host} leads to private addresses too, and a proxy might choose one")]
    Some {
        /// The host.
        host: String,
    },
    /// The port belongs to another protocol.
    #[error("port {port} is not for web servers")]
    Port {
        /// The port.
        port: u16,
    },
}

/// Last labels of names that mean something inside a network only.
const INTERNAL_SUFFIXES: [&str; 7] = ["localhost", "local", "internal", "svc", "cluster.local", "home.arpa", "lan"];

/// Ports of other protocols, which a request could be mistaken by: the WHATWG Fetch standard's list.
const OTHER_PORTS: [u16; 82] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
];

/// IPv4 ranges that are not the public internet.
const PRIVATE_V4: [(Ipv4Addr, u8); 14] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// The IPv6 range that is the public internet, so that mapped, translated and local addresses are not in it.
const PUBLIC_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// What is not, inside it.
const PRIVATE_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// What only a range inside it opens, never a wider one: the machine's own network, where clouds keep the credentials of machines.
/// Who allows `0.0.0.0/0` or `fd00::/8` means other things.
const NAMED_ONLY: [IpNet; 3] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), 128)),
];

/// Decides what may be reached.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    allow: Vec<IpNet>,
    allow_hosts: HashSet<String>,
}

impl Guard {
    pub(crate) fn new(allow: Vec<IpNet>, allow_hosts: Vec<String>) -> Self {
        let allow_hosts = allow_hosts.iter().map(|host| canonical(host)).collect();
        Self { allow, allow_hosts }
    }

    /// Checks a URL before it is requested. An address in it is decided here, since no resolver is asked about it.
    pub(crate) fn check_url(&self, url: &Url) -> Result<(), Blocked> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Blocked::Url { reason: "only http and https are crawled" });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Blocked::Url { reason: "URLs with a user name or password are not crawled" });
        }
        if let Some(port) = url.port().filter(|port| OTHER_PORTS.contains(port)) {
            return Err(Blocked::Port { port });
        }
        match url.host() {
            None => Err(Blocked::Url { reason: "the URL has no host" }),
            Some(Host::Domain(name)) => self.check_name(name).map(drop),
            Some(Host::Ipv4(address)) => self.check_address(address.into()),
            Some(Host::Ipv6(address)) => self.check_address(address.into()),
        }
    }

    /// Checks a name before it is looked up, and says how that is to be done.
    pub(crate) fn check_name(&self, name: &str) -> Result<Trust, Blocked> {
        let name = canonical(name);
        if self.allow_hosts.contains(&name) {
            return Ok(Trust::Named);
        }
        match is_internal(&name) {
            false => Ok(Trust::Public),
            true if !self.allow.is_empty() => Ok(Trust::AllowedOnly),
            true => Err(Blocked::Host { host: name }),
        }
    }

    /// Checks a name whose addresses nobody here will see: only one of the public internet, whatever ranges are allowed.
    pub(crate) fn check_public_name(&self, name: &str) -> Result<(), Blocked> {
        match self.check_name(name)? {
            Trust::AllowedOnly => Err(Blocked::Host { host: canonical(name) }),
            Trust::Named | Trust::Public => Ok(()),
        }
    }

    /// Whether an address that `trust` was looked up for may be connected to.
    pub(crate) fn admits(&self, trust: Trust, address: IpAddr) -> bool {
        match trust {
            Trust::Named => true,
            Trust::Public => is_public(address) || self.is_allowed(address),
            Trust::AllowedOnly => self.is_allowed(address),
        }
    }

    /// Checks an address that stands in a URL.
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), Blocked> {
        let text = address.to_string();
        if is_public(address) || self.is_allowed(address) || self.allow_hosts.contains(&text) {
            return Ok(());
        }
        Err(Blocked::Host { host: text })
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        // One that is mapped into IPv6 is connected to as what it stands for.
        let plain = address.to_canonical();
        let named_only = NAMED_ONLY.iter().find(|range| range.contains(&plain));
        let opens = |range: &&IpNet| named_only.is_none_or(|named| named.contains(*range));
        self.allow.iter().filter(opens).any(|range| range.contains(&address))
    }
}

/// How far the addresses of a name are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The user named this host: any address.
    Named,
    /// A name of the public internet: public addresses, and what the administrator allows.
    Public,
    /// An internal name: only what the administrator allows.
    AllowedOnly,
}

/// Whether an address belongs to the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !PRIVATE_V4.iter().any(|(base, length)| v4_contains(*base, *length, address)),
        IpAddr::V6(address) => {
            v6_contains(PUBLIC_V6.0, PUBLIC_V6.1, address)
                && !PRIVATE_V6.iter().any(|(base, length)| v6_contains(*base, *length, address))
        }
    }
}

fn v4_contains(base: Ipv4Addr, length: u8, address: Ipv4Addr) -> bool {
    Ipv4Net::new(base, length).is_ok_and(|range| range.contains(&address))
}

fn v6_contains(base: Ipv6Addr, length: u8, address: Ipv6Addr) -> bool {
    Ipv6Net::new(base, length).is_ok_and(|range| range.contains(&address))
}

/// A host as it is compared: lower case, without the dot that a full name may end with, without an address's brackets.
fn canonical(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase()
}

/// Names that are answered differently inside a network: single labels and the suffixes that are reserved for it.
fn is_internal(name: &str) -> bool {
    let has_suffix =
        |suffix: &&str| name.strip_suffix(*suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.contains('.') || INTERNAL_SUFFIXES.iter().any(has_suffix)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#[path = "guard_tests.rs"]
mod tests;
