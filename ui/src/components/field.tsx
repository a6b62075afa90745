//! Fields of a form: a label, a hint, and the error right below, tied together for those who hear the page.

interface Common {
  id: string;
  label: string;
  hint?: preact.ComponentChildren;
  error?: string;
  value: string;
  onChange(value: string): void;
}

function Around({ id, label, hint, error, children }: Omit<Common, "value" | "onChange"> & { children: preact.ComponentChildren }) {
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      {children}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

const described = ({ id, hint, error }: Common) => [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;

export function TextField({ onChange, value, ...props }: Common & { placeholder?: string; kind?: "text" | "numeric" | "url"; required?: boolean }) {
  const { id, error, placeholder, kind = "text", required } = props;
  return (
    <Around {...props}>
      <input id={id} type="text" value={value} placeholder={placeholder} required={required} inputMode={kind} autocomplete="off" spellcheck={false} autocapitalize="off" aria-invalid={Boolean(error)} aria-describedby={described({ ...props, value, onChange })} onInput={(event) => onChange(event.currentTarget.value)} />
    </Around>
  );
}

export function LinesField({ onChange, value, ...props }: Common & { placeholder?: string }) {
  const { id, error, placeholder } = props;
  return (
    <Around {...props}>
      <textarea id={id} rows={3} value={value} placeholder={placeholder} spellcheck={false} autocapitalize="off" aria-invalid={Boolean(error)} aria-describedby={described({ ...props, value, onChange })} onInput={(event) => onChange(event.currentTarget.value)} />
    </Around>
  );
}

export function ChoiceField({ onChange, value, choices, ...props }: Common & { choices: [value: string, words: string][] }) {
  const { id, error } = props;
  return (
    <Around {...props}>
      <select id={id} value={value} aria-invalid={Boolean(error)} aria-describedby={described({ ...props, value, onChange })} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </Around>
  );
}
