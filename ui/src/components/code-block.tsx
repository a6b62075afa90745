import { CopyButton } from "./copy-button";

/** Text to copy; it can be scrolled by keyboard. */
export function CodeBlock({ title, text }: { title: string; text: string }) {
  return (
    <section class="code">
      <header>
        <h2>{title}</h2>
        <CopyButton text={text} label={`Copy ${title}`}>
          Copy
        </CopyButton>
      </header>
      <pre tabIndex={0} role="region" aria-label={title}>
        <code>{text}</code>
      </pre>
    </section>
  );
}
