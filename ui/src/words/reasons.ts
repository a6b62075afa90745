//! Why URLs are left out and why pages fail, in words.

const REASONS: Record<string, [label: string, explanation: string]> = {
  OutOfScope: ["Out of scope", "Not within scope.type of the crawl, for example on another host."],
  Excluded: ["Excluded", "No include pattern matches, or an exclude pattern does."],
  TooDeep: ["Too deep", "More links away from the seeds than maxDepth allows."],
  TooManyRedirects: ["Too many redirects", "Only reached by more redirects in a row than maxRedirects."],
  Nofollow: ["Nofollow", "Only linked with nofollow."],
  Robots: ["Disallowed by robots.txt", "The host's robots.txt does not let this crawler in."],
  RobotsUnreachable: ["robots.txt unreachable", "The server failed to give its robots.txt, so everything on it is taken as disallowed."],
  CrawlDelay: ["Crawl-delay too long", "robots.txt asks for a longer delay than maxCrawlDelay."],
  BadUrl: ["Bad URL", "This address cannot be requested."],
  UrlTooLong: ["URL too long", "Longer than 2,083 bytes."],
  PathTooDeep: ["Path too deep", "Its path has more segments than maxPathSegments: often a trap that grows for ever."],
  RepeatedSegments: ["Repeated segments", "The same segment stands in its path again and again: often a trap."],
  HostBudget: ["Host budget used up", "maxPagesPerHost pages of its host have been processed."],
  DeniedByPolicy: ["Denied by policy", "A CrawlPolicy of the cluster's administrator denies its host."],
};

export const reasonLabel = (reason: string): string => REASONS[reason]?.[0] ?? reason;
export const reasonExplanation = (reason: string): string => REASONS[reason]?.[1] ?? "";

const CLASSES: Record<string, string> = {
  httpStatus: "Error status",
  dns: "Name not found",
  connect: "No connection",
  tls: "TLS failed",
  timeout: "Timed out",
  transport: "Connection broke",
  blockedAddress: "Blocked address",
  invalidUrl: "Invalid URL",
  internal: "Worker failed",
  poison: "Given up by workers",
  lost: "Lost",
  other: "Other failure",
};

export const CLASS_NAMES = Object.keys(CLASSES);
export const classLabel = (name: string): string => CLASSES[name] ?? name;

/** A key of `responses`: a status code, or a failure class where no response came. */
export const responseLabel = (key: string): string => (/^\d{3}$/.test(key) ? key : classLabel(key));

const UNREAD: Record<string, string> = {
  contentType: "Its content type is not HTML, so the body was not read.",
  content: "It has no content type and does not begin like HTML.",
  noContent: "The answer has no body.",
  notModified: "Not modified since it was read last.",
};

export const unreadLabel = (why: string): string => UNREAD[why] ?? why;
