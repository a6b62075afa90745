//! What robots.txt allows: one document per authority, fetched as a task like any other (RFC 9309).
//!
//! A document that redirects makes another document; the rules found at the end of the chain apply to the authority
//! that was asked first.

use std::{collections::HashMap, sync::Arc};

use crawl_robots::{Robots, path_and_query, product_token};
use url::Url;

use crate::{SkipReason, documents::DocIx, pages::PageIx, sites::SiteIx, weight};

/// Index of an authority.
pub(crate) type AuthorityIx = u32;

/// Redirects followed before a robots.txt counts as unavailable: RFC 9309 §2.3.1.2.
const MAX_HOPS: usize = 5;

/// What an authority allows.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Everything: there is no robots.txt.
    All,
    /// What these rules allow.
    Rules(Box<Robots>),
    /// Nothing, for this reason.
    Nothing(SkipReason),
}

/// What is known of one robots.txt.
#[derive(Debug, Default)]
struct Doc {
    state: DocState,
    /// Authorities that wait for it.
    waiting: Vec<AuthorityIx>,
}

#[derive(Debug, Default)]
enum DocState {
    #[default]
    Open,
    LeadsTo(DocIx),
    /// Shared: some robots.txt speak for many authorities.
    Read(Arc<Verdict>),
}

/// What was found at a robots.txt's URL.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body<'a> {
    /// 2xx: its text.
    Text(&'a str),
    /// 4xx, or too many redirects: everything is allowed.
    Unavailable,
    /// 5xx or no answer: nothing is allowed.
    Unreachable,
}

#[derive(Debug)]
struct Authority {
    /// Scheme, host and port.
    origin: Arc<str>,
    /// The host it is on.
    site: SiteIx,
    /// Its own robots.txt, where the chain of redirects begins.
    start: Option<DocIx>,
    verdict: Option<Arc<Verdict>>,
    /// Pages that wait for the verdict.
    parked: Vec<PageIx>,
}

/// What became known.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// Authorities whose verdict is known now.
    pub(crate) authorities: Vec<AuthorityIx>,
    /// Pages that waited for it.
    pub(crate) pages: Vec<PageIx>,
}

/// All robots.txt of a crawl.
#[derive(Debug)]
pub(crate) struct RobotsTable {
    agent: String,
    max_crawl_delay_ms: u128,
    docs: HashMap<DocIx, Doc>,
    authorities: Vec<Authority>,
    by_origin: HashMap<Arc<str>, AuthorityIx>,
    /// Bytes of all origins and verdicts.
    text: usize,
}

/// Scheme, host and port: what one robots.txt speaks for.
pub(crate) fn origin_of(url: &Url) -> String {
    url[..url::Position::BeforePath].to_owned()
}

impl RobotsTable {
    /// `user_agent` is the whole header; its product token is what robots.txt is searched for.
    pub(crate) fn new(user_agent: &str, max_crawl_delay_ms: u64) -> Self {
        Self {
            agent: product_token(user_agent).to_owned(),
            max_crawl_delay_ms: max_crawl_delay_ms.into(),
            docs: HashMap::new(),
            authorities: Vec::new(),
            by_origin: HashMap::new(),
            text: 0,
        }
    }

    /// Bytes of memory that it holds.
    pub(crate) fn weight(&self) -> usize {
        let parked: usize = self.authorities.iter().map(|authority| weight::list(&authority.parked)).sum();
        let tables = weight::map(&self.docs) + weight::map(&self.by_origin);
        tables + weight::list(&self.authorities) + self.text + parked
    }

    pub(crate) fn authority(&self, origin: &str) -> Option<AuthorityIx> {
        self.by_origin.get(origin).copied()
    }

    pub(crate) fn verdict(&self, authority: AuthorityIx) -> Option<&Verdict> {
        self.authorities[authority as usize].verdict.as_deref()
    }

    /// An authority whose robots.txt cannot even be asked for.
    pub(crate) fn refuse(&mut self, authority: AuthorityIx, reason: SkipReason) {
        self.authorities[authority as usize].verdict = Some(Arc::new(Verdict::Nothing(reason)));
    }

    pub(crate) fn park(&mut self, authority: AuthorityIx, page: PageIx) {
        self.authorities[authority as usize].parked.push(page);
    }

    pub(crate) fn add_authority(&mut self, origin: &str, site: SiteIx) -> AuthorityIx {
        let origin: Arc<str> = origin.into();
        self.text += origin.len() + 2 * size_of::<usize>();
        let ix = AuthorityIx::try_from(self.authorities.len()).unwrap_or(AuthorityIx::MAX);
        self.authorities.push(Authority {
            origin: Arc::clone(&origin),
            site,
            start: None,
            verdict: None,
            parked: Vec::new(),
        });
        self.by_origin.insert(origin, ix);
        ix
    }

    /// A robots.txt leads to another one.
    pub(crate) fn redirect(&mut self, doc: DocIx, to: DocIx) -> Decided {
        self.docs.entry(doc).or_default().state = DocState::LeadsTo(to);
        self.resolve_waiting(doc)
    }

    /// A robots.txt has been read, or never will be.
    pub(crate) fn conclude(&mut self, doc: DocIx, body: Body<'_>) -> Decided {
        let verdict = Arc::new(self.read(body));
        self.text += size_of::<Verdict>() + if let Verdict::Rules(rules) = &*verdict { rules.weight() } else { 0 };
        self.docs.entry(doc).or_default().state = DocState::Read(verdict);
        self.resolve_waiting(doc)
    }

