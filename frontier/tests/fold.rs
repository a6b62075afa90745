//! Single cases of the fold, told record by record: what the simulation meets too seldom to rely on.
#![allow(missing_docs, clippy::unwrap_used)]

use crawl_frontier::{Finish, Frontier, HostRule, HostTable, Politeness, Rules, Scope, ScopeKind, Spelling, Traps};
use crawl_protocol::{FailureClass, Kind, Outcome, Page, Record};

const UID: &str = "6f6b9e5c-0000-4000-8000-000000000001";

fn rules() -> Rules {
    Rules { scope: Scope::of_kind(ScopeKind::Any), obey_robots: false, ..Rules::new(vec!["http://a/".to_owned()]) }
}

/// A crawl that is told what its pages answer.
struct Told(Frontier);

impl Told {
    fn new(rules: Rules) -> Self {
        Self(Frontier::new(UID, rules).unwrap())
    }

    fn record(&mut self, kind: Kind, url: &str, outcome: Outcome) -> &mut Self {
        let (crawl, url) = (UID.to_owned(), url.to_owned());
        self.0.apply(&Record { crawl, url, kind, depth: 0, attempt: 1, fetched_at: 1, took_ms: 1, outcome });
        assert!(self.0.counts().balanced(), "{:?}", self.0.counts());
        self
    }

    fn page(&mut self, url: &str, links: &[&str]) -> &mut Self {
        let urls: Vec<String> = links.iter().map(|url| (*url).to_owned()).collect();
        let content_type = "text/html".to_owned();
        let links = urls.len() as u64;
        let page = Page { status: 200, content_type, bytes: 1, links, urls, ..Page::default() };
        self.record(Kind::Page, url, Outcome::Page(page))
    }

    fn redirect(&mut self, url: &str, to: &str) -> &mut Self {
        self.record(Kind::Page, url, Outcome::Redirect { status: 301, location: to.to_owned() })
    }

    fn robots(&mut self, origin: &str, body: &str) -> &mut Self {
        self.record(
            Kind::Robots,
            &format!("{origin}/robots.txt"),
            Outcome::Robots { status: 200, body: body.to_owned() },
        )
    }

    fn sitemap(&mut self, url: &str, urls: &[&str], sitemaps: &[&str]) -> &mut Self {
        let list = |urls: &[&str]| urls.iter().map(|url| (*url).to_owned()).collect();
        let (urls, sitemaps) = (list(urls), list(sitemaps));
        self.record(Kind::Sitemap, url, Outcome::Sitemap { status: 200, urls, sitemaps, last: true, truncated: false })
    }

    /// The URLs that may be asked for, all at once.
    fn due(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        let mut hosts = HostTable::default();
        let mut now = 1_000_000;
        loop {
            let round = self.0.due(now, &mut hosts, 100);
            if round.tasks.is_empty() {
                break;
            }
            for due in round.tasks {
                hosts.release(due.id, due.task.attempt, now, 0);
                found.push(due.task.url);
            }
            now += 1_000_000;
        }
        self.0.give_back_all();
        found.sort();
        found
    }

    fn skipped(&self, reason: &str) -> u64 {
        self.0.counts().skipped_by_reason.get(reason).copied().unwrap_or(0)
    }
}

#[test]
fn a_sitemap_found_late_brings_pages_nearer() {
    let mut told = Told::new(Rules { sitemaps: true, obey_robots: true, max_depth: 3, ..rules() });
    told.robots("http://a", "").page("http://a/", &["http://a/1"]).page("http://a/1", &["http://a/2", "http://b/"]);
    told.page("http://a/2", &["http://a/3"]).page("http://a/3", &["http://a/4"]);
    assert_eq!(told.skipped("TooDeep"), 1, "four links away");
    told.robots("http://b", "Sitemap: http://b/late.xml").sitemap("http://b/late.xml", &["http://a/2"], &[]);
    assert_eq!(told.skipped("TooDeep"), 0);
    assert!(told.due().contains(&"http://a/4".to_owned()));
}

