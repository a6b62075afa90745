import { safeHref, shorten } from "../format/urls";
import { CopyButton } from "./copy-button";
import { OutsideIcon } from "./icons";

/** A URL of the crawl: shortened to 75 characters, the whole at hand by pointing and copying. `to` is where a click leads within this page. */
export function UrlText({ url, to }: { url: string; to?: string }) {
  if (!url) return <span class="quiet">a URL that cannot be requested</span>;
  const shown = shorten(url);
  return (
    <span class="url">
      {to ? (
        <a href={to} title={url}>
          {shown}
        </a>
      ) : (
        <span title={url}>{shown}</span>
      )}
      <CopyButton text={url} label="Copy URL" />
    </span>
  );
}

/** A link out to the page itself; what is not http or https stays text. */
export function OutsideLink({ url, children }: { url: string; children?: preact.ComponentChildren }) {
  const target = safeHref(url);
  if (!target) return <span class="url-text">{children ?? url}</span>;
  return (
    <a class="url-text" href={target} target="_blank" rel="noreferrer noopener">
      {children ?? url} <OutsideIcon />
      <span class="visually-hidden"> (opens in a new tab)</span>
    </a>
  );
}
