//! The map as nested lists: what is deeper is fetched when it is opened.

import { useState } from "preact/hooks";
import { get } from "../../api/client";
import { crawlPath } from "../../api/crawls";
import type { CrawlDetail, MapNode, SiteMap } from "../../api/types";
import { DownIcon, RightIcon } from "../../components/icons";
import { count, plural } from "../../format/numbers";
import { useLoad } from "../../live/use-load";

interface Props {
  crawl: CrawlDetail;
  node: MapNode;
  to(node: MapNode): string;
}

export function Tree({ crawl, node, to }: Props) {
  return (
    <div class="tree" role="region" aria-label="Paths" tabIndex={0}>
      <p class="tree-head" aria-hidden="true">
        <span>Path</span>
        <span>URLs</span>
        <span>Links</span>
        <span>Failed</span>
      </p>
      <Children key={node.prefix} crawl={crawl} node={node} to={to} opened />
    </div>
  );
}

function Children({ crawl, node, to, opened }: Props & { opened?: boolean }) {
  return (
    <ul>
      {node.children.map((child, n) => (
        <Item key={child.prefix} crawl={crawl} node={child} to={to} opened={opened && n === 0} />
      ))}
      {node.more.nodes > 0 && <li class="quiet rest">{`and ${count(node.more.nodes)} more with ${plural(node.more.pages, "URL")}`}</li>}
    </ul>
  );
}

/** `opened` at first, to show how it goes on. */
function Item({ crawl, node, to, opened = false }: Props & { opened?: boolean }) {
  const [open, setOpen] = useState(opened && !node.leaf);
  return (
    <li>
      <div class="tree-row">
        {node.leaf ? (
          <span class="tree-space" />
        ) : (
          <button type="button" class="plain" aria-expanded={open} aria-label={`What is below ${node.name}`} onClick={() => setOpen(!open)}>
            {open ? <DownIcon /> : <RightIcon />}
          </button>
        )}
        <a href={to(node)} title={node.prefix}>
          {node.name}
        </a>
        <span class="number">
          {count(node.pages)}
          <span class="visually-hidden"> URLs,</span>
        </span>
        <span class="number">
          {count(node.links)}
          <span class="visually-hidden"> links,</span>
        </span>
        <span class={`number ${node.failed > 0 ? "bad-text" : "quiet"}`}>
          {count(node.failed)}
          <span class="visually-hidden"> failed</span>
        </span>
      </div>
      {open && <Below crawl={crawl} node={node} to={to} />}
    </li>
  );
}

function Below({ crawl, node, to }: Props) {
  const path = `${crawlPath(crawl)}/map`;
  const { data, error } = useLoad(`${path} ${node.prefix}`, (signal) => get<SiteMap>(path, { prefix: node.prefix }, signal));
  const known = data?.node ?? (node.children.length > 0 ? node : undefined);
  if (known) return <Children crawl={crawl} node={known} to={to} />;
  return <p class="quiet rest">{error ? error.message : "Loading…"}</p>;
}