#[test]
fn a_page_behind_too_many_redirects_comes_back_and_brings_others_nearer() {
    let mut told = Told::new(Rules { max_depth: 4, max_redirects: 1, ..rules() });
    told.page("http://a/", &["http://a/r1", "http://a/1"]).redirect("http://a/r1", "http://a/r2");
    told.redirect("http://a/r2", "http://a/t");
    assert_eq!(told.skipped("TooManyRedirects"), 1);
    told.page("http://a/1", &["http://a/2"]).page("http://a/2", &["http://a/3"]).page("http://a/3", &["http://a/4"]);
    told.page("http://a/4", &["http://a/5", "http://a/t"]);
    assert_eq!((told.skipped("TooDeep"), told.skipped("TooManyRedirects")), (1, 0));
    told.page("http://a/t", &["http://a/3"]);
    assert_eq!(told.due(), ["http://a/5"]);
}

#[test]
fn indexes_of_indexes_end_and_come_back_when_a_shorter_way_is_found() {
    let mut told = Told::new(Rules { sitemaps: true, obey_robots: true, ..rules() });
    told.robots("http://a", "Sitemap: http://a/1.xml\nSitemap: http://a/j.xml\n");
    told.sitemap("http://a/1.xml", &[], &["http://a/2.xml"]).sitemap("http://a/2.xml", &[], &["http://a/3.xml"]);
    told.sitemap("http://a/3.xml", &[], &["http://a/4.xml", "http://a/1.xml"]);
    assert_eq!(told.0.counts().sitemaps.skipped, 1);
    told.sitemap("http://a/j.xml", &[], &["http://a/3.xml"]);
    assert_eq!((told.0.counts().sitemaps.skipped, told.0.counts().sitemaps.open()), (0, 1));
    assert_eq!(told.due(), ["http://a/", "http://a/4.xml"]);
}

#[test]
fn a_crawl_with_an_open_sitemap_is_not_over() {
    let mut told = Told::new(Rules { sitemaps: true, ..rules() });
    assert_eq!(told.page("http://a/", &[]).0.finish(), None);
    let (class, message) = (FailureClass::HttpStatus, String::new());
    let gone = Outcome::Failure { class, message, status: Some(404), retryable: false, retry_after_ms: None };
    told.record(Kind::Sitemap, "http://a/sitemap.xml", gone);
    assert_eq!(told.0.finish(), Some(Finish::FrontierEmpty));
    assert_eq!((told.0.counts().sitemaps.failed, told.0.counts().discovered), (1, 1), "a sitemap is no page");
}

#[test]
fn redirects_that_go_round_end() {
    let mut told = Told::new(rules());
    told.redirect("http://a/", "http://a/x").redirect("http://a/x", "http://a/");
    let counts = told.0.counts();
    assert_eq!((counts.discovered, counts.redirected, counts.fetched), (2, 2, 0));
    assert_eq!(told.0.finish(), Some(Finish::AllSeedsFailed));
    assert_eq!(Told::new(rules()).redirect("http://a/", "http://a/").0.finish(), Some(Finish::AllSeedsFailed));
}

#[test]
fn one_url_is_one_page_however_it_is_spelt() {
    let spelling = Spelling { ignore_parameters: vec!["utm_*".into(), "sid".into()], sort_query: true };
    let mut told = Told::new(Rules { spelling, ..rules() });
    told.page(
        "http://a/",
        &[
            "http://a/p?b=1&a=2&utm_source=x",
            "http://a/p?a=2&b=1",
            "http://a/p;sid=7?a=2&sid=8&b=1",
            "http://A:80/%7Ep",
        ],
    );
    assert_eq!(told.0.counts().discovered, 3);
    assert_eq!(told.due(), ["http://a/%7Ep", "http://a/p?b=1&a=2&utm_source=x"], "asked for as it was first seen");
}

#[test]
fn everything_left_out_is_counted_by_its_reason() {
    let politeness = Politeness { per_host_concurrency: 1, delay_ms: 0 };
    let hosts = vec![HostRule { pattern: "*.denied".to_owned(), deny: true, politeness }];
    let scope = Scope::new(ScopeKind::Any, &[], &["\\.pdf$".into()]).unwrap();
    let scope = scope.with_traps(Traps { max_path_segments: 5, max_repeated_segments: 2 });
    let mut told = Told::new(Rules { hosts, scope, max_depth: 1, ..rules() });
    let long = format!("http://a/{}", "x".repeat(3000));
    let links = [
        "http://a/1.pdf",
        "http://a/1/2/3/4/5/6",
        "http://a/x/x/x",
        "http://www.denied/",
        &long,
        "http://",
        "http://a/ok",
    ];
    told.page("http://a/", &links).page("http://a/ok", &["http://a/deeper", &long]);
    for reason in ["Excluded", "PathTooDeep", "RepeatedSegments", "DeniedByPolicy", "UrlTooLong", "BadUrl", "TooDeep"] {
        assert_eq!(told.skipped(reason), 1, "{reason} of {:?}", told.0.counts().skipped_by_reason);
    }
    assert_eq!(told.0.finish(), Some(Finish::FrontierEmpty));
}

