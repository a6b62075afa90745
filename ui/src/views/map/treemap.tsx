//! Areas by links, colour by the share that failed. Everything in it is also in the tree beside it, so it is a picture to those who cannot see it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { MapNode } from "../../api/types";
import { count, plural } from "../../format/numbers";
import { squarify, type Box } from "./squarify";

export type SizeBy = "links" | "pages";

interface Props {
  node: MapNode;
  sizeBy: SizeBy;
  to(node: MapNode): string;
}

const HEAD = 22;
const GAP = 2;
/** Smaller boxes have no room for words. */
const WORDS = { width: 46, height: 18 };
const CHARACTER = 6.6;

export function Treemap({ node, sizeBy, to }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watcher.observe(box.current!);
    return () => watcher.disconnect();
  }, []);
  const height = Math.round(Math.min(620, Math.max(300, width * 0.68)));
  const shown = withRest(node);
  const places = squarify(shown.map((child) => sizeOf(child, sizeBy)), { x: 0, y: 0, width, height });
  return (
    <div class="treemap" ref={box}>
      {width > 0 && (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Map of ${node.name || "all hosts"}: ${plural(node.pages, "URL")} by ${sizeBy}. The list beside it says the same in words.`}>
          {shown.map((child, n) => (
            <Group key={child.prefix} node={child} at={shrunk(places[n]!, GAP)} sizeBy={sizeBy} to={to} />
          ))}
        </svg>
      )}
      <p class="legend quiet" aria-hidden="true">
        Share that failed: <span class="legend-scale" /> none to half and more
      </p>
    </div>
  );
}

function Group({ node, at, sizeBy, to }: { node: MapNode; at: Box; sizeBy: SizeBy; to(node: MapNode): string }) {
  const inner = { x: at.x + 3, y: at.y + HEAD, width: at.width - 6, height: at.height - HEAD - 3 };
  const open = node.children.length > 0 && inner.width > 60 && inner.height > 40;
  if (!open) return <Leaf node={node} at={at} to={to} />;
  const shown = withRest(node);
  const places = squarify(shown.map((child) => sizeOf(child, sizeBy)), inner);
  return (
    <g>
      <Clickable node={node} to={to}>
        <rect x={at.x} y={at.y} width={at.width} height={at.height} rx={4} class="group" />
        <text x={at.x + 7} y={at.y + 15} class="group-name">
          {fitting(label(node), at.width - 12)}
        </text>
      </Clickable>
      {shown.map((child, n) => (
        <Leaf key={child.prefix} node={child} at={shrunk(places[n]!, 1)} to={to} />
      ))}
    </g>
  );
}

function Leaf({ node, at, to }: { node: MapNode; at: Box; to(node: MapNode): string }) {
  if (at.width < 1.5 || at.height < 1.5) return null;
  const words = at.width > WORDS.width && at.height > WORDS.height;
  return (
    <Clickable node={node} to={to}>
      <rect x={at.x} y={at.y} width={at.width} height={at.height} rx={2} class="leaf" style={{ "--failed": `${failedShare(node)}%` }} />
      {words && (
        <text x={at.x + 5} y={at.y + 13} class="leaf-name">
          {fitting(node.name, at.width - 8)}
        </text>
      )}
      {words && at.height > 34 && (
        <text x={at.x + 5} y={at.y + 27} class="leaf-number">
          {whole(node.failed > 0 ? `${count(node.failed)} failed` : plural(node.links, "link"), at.width - 8)}
        </text>
      )}
    </Clickable>
  );
}

/** A link for the mouse only: keyboards go through the tree, not through hundreds of boxes. */
function Clickable({ node, to, children }: { node: MapNode; to(node: MapNode): string; children: preact.ComponentChildren }) {
  const title = <title>{`${node.prefix || node.name}\n${plural(node.pages, "URL")}, ${plural(node.links, "link")}, ${count(node.failed)} failed, ${count(node.skipped)} skipped`}</title>;
  if (!node.prefix || node.prefix.startsWith("more:")) {
    return (
      <g>
        {title}
        {children}
      </g>
    );
  }
  return (
    <g class="clickable" onClick={() => (location.hash = to(node))}>
      {title}
      {children}
    </g>
  );
}

/** What is not listed one by one is one box, so that areas stay true. */
function withRest(node: MapNode): MapNode[] {
  const listed = node.children;
  if (node.more.nodes === 0) return listed;
  const sum = (of: "links" | "failed" | "fetched" | "skipped" | "referrers") => Math.max(0, node[of] - listed.reduce((all, child) => all + child[of], 0));
  const rest: MapNode = {
    name: `${plural(node.more.nodes, "more", "more")}`,
    prefix: `more:${node.prefix}`,
    pages: node.more.pages,
    fetched: sum("fetched"),
    failed: sum("failed"),
    skipped: sum("skipped"),
    links: sum("links"),
    referrers: sum("referrers"),
    leaf: true,
    children: [],
    more: { nodes: 0, pages: 0 },
  };
  return [...listed, rest];
}

const sizeOf = (node: MapNode, by: SizeBy) => Math.max(1, node[by]);

const label = (node: MapNode) => `${node.name}  ${count(node.pages)}`;

/** In percent of the strongest colour; half failed is as bad as it gets. */
const failedShare = (node: MapNode) => Math.round(Math.min(1, (2 * node.failed) / Math.max(1, node.fetched + node.failed)) * 100);

const shrunk = (box: Box, by: number): Box => ({ x: box.x + by / 2, y: box.y + by / 2, width: Math.max(0, box.width - by), height: Math.max(0, box.height - by) });

/** Half a number misleads: all of it or nothing. */
const whole = (text: string, width: number) => (text.length * (CHARACTER - 0.6) <= width ? text : "");

function fitting(text: string, width: number): string {
  const room = Math.floor(width / CHARACTER);
  const characters = Array.from(text);
  return characters.length <= room ? text : room > 3 ? `${characters.slice(0, room - 1).join("")}…` : "";
}

