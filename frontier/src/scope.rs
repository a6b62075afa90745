//! Which URLs belong to a crawl.

use regex::{Regex, RegexBuilder};
use url::{Host, Url};

use crate::SkipReason;

/// How far a crawl goes from its seeds; `spec.scope.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// Only the seeds.
    Page,
    /// URLs that begin with a seed's path up to its last slash.
    Prefix,
    /// The seeds' hosts and ports, over http and https.
    Host,
    /// The seeds' registrable domains.
    Domain,
    /// The whole web.
    Any,
}

/// What a path may look like before it is taken for one that grows for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traps {
    /// Segments of a path, at most.
    pub max_path_segments: u32,
    /// How often the same segment may stand in a path.
    pub max_repeated_segments: u32,
}

impl Default for Traps {
    fn default() -> Self {
        Self { max_path_segments: 20, max_repeated_segments: 3 }
    }
}

impl Traps {
    fn judge(self, url: &Url) -> Result<(), SkipReason> {
        let segments: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
        let too_many = |n: usize, limit: u32| n > usize::try_from(limit).unwrap_or(usize::MAX);
        if too_many(segments.len(), self.max_path_segments) {
            return Err(SkipReason::PathTooDeep);
        }
        let repeated = |segment: &&str| segments.iter().filter(|other| *other == segment).count();
        if too_many(segments.iter().map(repeated).max().unwrap_or(0), self.max_repeated_segments) {
            return Err(SkipReason::RepeatedSegments);
        }
        Ok(())
    }
}

/// `spec.scope`, with its patterns compiled.
#[derive(Clone, Debug)]
pub struct Scope {
    kind: ScopeKind,
    traps: Traps,
    include: Vec<Regex>,
    exclude: Vec<Regex>,
}

/// A pattern that is not a regular expression.
#[derive(Debug, thiserror::Error)]
#[error("scope.{field}: {pattern:?} is not a regular expression: {reason}")]
pub struct ScopeError {
    field: &'static str,
    pattern: String,
    reason: String,
}

/// A compiled pattern takes at most this many bytes.
const MAX_COMPILED_BYTES: usize = 1 << 20;

impl Scope {
    /// A scope without patterns.
    #[must_use]
    pub fn of_kind(kind: ScopeKind) -> Self {
        Self { kind, traps: Traps::default(), include: Vec::new(), exclude: Vec::new() }
    }

    /// Compiles the patterns.
    ///
    /// # Errors
    /// When one of them is not a regular expression, or a huge one.
    pub fn new(kind: ScopeKind, include: &[String], exclude: &[String]) -> Result<Self, ScopeError> {
        let compile = |field, patterns: &[String]| patterns.iter().map(|p| compile(field, p)).collect::<Result<_, _>>();
        Ok(Self {
            kind,
            traps: Traps::default(),
            include: compile("include", include)?,
            exclude: compile("exclude", exclude)?,
        })
    }

    /// The same scope with other limits to paths.
    #[must_use]
    pub fn with_traps(self, traps: Traps) -> Self {
        Self { traps, ..self }
    }

    /// Whether a URL belongs to a crawl with these roots.
    pub(crate) fn judge(&self, roots: &[Root], url: &Url) -> Result<(), SkipReason> {
        let origin = Root::new(url);
        if self.kind != ScopeKind::Any && !roots.iter().any(|root| root.reaches(self.kind, url, &origin)) {
            return Err(SkipReason::OutOfScope);
        }
        let text = url.as_str();
        let included = self.include.is_empty() || self.include.iter().any(|pattern| pattern.is_match(text));
        if !included || self.exclude.iter().any(|pattern| pattern.is_match(text)) {
            return Err(SkipReason::Excluded);
        }
        self.traps.judge(url)
    }
}

fn compile(field: &'static str, pattern: &str) -> Result<Regex, ScopeError> {
    RegexBuilder::new(pattern).size_limit(MAX_COMPILED_BYTES).build().map_err(|error| ScopeError {
        field,
        pattern: pattern.to_owned(),
        // The last line is the reason; those before it draw the pattern.
        reason: error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    })
}

/// A seed, or what a seed redirects to: what the types of scope measure from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    host: String,
    /// `None` for the scheme's own port, so that http and https are one.
    port: Option<u16>,
    /// The path up to and with its last slash.
    prefix: String,
    domain: String,
}

