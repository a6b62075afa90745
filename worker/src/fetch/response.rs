//! From a task to what the server answered.

use std::time::SystemTime;

use crawl_protocol::{Kind, Outcome, Page, Task, Unread, Validators};
use crawl_robots::product_token;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER, USER_AGENT,
};
use reqwest::{Client, Response, StatusCode};
use url::Url;

use super::body::{Body, Content, SMALL};
use super::classify::Failure;
use super::clients::Via;
use super::limit::Limit;
use super::media::{self, Media};
use super::{decoding, retry_after};
use crate::extract::{self, Document, Extracted, MAX_URL_BYTES, header_says_nofollow};
use crate::room::{Room, Share};

/// What RFC 9309 asks crawlers to read of a robots.txt, at least.
pub(super) const ROBOTS_BYTES: u64 = 500 * 1024;

/// A longer validator is not recorded.
const VALIDATOR_BYTES_AT_MOST: usize = 512;

/// What a request came to.
#[derive(Debug)]
pub(super) enum Received {
    /// There is nothing more to do.
    Final(Outcome, Option<Share>),
    /// A page to look for links in.
    Html(Box<Html>),
    /// A sitemap, whose body is still to be read.
    Sitemap(Response),
}

/// A page whose links are still to be extracted.
#[derive(Debug)]
pub(super) struct Html {
    page: Page,
    content_type: Option<String>,
    content_language: Option<String>,
    content: Content,
    agent: String,
    nofollow: bool,
}

/// Requests a URL, with the headers that the task brought instead of our own of the same name, and reads the answer, as far as it
/// matters.
pub(super) async fn exchange(
    client: &Client,
    via: Via,
    task: &Task,
    url: &Url,
    headers: HeaderMap,
    limit: Limit,
    room: &Room,
) -> Result<Received, Failure> {
    let agent = HeaderValue::from_str(&task.fetch.user_agent)
        .map_err(|_| Failure::internal("the user agent holds characters that a header cannot"))?;
    let accept = match task.kind {
        Kind::Page => "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        Kind::Robots => "text/plain,*/*;q=0.1",
        Kind::Sitemap => "application/xml,text/xml,text/plain,*/*;q=0.1",
    };
    let mut request = client.get(url.clone()).header(USER_AGENT, agent).header(ACCEPT, accept);
    request = request.header(ACCEPT_ENCODING, decoding::ACCEPTED);
    for (name, value) in [(IF_NONE_MATCH, &task.validators.etag), (IF_MODIFIED_SINCE, &task.validators.last_modified)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let sent = limit.within(request.headers(headers).send()).await?;
    let response = sent.map_err(|error| Failure::unanswered(&error, url, via))?;
    if via == Via::Proxy && response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(Failure::proxy_credentials());
    }
    let response = decoding::decoded(response);
    match task.kind {
        Kind::Page => page(response, task, url, limit, room).await,
        Kind::Robots => robots(response, url, limit, room).await,
        Kind::Sitemap => sitemap(response, url),
    }
}

async fn page(response: Response, task: &Task, url: &Url, limit: Limit, room: &Room) -> Result<Received, Failure> {
    let status = response.status();
    match status.as_u16() {
        204 | 205 => Ok(unread(described(&response), Unread::NoContent)),
        304 => Ok(unread(described(&response), Unread::NotModified)),
        200..=299 => content(response, task, limit, room).await,
        300..=399 => redirect(status, response.headers(), url),
        _ => Err(refused(&response)),
    }
}

fn sitemap(response: Response, url: &Url) -> Result<Received, Failure> {
    let status = response.status();
    match status.as_u16() {
        200..=299 => Ok(Received::Sitemap(response)),
        300..=399 => redirect(status, response.headers(), url),
        _ => Err(refused(&response)),
    }
}

fn refused(response: &Response) -> Failure {
    let asked = text(response.headers(), RETRY_AFTER.as_str());
    let wait = asked.and_then(|value| retry_after::parse(&value, SystemTime::now()));
    Failure::status(response.status(), wait)
}

/// A page with a body: read, if it is HTML.
async fn content(response: Response, task: &Task, limit: Limit, room: &Room) -> Result<Received, Failure> {
    let page = described(&response);
    let content_type = text(response.headers(), CONTENT_TYPE.as_str());
    let content_language = text(response.headers(), CONTENT_LANGUAGE.as_str());
    let agent = product_token(&task.fetch.user_agent).to_owned();
    let nofollow = asks_nofollow(response.headers(), &agent);
    let media = media::of(&page.content_type);
    if media == Media::Other {
        return Ok(unread(page, Unread::ContentType));
    }
    let mut body = Body::new(response, task.fetch.max_body_bytes, room, limit);
    if media == Media::Unknown {
        let beginning = body.read(media::SNIFFED).await?;
        if !media::looks_like_html(beginning) {
            return Ok(unread(Page { bytes: length(beginning), ..page }, Unread::Content));
        }
    }
    let content = body.read_all().await?;
    let page = Page { bytes: length(&content.bytes), truncated: content.truncated, ..page };
    Ok(Received::Html(Box::new(Html { page, content_type, content_language, content, agent, nofollow })))
}

