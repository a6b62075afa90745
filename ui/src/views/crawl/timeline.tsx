//! Found and fetched over time on one chart, failures below it on the same axis. The library is fetched when it is first needed.

import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../../api/client";
import type { Timeline } from "../../api/types";
import { ErrorBox } from "../../components/states";
import { count } from "../../format/numbers";
import { useStore } from "../../store";
import { theme } from "../../theme";
import type { Charts } from "./charts";

type Points = Timeline["points"];

export function TimelineCharts({ points, error }: { points?: Points; error?: ApiError }) {
  const box = useRef<HTMLDivElement>(null);
  const charts = useRef<Charts | undefined>(undefined);
  const [broken, setBroken] = useState(false);
  const chosen = useStore(theme);
  const enough = (points?.length ?? 0) > 1;

  useEffect(() => {
    if (!enough) return;
    let over = false;
    import("./charts").then(
      ({ Charts }) => {
        if (over || !box.current) return;
        charts.current = new Charts(box.current);
        charts.current.show(points!);
      },
      () => setBroken(true),
    );
    return () => {
      over = true;
      charts.current?.destroy();
      charts.current = undefined;
    };
  }, [enough, chosen]);
  useEffect(() => {
    if (points && enough) charts.current?.show(points);
  }, [points, enough]);

  const last = points?.at(-1);
  return (
    <section class="card chart-card">
      <h2>Found and fetched over time</h2>
      {error && !points && <ErrorBox error={error} />}
      {broken && <p class="quiet">The chart could not be loaded; load the page again.</p>}
      {!enough && !error && <p class="quiet">{points ? "Not enough has happened yet for a chart." : "Loading…"}</p>}
      {last && (
        <p class="visually-hidden">
          At the last moment of the chart: {count(last.found)} found, {count(last.fetched)} fetched, {count(last.failed)} failed.
        </p>
      )}
      <div ref={box} class={`charts ${enough && !broken ? "awaited" : ""}`} aria-hidden="true" />
    </section>
  );
}
