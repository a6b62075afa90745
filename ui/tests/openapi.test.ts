import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

interface Schema {
  $ref?: string;
  properties?: Record<string, { default?: unknown }>;
  required?: string[];
  allOf?: Schema[];
}

const DOCUMENT = "../api/openapi.json";

/** The names of ours and theirs, where they differ. */
const NAMES: Record<string, string> = { ProblemBody: "Problem", Breakdown: "BreakdownAnswer", Timeline: "TimelineAnswer", SiteMap: "MapAnswer", BrokenLink: "BrokenPage" };

/** Interfaces of src/api/types.ts with their fields; a question mark says that a field may be absent. */
function interfaces(): Map<string, { field: string; optional: boolean }[]> {
  const text = readFileSync("src/api/types.ts", "utf8");
  const found = new Map<string, { field: string; optional: boolean }[]>();
  for (const [, name, body] of text.matchAll(/export interface (\w+)[^{]*\{\n([^]*?)\n\}/g)) {
    const fields = [...body!.matchAll(/^ {2}(\w+)(\?)?:/gm)].map(([, field, mark]) => ({ field: field!, optional: mark === "?" }));
    found.set(name!, fields);
  }
  return found;
}

test("the types agree with the service's OpenAPI document", { skip: !existsSync(DOCUMENT) }, () => {
  const schemas = JSON.parse(readFileSync(DOCUMENT, "utf8")).components.schemas as Record<string, Schema>;
  const whole = (schema: Schema): { properties: Record<string, { default?: unknown }>; required: string[] } => {
    if (schema.$ref) return whole(schemas[schema.$ref.split("/").at(-1)!]!);
    const parts = (schema.allOf ?? []).map(whole);
    return {
      properties: Object.assign({}, schema.properties, ...parts.map((part) => part.properties)),
      required: [...(schema.required ?? []), ...parts.flatMap((part) => part.required)],
    };
  };
  const wrong: string[] = [];
  let checked = 0;
  for (const [name, fields] of interfaces()) {
    const schema = schemas[NAMES[name] ?? name];
    if (!schema) continue;
    checked += 1;
    const { properties, required } = whole(schema);
    for (const { field, optional } of fields) {
      const theirs = properties[field];
      if (!theirs) wrong.push(`${name}.${field} is not in the document`);
      // What has a default may be left out of a request, and is in every answer.
      else if (!optional && !required.includes(field) && theirs.default === undefined) wrong.push(`${name}.${field} may be absent`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(checked >= 8, `only ${checked} types were found in the document`);
});