/// The answer to a request for robots.txt: what it means is the frontier's to say.
async fn robots(response: Response, url: &Url, limit: Limit, room: &Room) -> Result<Received, Failure> {
    let status = response.status();
    if status.is_redirection()
        && let Ok(redirect) = redirect(status, response.headers(), url)
    {
        return Ok(redirect);
    }
    if !status.is_success() {
        return Ok(Received::Final(Outcome::Robots { status: status.as_u16(), body: String::new() }, None));
    }
    let Content { mut bytes, truncated, share } = Body::new(response, ROBOTS_BYTES, room, limit).read_all().await?;
    // Half a rule may mean more than the whole one.
    if truncated {
        bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1));
    }
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Received::Final(Outcome::Robots { status: status.as_u16(), body }, share))
}

/// Where a redirect leads: resolved against the request, without fragment and user info.
pub(super) fn redirect(status: StatusCode, headers: &HeaderMap, url: &Url) -> Result<Received, Failure> {
    let location = text(headers, LOCATION.as_str()).ok_or_else(|| Failure::redirect(status, "without a Location"))?;
    let unusable = || Failure::redirect(status, "with a Location that is no web address");
    let mut target = url.join(&location).map_err(|_| unusable())?;
    if !matches!(target.scheme(), "http" | "https") {
        return Err(unusable());
    }
    target.set_fragment(None);
    target.set_username("").and_then(|()| target.set_password(None)).map_err(|()| unusable())?;
    if target.as_str().len() > MAX_URL_BYTES {
        return Err(Failure::redirect(status, "with a Location that is too long"));
    }
    Ok(Received::Final(Outcome::Redirect { status: status.as_u16(), location: target.into() }, None))
}

impl Html {
    /// Extracts what the page says where that takes no longer than to hand the page to another thread; else it is handed back.
    pub(super) fn quickly(self: Box<Self>, url: &Url) -> Result<(Outcome, Option<Share>), Box<Self>> {
        match self.is_small().then(|| extract::extract_by_tags(self.document(url))).flatten() {
            Some(found) => Ok(self.concluded(found)),
            None => Err(self),
        }
    }

    /// Extracts what a page says that was handed back. Work for a processor.
    pub(super) fn into_outcome(self, url: &Url) -> (Outcome, Option<Share>) {
        let found = match self.is_small() {
            true => extract::extract_by_tree(self.document(url)),
            false => extract::extract(self.document(url)),
        };
        self.concluded(found)
    }

    fn is_small(&self) -> bool {
        self.length() <= SMALL
    }

    /// Bytes of its body.
    pub(super) fn length(&self) -> usize {
        self.content.bytes.len()
    }

    fn document<'a>(&'a self, url: &'a Url) -> Document<'a> {
        let (content_type, content_language) = (self.content_type.as_deref(), self.content_language.as_deref());
        let (body, agent, nofollow) = (&self.content.bytes, &self.agent, self.nofollow);
        Document { body, content_type, content_language, url, agent, nofollow }
    }

    /// The outcome, and what is left of the room that the page took.
    fn concluded(self, found: Extracted) -> (Outcome, Option<Share>) {
        let page = Page {
            links: found.links,
            urls: found.urls,
            nofollow: found.nofollow,
            truncated: self.page.truncated || found.truncated,
            about: found.about,
            ..self.page
        };
        let mut share = self.content.share;
        if let Some(share) = &mut share {
            share.shrink(weight(&page));
        }
        (Outcome::Page(page), share)
    }
}

/// What the head of a response says of a page.
fn described(response: &Response) -> Page {
    let headers = response.headers();
    let essence = text(headers, CONTENT_TYPE.as_str()).map(|value| media::essence(&value));
    let validators = Validators { etag: validator(headers, &ETAG), last_modified: validator(headers, &LAST_MODIFIED) };
    Page {
        status: response.status().as_u16(),
        content_type: essence.unwrap_or_default(),
        validators,
        ..Page::default()
    }
}

/// A header that a later request sends back: as it came, or not at all.
fn validator(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (!value.is_empty() && value.len() <= VALIDATOR_BYTES_AT_MOST).then(|| value.to_owned())
}

fn unread(page: Page, why: Unread) -> Received {
    Received::Final(Outcome::Page(Page { unread: Some(why), ..page }), None)
}

/// Bytes of memory that a page's record takes, roughly.
fn weight(page: &Page) -> usize {
    page.urls.iter().chain(&page.nofollow).map(|url| url.len() + size_of::<String>()).sum()
}

fn length(bytes: &[u8]) -> u64 {
    bytes.len().try_into().unwrap_or(u64::MAX)
}

/// Whether `X-Robots-Tag` asks us not to follow links: us by our product token, or everyone.
fn asks_nofollow(headers: &HeaderMap, agent: &str) -> bool {
    let values: Vec<_> = headers.get_all("x-robots-tag").iter().map(decoded).collect();
    header_says_nofollow(values.iter().map(String::as_str), agent)
}

pub(super) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(decoded)
}

/// A header's value as text: UTF-8 where it is that, else each byte a character, as browsers do.
fn decoded(value: &HeaderValue) -> String {
    let bytes = value.as_bytes();
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}
