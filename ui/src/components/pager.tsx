interface Props {
  /** Where the buttons lead; without one they are off. */
  first?: string;
  previous?: string;
  next?: string;
  children: preact.ComponentChildren;
}

/** First, previous, next: by cursors, so there is no last and no page number to jump to. */
export function Pager({ first, previous, next, children }: Props) {
  return (
    <nav class="pager" aria-label="Pages of this table">
      <span class="quiet" role="status">
        {children}
      </span>
      <span class="buttons">
        <Step to={first}>First</Step>
        <Step to={previous}>Previous</Step>
        <Step to={next}>Next</Step>
      </span>
    </nav>
  );
}

function Step({ to, children }: { to?: string; children: string }) {
  return to ? (
    <a class="button small" href={to}>
      {children}
    </a>
  ) : (
    <button type="button" class="small" disabled>
      {children}
    </button>
  );
}
