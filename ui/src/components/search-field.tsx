import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  label: string;
  placeholder?: string;
  value: string;
  onChange(value: string): void;
}

const PAUSE_MS = 300;

/** Searches when the typing pauses. */
export function SearchField({ label, placeholder, value, onChange }: Props) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const told = useRef(value);
  useEffect(() => {
    // From elsewhere, such as the back button; not what was typed here.
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (next: string) => {
    clearTimeout(timer.current);
    told.current = next;
    onChange(next);
  };
  const type = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(next.trim()), PAUSE_MS);
  };
  return (
    <label class="field search">
      <span>{label}</span>
      <input type="search" value={text} placeholder={placeholder} spellcheck={false} onInput={(event) => type(event.currentTarget.value)} onKeyDown={(event) => event.key === "Enter" && tell(text.trim())} />
    </label>
  );
}
