import { useEffect, useRef } from "preact/hooks";

let opened = false;

/** The one h1. It takes the focus when a view opens, so that keyboards and screen readers begin there; not on the very first one. */
export function PageTitle({ title, children }: { title: string; children?: preact.ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · crawl-operator`;
    if (opened) heading.current?.focus();
    opened = true;
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