#[test]
fn a_host_gives_no_more_than_its_budget() {
    let mut told = Told::new(Rules { max_pages_per_host: Some(2), ..rules() });
    told.page("http://a/", &["http://a/1", "http://a/2", "http://a/3", "http://b/"]);
    told.redirect("http://a/1", "http://a/4").page("http://a/2", &["http://a/5"]).page("http://a/3", &["http://a/6"]);
    assert_eq!((told.0.counts().fetched, told.0.counts().redirected), (2, 1));
    assert_eq!(told.skipped("HostBudget"), 3, "3, 4 and 5; what 3 answered does not count any more");
    assert_eq!(told.due(), ["http://b/"]);
}

#[test]
fn one_page_is_one_page() {
    let mut told = Told::new(Rules { max_links: 1, ..rules() });
    told.page("http://a/", &["http://a/1"]);
    assert_eq!((told.0.finish(), told.due().len()), (Some(Finish::MaxLinksReached), 0));
    let seeds = vec!["http://a/".to_owned(), "http://a/#x".to_owned(), "HTTP://A".to_owned()];
    let told = Told::new(Rules { seeds, ..rules() });
    assert_eq!(told.0.counts().discovered, 1, "seeds that are the same are one");
}

#[test]
fn a_denied_host_is_not_even_asked_for_its_robots_txt() {
    let politeness = Politeness { per_host_concurrency: 1, delay_ms: 0 };
    let hosts = vec![HostRule { pattern: "a".to_owned(), deny: true, politeness }];
    let mut told = Told::new(Rules { hosts, obey_robots: true, sitemaps: true, ..rules() });
    assert_eq!((told.due().len(), told.0.finish()), (0, Some(Finish::AllSeedsFailed)));
}

#[test]
fn a_page_that_moved_closer_still_waits_out_its_back_off() {
    let mut told = Told::new(rules());
    told.page("http://a/", &["http://a/1", "http://a/2"]).page("http://a/1", &["http://a/3"]);
    told.page("http://a/3", &["http://a/4"]).page("http://a/2", &["http://a/4"]);
    let (class, message) = (FailureClass::Timeout, String::new());
    let later = Outcome::Failure { class, message, status: None, retryable: true, retry_after_ms: Some(3_600_000) };
    told.record(Kind::Page, "http://a/4", later);
    let round = told.0.due(1, &mut HostTable::default(), 10);
    assert!(round.tasks.is_empty(), "it stands in the schedule twice more, where it was before");
}

#[test]
fn what_was_let_through_under_other_rules_does_not_show() {
    let mut told = Told::new(Rules { obey_robots: true, ..rules() });
    let mut before = Told::new(rules());
    let mut hosts = HostTable::default();
    assert_eq!(before.0.due(1, &mut hosts, 10).tasks.len(), 1);
    told.0.adopt(&hosts);
    assert_eq!(told.0.counts().in_flight, 1);
    told.robots("http://a", "User-agent: *\nDisallow: /\n").page("http://a/", &["http://a/1"]);
    assert_eq!((told.0.counts().fetched, told.0.counts().discovered, told.skipped("Robots")), (0, 1, 1));
}

#[test]
fn a_site_that_makes_up_addresses_fills_no_memory() {
    let mut told = Told::new(Rules { max_links: 1, ..rules() });
    let urls: Vec<String> = (0..150_000).map(|n| format!("http://a/{n}")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    told.page("http://a/", &urls);
    assert_eq!((told.0.counts().discovered, told.0.counts().overlooked), (100_010, 49_991));
}

#[test]
fn a_redirect_from_the_nearest_open_page_brings_others_nearer() {
    let mut told = Told::new(Rules { max_depth: 3, ..rules() });
    told.page("http://a/", &["http://a/1", "http://a/r"]).page("http://a/1", &["http://a/2"]);
    told.page("http://a/2", &["http://a/3"]).page("http://a/3", &["http://a/4"]);
    assert_eq!(told.skipped("TooDeep"), 1);
    told.redirect("http://a/r", "http://a/2");
    assert_eq!(told.due(), ["http://a/4"]);
}