impl Root {
    pub(crate) fn new(url: &Url) -> Self {
        let host = host_of(url);
        let path = url.path();
        let prefix = path[..path.rfind('/').map_or(0, |slash| slash + 1)].to_owned();
        Self { domain: registrable_domain(url, &host), host, port: url.port(), prefix }
    }

    fn reaches(&self, kind: ScopeKind, url: &Url, origin: &Self) -> bool {
        let same_host = || self.host == origin.host && self.port == origin.port;
        match kind {
            // Roots themselves never get here: they are always in scope.
            ScopeKind::Page => false,
            ScopeKind::Prefix => same_host() && url.path().starts_with(&self.prefix),
            ScopeKind::Host => same_host(),
            ScopeKind::Domain => self.domain == origin.domain,
            ScopeKind::Any => true,
        }
    }
}

/// The host's name without a trailing dot: also the key of politeness.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.strip_suffix('.').unwrap_or(host).to_owned()
}

/// An address is its own domain: the public suffix list would make `0.1` of 127.0.0.1.
fn registrable_domain(url: &Url, host: &str) -> String {
    match url.host() {
        Some(Host::Domain(_)) => psl::domain_str(host).unwrap_or(host).to_owned(),
        _ => host.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn verdict(scope: &Scope, seed: &str, url: &str) -> Result<(), SkipReason> {
        scope.judge(&[Root::new(&Url::parse(seed).unwrap())], &Url::parse(url).unwrap())
    }

    #[test]
    fn types_reach_what_they_say() {
        let seed = "https://docs.example.co.uk/guide/start.html";
        for (kind, inside, outside) in [
            (ScopeKind::Prefix, "https://docs.example.co.uk/guide/b/c", "https://docs.example.co.uk/blog/"),
            (ScopeKind::Host, "http://docs.example.co.uk/blog/", "https://docs.example.co.uk:8443/"),
            (ScopeKind::Host, "https://docs.example.co.uk./x", "https://www.example.co.uk/"),
            (ScopeKind::Domain, "https://www.example.co.uk/", "https://other.co.uk/"),
            (ScopeKind::Domain, "https://example.co.uk:8443/", "https://example.com/"),
        ] {
            let scope = Scope::new(kind, &[], &[]).unwrap();
            assert_eq!(verdict(&scope, seed, inside), Ok(()), "{kind:?} {inside}");
            assert_eq!(verdict(&scope, seed, outside), Err(SkipReason::OutOfScope), "{kind:?} {outside}");
        }
    }

    #[test]
    fn an_address_is_its_own_domain() {
        let scope = Scope::new(ScopeKind::Domain, &[], &[]).unwrap();
        assert_eq!(verdict(&scope, "http://127.0.0.1/", "http://10.0.0.1/"), Err(SkipReason::OutOfScope));
        assert_eq!(verdict(&scope, "http://127.0.0.1/", "http://127.0.0.1:81/"), Ok(()));
    }

    #[test]
    fn exclude_wins() {
        let scope = Scope::new(ScopeKind::Any, &["/docs/".into()], &[r"\.pdf$".into()]).unwrap();
        assert_eq!(verdict(&scope, "http://h/", "http://h/docs/a"), Ok(()));
        assert_eq!(verdict(&scope, "http://h/", "http://h/blog/a"), Err(SkipReason::Excluded));
        assert_eq!(verdict(&scope, "http://h/", "http://h/docs/a.pdf"), Err(SkipReason::Excluded));
    }

    #[test]
    fn paths_that_grow_for_ever_are_cut() {
        let traps = Traps { max_path_segments: 4, max_repeated_segments: 2 };
        let scope = Scope::new(ScopeKind::Any, &[], &[]).unwrap().with_traps(traps);
        for (path, expected) in [
            ("/a/b/c/d", Ok(())),
            ("//a//b//c//d//", Ok(())),
            ("/a/b/c/d/e", Err(SkipReason::PathTooDeep)),
            ("/a/b/a", Ok(())),
            ("/a/b/a/a", Err(SkipReason::RepeatedSegments)),
            ("/www.other.com/www.other.com/www.other.com", Err(SkipReason::RepeatedSegments)),
        ] {
            assert_eq!(verdict(&scope, "http://h/", &format!("http://h{path}")), expected, "{path}");
        }
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let error = Scope::new(ScopeKind::Host, &["a".into(), "[".into()], &[]).unwrap_err().to_string();
        assert_eq!(error, "scope.include: \"[\" is not a regular expression: unclosed character class");
    }
}
