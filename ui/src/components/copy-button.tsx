import { useEffect, useState } from "preact/hooks";
import { copyText } from "../copy/clipboard";
import { CopyIcon, DoneIcon } from "./icons";
import { notify } from "./notices";

interface Props {
  /** The text, or what makes it when it is asked for. */
  text: string | (() => string);
  /** What is copied, for those who do not see where the button stands: "Copy URL". */
  label: string;
  /** Shown beside the picture. */
  children?: preact.ComponentChildren;
}

export function CopyButton({ text, label, children }: Props) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1_500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    const copied = await copyText(typeof text === "string" ? text : text());
    setDone(copied);
    notify(copied ? "Copied." : "The browser does not let this page copy; select the text and copy it by hand.", !copied);
  };
  return (
    <button type="button" class={children ? "small" : "plain copy"} aria-label={label} title={label} onClick={() => void copy()}>
      {done ? <DoneIcon /> : <CopyIcon />}
      {children && <span>{children}</span>}
    </button>
  );
}
