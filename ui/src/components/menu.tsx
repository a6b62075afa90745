//! A button that shows a short list of buttons and links. Escape, a click elsewhere and a choice close it.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
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

  // Placed by hand in the window: a table that scrolls would cut off what hangs out of it.
  const items = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open || !items.current || !button.current) return;
    place(items.current, button.current.getBoundingClientRect());
    const close = () => setOpen(false);
    addEventListener("scroll", close, true);
    addEventListener("resize", close);
    return () => {
      removeEventListener("scroll", close, true);
      removeEventListener("resize", close);
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
      const choices = [...(box.current?.querySelectorAll<HTMLElement>(".menu-items button, .menu-items a") ?? [])];
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = choices.indexOf(document.activeElement as HTMLElement);
      choices[(Math.max(at, step > 0 ? -1 : 0) + step + choices.length) % choices.length]?.focus();
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
        <div class="menu-items" ref={items} onClick={(event) => (event.target as Element).closest("button, a") && setOpen(false)}>
          {children}
        </div>
      )}
    </div>
  );
}

const GAP = 4;
const EDGE = 8;

/** Below the button and flush with its end; above where there is no room below. */
function place(items: HTMLElement, button: DOMRect): void {
  const { width, height } = items.getBoundingClientRect();
  const below = button.bottom + GAP;
  const top = below + height + EDGE > innerHeight && button.top - GAP - height > EDGE ? button.top - GAP - height : below;
  items.style.top = `${top}px`;
  items.style.left = `${Math.max(EDGE, Math.min(button.right - width, innerWidth - width - EDGE))}px`;
}
