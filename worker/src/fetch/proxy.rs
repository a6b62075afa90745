//! A proxy that stands between us and all servers.
//!
//! It connects for us, so the guard does not see the address that it connects to. What can be checked before, is: URLs and names as
//! ever, and all addresses of a name, as our name servers have them, before the proxy is asked. SOCKS5 is given the checked
//! address; an HTTP proxy is given the name and looks it up itself, as it must. Credentials come from a file and are in no message.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use url::{Host, Url};

/// Why a proxy cannot be used. What was given as its URL is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The URL is of no use.
    #[error("the proxy's URL {reason}")]
    Url {
        /// Why.
        reason: &'static str,
    },
    /// What goes past the proxy is neither a host nor a range.
    #[error("{entry:?} goes past the proxy, but is neither a host nor a range of addresses")]
    Direct {
        /// What was given.
        entry: String,
    },
    /// The credentials cannot be read.
    #[error("cannot read the proxy's credentials from {path}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There are no credentials in the file.
    #[error("the proxy's credentials in {path} are not of the form user:password", path = path.display())]
    Credentials {
        /// The file.
        path: PathBuf,
    },
    /// The HTTP client does not accept it.
    #[error("the proxy cannot be used")]
    Client(#[source] reqwest::Error),
}

/// A proxy, and what goes past it.
#[derive(Clone, Debug)]
pub struct Proxy {
    url: Url,
    credentials: Option<Credentials>,
    direct: Vec<Direct>,
    resolves: bool,
}

/// Never shown.
#[derive(Clone)]
struct Credentials {
    user: String,
    password: String,
}

/// What goes past the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Direct {
    /// A host and all below it.
    Host(String),
    /// Addresses, where a URL has them in it.
    Range(IpNet),
}

impl Proxy {
    /// A proxy at an `http`, `https` or `socks5` URL.
    ///
    /// # Errors
    /// When that is no such URL, or holds more than a host and a port.
    pub fn new(url: &str) -> Result<Self, ProxyError> {
        let wrong = |reason| ProxyError::Url { reason };
        let url = Url::parse(url).map_err(|_| wrong("is none; it is like http://proxy.example:3128"))?;
        if !matches!(url.scheme(), "http" | "https" | "socks5") {
            return Err(wrong("must begin with http://, https:// or socks5://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("holds a user name or a password; they belong into a file"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("has no host"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has more than a host and a port"));
        }
        Ok(Self { url, credentials: None, direct: Vec::new(), resolves: false })
    }

    /// With the credentials in a file, as `user:password`.
    ///
    /// # Errors
    /// When the file cannot be read, or holds something else.
    pub fn credentials_file(mut self, path: &Path) -> Result<Self, ProxyError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| ProxyError::File { path: path.to_owned(), source })?;
        let pair = text.trim_end_matches(['\r', '\n']).split_once(':');
        let pair = pair.filter(|(user, _)| !user.is_empty() && !text.trim_end().contains(['\r', '\n']));
        let (user, password) = pair.ok_or_else(|| ProxyError::Credentials { path: path.to_owned() })?;
        self.credentials = Some(Credentials { user: user.to_owned(), password: password.to_owned() });
        Ok(self)
    }

    /// With hosts, each with all names below it, and ranges of addresses that go past it.
    ///
    /// # Errors
    /// When one is neither.
    pub fn direct(mut self, entries: &[String]) -> Result<Self, ProxyError> {
        self.direct = entries.iter().map(|entry| direct(entry)).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// Whether it alone looks names up, and is trusted to refuse private addresses: for networks whose name servers know no public
    /// names. Internal names are then refused whatever the ranges that are allowed.
    #[must_use]
    pub fn resolves(mut self, resolves: bool) -> Self {
        self.resolves = resolves;
        self
    }

    /// Whether a request goes past it.
    pub(super) fn is_passed_by(&self, url: &Url) -> bool {
        let host = url.host();
        self.direct.iter().any(|direct| match (direct, &host) {
            (Direct::Host(host), Some(Host::Domain(name))) => is_or_is_below(name, host),
            (Direct::Range(range), Some(Host::Ipv4(address))) => range.contains(&IpAddr::from(*address)),
            (Direct::Range(range), Some(Host::Ipv6(address))) => range.contains(&IpAddr::from(*address)),
            _ => false,
        })
    }

    /// Whether it, and not we, looks names up.
    pub(super) fn is_resolver(&self) -> bool {
        self.resolves
    }

    /// Its own host, which is the administrator's word and is not guarded.
    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// As the HTTP client takes it.
    pub(super) fn for_client(&self) -> Result<reqwest::Proxy, ProxyError> {
        let scheme = match self.url.scheme() {
            // The one has the name looked up by us, the other by the proxy.
            "socks5" if self.resolves => "socks5h",
            scheme => scheme,
        };
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let proxy = reqwest::Proxy::all(format!("{scheme}://{}{port}", self.host())).map_err(ProxyError::Client)?;
        // They travel as part of a URL, where a percent sign means something.
        let plain = |text: &str| text.replace('%', "%25");
        Ok(match &self.credentials {
            Some(Credentials { user, password }) => proxy.basic_auth(&plain(user), &plain(password)),
            None => proxy,
        })
    }
}

