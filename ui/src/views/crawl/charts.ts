//! The only place that knows uPlot.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Timeline } from "../../api/types";
import { count } from "../../format/numbers";

const LINES_HEIGHT = 210;
const BARS_HEIGHT = 96;

/** A canvas knows no variables: the colour is read from an element that has it. */
function color(name: string): () => string {
  return () => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(--${name})`;
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
}

const two = (n: number) => String(n).padStart(2, "0");

/** Hours and minutes; seconds where the ticks are that near, days where they are that far. */
function clock(at: number, step: number): string {
  const date = new Date(at * 1000);
  if (step >= DAY) return `${date.getDate()} ${date.toLocaleString("en-GB", { month: "short" })}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return step < 60 ? `${time}:${two(date.getSeconds())}` : time;
}

function axes(height: "tall" | "low"): uPlot.Axis[] {
  const common = { stroke: color("quiet"), grid: { stroke: color("line"), width: 1 }, ticks: { show: false }, font: "12px sans-serif" };
  return [
    { ...common, grid: { show: false }, space: 80, size: 26, incrs: STEPS, values: (_, ticks, __, ___, step) => ticks.map((at) => clock(at, step)) },
    { ...common, size: 56, space: height === "tall" ? 40 : 28, values: (_, ticks) => ticks.map((n) => (Number.isInteger(n) ? short(n) : "")) },
  ];
}

const MINUTE = 60;
const DAY = 86_400;
/** Seconds between ticks; none is so near that two would read the same. */
const STEPS = [1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, 3600, 7200, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 30 * DAY];

const short = (n: number) => new Intl.NumberFormat("en-US", { notation: "compact" }).format(n);

const moment: uPlot.Series = { label: "Time", value: (_, at) => (at == null ? "" : new Date(at * 1000).toLocaleTimeString("en-GB")) };
/** Where no moment is pointed at, the legend says how it stands at the last one. */
const hooks: uPlot.Hooks.Arrays = {
  setCursor: [(chart) => showLast(chart)],
  setData: [(chart) => showLast(chart)],
};

function showLast(chart: uPlot): void {
  if (chart.cursor.idx == null && chart.data[0].length > 0) chart.setLegend({ idx: chart.data[0].length - 1 });
}

const value: uPlot.Series.Value = (_, n) => (n == null ? "–" : count(n));

/** Both charts; the cursor of one shows the same moment in the other. */
export class Charts {
  private readonly lines: uPlot;
  private readonly bars: uPlot;
  private readonly title: HTMLElement;
  private readonly watcher: ResizeObserver;

  constructor(box: HTMLElement) {
    const width = Math.max(200, box.clientWidth);
    const shared = { width, hooks, cursor: { sync: { key: "timeline" }, drag: { x: false, y: false } }, scales: { y: { range: fromZero } } };
    this.lines = new uPlot(
      {
        ...shared,
        height: LINES_HEIGHT,
        axes: axes("tall"),
        series: [
          moment,
          { label: "Found", stroke: color("line-found"), width: 2, dash: [6, 4], points: { show: false }, value },
          { label: "Fetched", stroke: color("accent"), fill: color("accent-wash"), width: 2, points: { show: false }, value },
        ],
      },
      [[], [], []],
      box,
    );
    this.title = box.appendChild(document.createElement("h3"));
    this.title.textContent = "Failures over time";
    this.bars = new uPlot(
      {
        ...shared,
        height: BARS_HEIGHT,
        axes: axes("low"),
        series: [moment, { label: "Failures", stroke: color("bar-bad"), fill: color("bar-bad"), paths: uPlot.paths.bars!({ size: [0.7, 12, 2] }), points: { show: false }, value: (_, n) => count(n ?? 0) }],
      },
      [[], []],
      box,
    );
    this.watcher = new ResizeObserver(() => {
      const now = Math.max(200, box.clientWidth);
      if (now === this.lines.width) return;
      this.lines.setSize({ width: now, height: LINES_HEIGHT });
      this.bars.setSize({ width: now, height: BARS_HEIGHT });
    });
    this.watcher.observe(box);
  }

  show(points: Timeline["points"]): void {
    const at = points.map((point) => Date.parse(point.at) / 1000);
    this.lines.setData([at, points.map((p) => p.found), points.map((p) => p.fetched)]);
    // None is drawn as nothing, not as a line on the ground.
    this.bars.setData([at, points.map((p, n) => p.failed - (points[n - 1]?.failed ?? 0) || null)]);
  }

  destroy(): void {
    this.watcher.disconnect();
    this.lines.destroy();
    this.bars.destroy();
    this.title.remove();
  }
}

function fromZero(_: uPlot, __: number, most: number): [number, number] {
  return [0, Math.max(4, (most ?? 0) * 1.08)];
}
