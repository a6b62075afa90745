//! Prefixes of the map: "http://host" and below it "http://host/dir/".

/** The host and the folders on the way to a prefix, each with its own prefix. */
export function prefixParts(prefix: string): { name: string; prefix: string }[] {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(prefix)?.[0];
  if (!origin) return prefix ? [{ name: prefix, prefix }] : [];
  const parts = [{ name: origin.replace(/^[a-z]+:\/\//i, ""), prefix: origin }];
  let so = `${origin}/`;
  for (const name of prefix.slice(origin.length).split("/").filter(Boolean)) {
    so += `${name}/`;
    parts.push({ name, prefix: so });
  }
  return parts;
}