fn direct(entry: &str) -> Result<Direct, ProxyError> {
    let text = entry.trim();
    if let Ok(range) = text.parse::<IpNet>() {
        return Ok(Direct::Range(range));
    }
    if let Ok(address) = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return Ok(Direct::Range(address.into()));
    }
    match Host::parse(text.strip_prefix('*').unwrap_or(text).trim_start_matches('.')) {
        Ok(Host::Domain(name)) => Ok(Direct::Host(name.trim_end_matches('.').to_owned())),
        _ => Err(ProxyError::Direct { entry: entry.to_owned() }),
    }
}

fn is_or_is_below(name: &str, host: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.strip_suffix(host).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_url_is_said_and_not_repeated() {
        for (url, expected) in [
            ("", "is none"),
            ("secret", "is none"),
            ("//secret", "is none"),
            ("proxy:3128", "must begin with"),
            ("ftp://secret/", "must begin with"),
            ("socks4://secret/", "must begin with"),
            ("socks5h://secret/", "must begin with"),
            ("http://secret:x@proxy/", "belong into a file"),
            ("http://:secret@proxy/", "belong into a file"),
            ("socks5://secret@proxy:1", "belong into a file"),
            ("socks5://", "has no host"),
            ("http://proxy/secret", "more than a host"),
            ("http://proxy/?secret", "more than a host"),
            ("http://proxy/#secret", "more than a host"),
        ] {
            let error = Proxy::new(url).unwrap_err();
            assert!(error.to_string().contains(expected) && !format!("{error:?}").contains("secret"), "{url}: {error}");
        }
        for url in
            ["http://proxy:3128", "https://proxy/", "socks5://10.0.0.1:1080", "http://[::1]:3128", "socks5://[::1]"]
        {
            Proxy::new(url).unwrap().for_client().unwrap();
        }
    }

    #[test]
    fn what_goes_past_it() {
        let entries = ["example.com", ".example.org", "*.example.net", "10.0.0.0/8", "192.168.1.1", "[::1]", "Intern."];
        let proxy = Proxy::new("http://proxy/").unwrap().direct(&entries.map(str::to_owned)).unwrap();
        for (url, expected) in [
            ("http://example.com/", true),
            ("http://EXAMPLE.com./", true),
            ("https://www.example.com:8443/", true),
            ("http://notexample.com/", false),
            ("http://example.com.evil.example/", false),
            ("http://a.example.org/", true),
            ("http://example.org/", true),
            ("http://a.example.net/", true),
            ("http://10.1.2.3/", true),
            ("http://11.0.0.1/", false),
            ("http://192.168.1.1/", true),
            ("http://192.168.1.2/", false),
            ("http://[::1]/", true),
            ("http://intern/", true),
        ] {
            assert_eq!(proxy.is_passed_by(&Url::parse(url).unwrap()), expected, "{url}");
        }
        for wrong in ["", "*", "a b", "10.0.0.0/33", "http://x/"] {
            let refused = Proxy::new("http://proxy/").unwrap().direct(&[wrong.to_owned()]);
            assert!(matches!(refused, Err(ProxyError::Direct { .. })), "{wrong:?}");
        }
    }

    #[test]
    fn credentials_are_read_and_never_shown() {
        let path = std::env::temp_dir().join(format!("crawl-proxy-{}", std::process::id()));
        for (text, expected) in [
            ("user:sec%41ret", true),
            ("user:sec:ret\n", true),
            ("user:\r\n", true),
            ("secret", false),
            (":secret", false),
            ("", false),
            ("user:secret\nmore:secret", false),
        ] {
            std::fs::write(&path, text).unwrap();
            let read = Proxy::new("http://proxy/").unwrap().credentials_file(&path);
            assert_eq!(read.is_ok(), expected, "{text:?}");
            let shown = match read {
                Ok(proxy) => format!("{proxy:?}"),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(!shown.contains("sec"), "{shown}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(Proxy::new("http://proxy/").unwrap().credentials_file(&path), Err(ProxyError::File { .. })));
    }
}
