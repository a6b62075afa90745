import type { Connection } from "../live/use-crawl";

const WORDS: Record<Connection, string> = {
  connecting: "Connecting",
  live: "Live",
  paused: "Paused",
  reconnecting: "Reconnecting",
};

/** Says whether what is shown is up to date, and holds or goes on. */
export function LiveButton({ connection, paused, setPaused }: { connection: Connection; paused: boolean; setPaused(paused: boolean): void }) {
  return (
    <button type="button" class={`live ${connection}`} aria-pressed={paused} aria-label={`Updates: ${WORDS[connection]}. Pause`} title={paused ? "Go on with updates" : "Pause updates"} onClick={() => setPaused(!paused)}>
      <span class="live-dot" aria-hidden="true" />
      {WORDS[connection]}
    </button>
  );
}
