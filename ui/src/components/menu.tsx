//! A button that shows a short list of buttons and links. Escape, a click elsewhere and a choice close it.

import { useEffect, useRef, useState } from "preact/hooks";
import { DownIcon } from "./icons";

interface Props {
  label: string;
  /** What the button shows; the label when left out. */
  face?: preact.ComponentChildren;
  class?: string;
  children: preact.ComponentChildren;
}

export function Menu({ label, face, class: className = "", children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const items = [...(box.current?.querySelectorAll<HTMLElement>(".menu-items button, .menu-items a") ?? [])];
      const step = event.key === "ArrowDown" ? 1 : -1;
      const place = items.indexOf(document.activeElement as HTMLElement);
      items[(place + step + items.length) % items.length]?.focus();
    }
  };
  return (
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={button}
        class={className}
        aria-label={face ? label : undefined}
        title={face ? label : undefined}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {face ?? (
          <>
            {label} <DownIcon />
          </>
        )}
      </button>
      {open && (
        <div class="menu-items" onClick={(event) => (event.target as Element).closest("button, a") && setOpen(false)}>
          {children}
        </div>
      )}
    </div>
  );
}