    /// Names an authority's own robots.txt.
    pub(crate) fn start(&mut self, authority: AuthorityIx, doc: DocIx) -> Decided {
        self.authorities[authority as usize].start = Some(doc);
        let mut decided = Decided::default();
        self.follow(authority, doc, &mut decided);
        decided
    }

    /// Scheme, host and port of an authority.
    pub(crate) fn origin(&self, authority: AuthorityIx) -> &str {
        &self.authorities[authority as usize].origin
    }

    /// The host of an authority.
    pub(crate) fn site(&self, authority: AuthorityIx) -> SiteIx {
        self.authorities[authority as usize].site
    }

    /// Follows the chain from its beginning, each time, so that its length is bounded.
    fn follow(&mut self, authority: AuthorityIx, start: DocIx, decided: &mut Decided) {
        let mut at = start;
        for _ in 0..=MAX_HOPS {
            let doc = self.docs.entry(at).or_default();
            match &doc.state {
                DocState::Open => return doc.waiting.push(authority),
                DocState::LeadsTo(next) => at = *next,
                DocState::Read(verdict) => {
                    let verdict = Arc::clone(verdict);
                    return self.decide(authority, verdict, decided);
                }
            }
        }
        self.decide(authority, Arc::new(Verdict::All), decided);
    }

    fn resolve_waiting(&mut self, doc: DocIx) -> Decided {
        let waiting = std::mem::take(&mut self.docs.entry(doc).or_default().waiting);
        let mut decided = Decided::default();
        for authority in waiting {
            if let Some(start) = self.authorities[authority as usize].start {
                self.follow(authority, start, &mut decided);
            }
        }
        decided
    }

    fn decide(&mut self, ix: AuthorityIx, verdict: Arc<Verdict>, decided: &mut Decided) {
        let authority = &mut self.authorities[ix as usize];
        authority.verdict = Some(verdict);
        decided.authorities.push(ix);
        decided.pages.append(&mut authority.parked);
    }

    fn read(&self, body: Body<'_>) -> Verdict {
        let text = match body {
            Body::Text(text) => text,
            Body::Unavailable => return Verdict::All,
            Body::Unreachable => return Verdict::Nothing(SkipReason::RobotsUnreachable),
        };
        let robots = Robots::parse(text.as_bytes(), &self.agent);
        if robots.crawl_delay().is_some_and(|delay| delay.as_millis() > self.max_crawl_delay_ms) {
            return Verdict::Nothing(SkipReason::CrawlDelay);
        }
        Verdict::Rules(Box::new(robots))
    }
}

impl Verdict {
    pub(crate) fn judge(&self, url: &Url) -> Result<(), SkipReason> {
        match self {
            Self::All => Ok(()),
            Self::Nothing(reason) => Err(*reason),
            Self::Rules(robots) if robots.is_allowed(&path_and_query(url.as_str())) => Ok(()),
            Self::Rules(_) => Err(SkipReason::Robots),
        }
    }

    /// The `Crawl-delay` it asks for, milliseconds: of the group that names us, else of the one for `*`.
    pub(crate) fn crawl_delay_ms(&self) -> u64 {
        match self {
            Self::Rules(robots) => {
                robots.crawl_delay().map_or(0, |delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX))
            }
            Self::All | Self::Nothing(_) => 0,
        }
    }

    /// The sitemaps it names, on whatever host.
    pub(crate) fn sitemaps(&self) -> &[String] {
        match self {
            Self::Rules(robots) => robots.sitemaps(),
            Self::All | Self::Nothing(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Verdict {
        RobotsTable::new("crawl-operator/0.1 (+https://h/)", 30_000).read(Body::Text(text))
    }

    #[test]
    fn a_host_that_asks_for_too_long_a_delay_is_left_out() {
        for (text, expected) in [
            ("User-agent: *\nCrawl-delay: 30\n", Ok(30_000)),
            ("User-agent: *\nCrawl-delay: 0.25\n", Ok(250)),
            ("User-agent: *\nCrawl-delay: 30.5\n", Err(SkipReason::CrawlDelay)),
            ("User-agent: Crawl-Operator\nCrawl-delay: 2\n\nUser-agent: *\nCrawl-delay: 31\n", Ok(2_000)),
            ("User-agent: other\nCrawl-delay: 31\n", Ok(0)),
        ] {
            let verdict = read(text);
            let found =
                Url::parse("https://h/a").ok().map(|url| verdict.judge(&url).map(|()| verdict.crawl_delay_ms()));
            assert_eq!(found, Some(expected), "{text}");
        }
    }

    #[test]
    fn path_and_query_of_a_url_are_judged_and_sitemaps_found() {
        let verdict = read("User-agent: *\nDisallow: /*?q=\nDisallow: /caf\u{e9}\nSitemap: https://h/s.xml\n");
        assert_eq!(verdict.sitemaps(), ["https://h/s.xml"]);
        for (url, expected) in [
            ("https://h/robots.txt", Ok(())),
            ("https://h", Ok(())),
            ("https://h/a?p=1", Ok(())),
            ("https://h/a?q=1", Err(SkipReason::Robots)),
            ("https://h/caf\u{e9}", Err(SkipReason::Robots)),
            ("https://h/caf%c3%a9/", Err(SkipReason::Robots)),
        ] {
            assert_eq!(Url::parse(url).ok().map(|url| verdict.judge(&url)), Some(expected), "{url}");
        }
    }
}
