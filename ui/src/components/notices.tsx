//! What just happened, in words: read out politely, shown for a while; what went wrong stays until it is dismissed.

import { useEffect } from "preact/hooks";
import { store, useStore } from "../store";
import { CloseIcon } from "./icons";

interface Notice {
  id: number;
  text: string;
  bad: boolean;
}

const notices = store<Notice[]>([]);
const SHOWN_MS = 5_000;
let lastId = 0;

export function notify(text: string, bad = false): void {
  lastId += 1;
  const others = notices.get().filter((n) => n.bad && n.text !== text);
  notices.set([...others, { id: lastId, text, bad }].slice(-3));
}

const dismiss = (id: number) => notices.set(notices.get().filter((n) => n.id !== id));

export function Notices() {
  const all = useStore(notices);
  return (
    <div class="notices">
      <div role="status">{all.filter((n) => !n.bad).map((n) => <NoticeBox key={n.id} notice={n} />)}</div>
      <div role="alert">{all.filter((n) => n.bad).map((n) => <NoticeBox key={n.id} notice={n} />)}</div>
    </div>
  );
}

function NoticeBox({ notice: { id, text, bad } }: { notice: Notice }) {
  useEffect(() => {
    if (bad) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, bad]);
  return (
    <div class={`notice ${bad ? "tone-bad" : "tone-good"}`}>
      <span>{text}</span>
      <button type="button" class="plain" aria-label="Dismiss" onClick={() => dismiss(id)}>
        <CloseIcon />
      </button>
    </div>
  );
}
