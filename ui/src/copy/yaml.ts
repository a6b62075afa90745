//! Plain data as YAML that every reader reads back unchanged: whatever might mean something else is written in double quotes, on one line.

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

export function toYaml(value: Plain, indent = ""): string {
  if (Array.isArray(value)) return value.map((item) => `${indent}- ${nested(item, `${indent}  `, true)}`).join("");
  if (isObject(value)) {
    return Object.entries(value)
      .map(([key, item]) => `${indent}${scalar(key)}:${nestedBelow(item, indent)}`)
      .join("");
  }
  return `${indent}${scalar(value)}\n`;
}

function nestedBelow(item: Plain, indent: string): string {
  if (isEmpty(item)) return ` ${Array.isArray(item) ? "[]" : "{}"}\n`;
  if (Array.isArray(item) || isObject(item)) return `\n${toYaml(item, `${indent}  `)}`;
  return ` ${scalar(item)}\n`;
}

/** After "- ", the first line begins where the dash put it. */
function nested(item: Plain, indent: string, afterDash: boolean): string {
  if (isEmpty(item)) return `${Array.isArray(item) ? "[]" : "{}"}\n`;
  const text = toYaml(item, indent);
  return afterDash ? text.slice(indent.length) : text;
}

function isObject(value: Plain): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: Plain): boolean {
  return (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}

function scalar(value: string | number | boolean | null): string {
  if (typeof value !== "string") return String(value);
  return isPlain(value) ? value : doubleQuoted(value);
}

/** Begins with a letter, holds nothing that YAML reads as syntax, and is no word or number of it. */
function isPlain(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_./-]*$/.test(text)) return false;
  return !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text);
}

/** JSON's quoting is YAML's, but for the line breaks that only YAML knows and characters it does not print. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
