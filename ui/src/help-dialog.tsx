import { useState } from "preact/hooks";
import { Modal } from "./components/modal";
import { shortcutsOn, switchShortcuts } from "./shortcuts";

const KEYS: [string, string][] = [
  ["/", "Go to the search field"],
  ["n", "Add a crawl"],
  ["?", "Show this help"],
  ["Esc", "Close a dialog, a menu or the details of a page"],
];

export function HelpDialog({ onClose }: { onClose(): void }) {
  const [on, setOn] = useState(shortcutsOn());
  const change = (next: boolean) => {
    switchShortcuts(next);
    setOn(next);
  };
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={on} onChange={(event) => change(event.currentTarget.checked)} /> Single-key shortcuts are on
      </label>
    </Modal>
  );
}
