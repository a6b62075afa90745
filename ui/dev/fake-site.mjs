// Makes up a web site of 10,000 pages, and a crawl of it that stands at any moment that is asked for. The same every time.

const SECTIONS = ["docs", "blog", "products", "support", "about", "api", "community", "news"];
const WORDS = ["install", "guide", "release", "notes", "config", "workers", "limits", "scope", "robots", "queue", "retry", "chart", "broker", "policy", "metrics", "tuning", "faq", "cookbook", "history", "design"];
const REASONS = ["OutOfScope", "Robots", "Excluded", "TooDeep", "Nofollow", "PathTooDeep", "BadUrl"];
const CLASSES = ["dns", "connect", "timeout", "tls", "transport"];

function random(seed) {
  let s = seed >>> 0;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 4294967296;
  };
}

function urlOf(n, chance, host) {
  if (n === 0) return `https://${host}/`;
  if (n === 7) return "javascript:alert(1)";
  if (n === 8) return `https://${host}/<img src=x onerror=alert(1)>?q="><script>alert(2)</script>`;
  if (n === 9) return `https://${host}/${"very-long-segment-".repeat(550)}`;
  if (n === 10) return `https://${host}/日本語/ページ/${"語".repeat(80)}?😀=${"😀".repeat(40)}`;
  const where = chance() < 0.9 ? host : ["cdn.example.net", "www.example.org", "blog.example.com:8443"][Math.floor(chance() * 3)];
  const section = SECTIONS[Math.floor(chance() ** 1.8 * SECTIONS.length)];
  const sub = WORDS[Math.floor(chance() ** 1.5 * WORDS.length)];
  const deeper = chance() < 0.35 ? `/${WORDS[Math.floor(chance() * WORDS.length)]}` : "";
  return `https://${where}/${section}/${sub}${deeper}/${WORDS[n % WORDS.length]}-${n}${chance() < 0.15 ? `?page=${n % 17}&sort=price&filter=colour-${n % 9}` : ""}`;
}

/** Pages in the order they are found; each says how it ends and when (its place among those that end). */
export function makePages(count, host, seed) {
  const chance = random(seed);
  const pages = [];
  for (let n = 0; n < count; n += 1) {
    const url = urlOf(n, chance, host);
    const lot = chance();
    const outside = n > 0 && !url.startsWith(`https://${host}/`);
    const page = { id: String(n), url, host: safeHost(url), depth: n === 0 ? 0 : Math.min(6, 1 + Math.floor(Math.log10(n + 1) * 1.5)), foundOn: n === 0 ? undefined : pages[Math.floor(chance() ** 2 * Math.min(n, 400))].url };
    page.referrers = n === 0 ? 0 : 1 + Math.floor(chance() ** 6 * 300);
    const trouble = url.includes("/support/") ? 0.3 : url.includes("/news/") ? 0.12 : 0.02;
    if (outside || lot > 0.93) Object.assign(page, { end: "skipped", reason: n === 7 ? "BadUrl" : outside ? "OutOfScope" : REASONS[Math.floor(chance() * REASONS.length)] });
    else if (lot < trouble && n > 0) Object.assign(page, failure(chance));
    else if (lot > 0.89 && n > 0) Object.assign(page, { end: "redirected", status: 301, redirectsTo: `${url}/`, tookMs: 40 });
    else Object.assign(page, { end: "fetched", status: 200, links: Math.floor(chance() ** 2 * 180), bytes: Math.floor(2000 + chance() ** 3 * 400_000), tookMs: Math.floor(20 + chance() ** 4 * 3000), contentType: chance() < 0.93 ? "text/html" : "application/pdf" });
    pages.push(page);
  }
  return pages;
}

function failure(chance) {
  if (chance() < 0.75) {
    const status = [404, 404, 404, 410, 500, 503, 403][Math.floor(chance() * 7)];
    return { end: "failed", class: "httpStatus", status, message: `the server answered ${status}`, tookMs: 90 };
  }
  const name = CLASSES[Math.floor(chance() * CLASSES.length)];
  return { end: "failed", class: name, message: { dns: "the name did not resolve", connect: "connection refused", timeout: "no answer within 30s", tls: "certificate has expired", transport: "the connection broke after 1,204 bytes" }[name], attempt: 3 };
}

function safeHost(url) {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}
