import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { curlCreate, kubectlCreate, manifest } from "../src/copy/crawl";
import { quoted } from "../src/copy/shell";
import { toYaml } from "../src/copy/yaml";

const nasty = ["it's", "$(rm -rf /)", "`id`", "a b", "", "\\", '"', "\n", "!x", "EOF", "日本語"];

test("a shell reads one word back as it was", () => {
  for (const word of nasty) {
    assert.equal(execFileSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" }), word);
  }
});

test("YAML quotes whatever might mean something else", () => {
  for (const word of ["true", "No", "null", "1", "1e3", "0x1", "~", "- a", "a: b", "a #b", "*x", "&x", "!x", "%x", "@x", "'x", "x\ny", "", " x", "x ", "2026-01-01", ".inf"]) {
    assert.equal(toYaml({ a: word }), `a: ${JSON.stringify(word)}\n`);
  }
  assert.equal(toYaml({ a: "Host" }), "a: Host\n");
  assert.equal(toYaml({ a: "x\u2028\u0085y" }), 'a: "x\\u2028\\u0085y"\n');
});

test("YAML of lists and maps in each other", () => {
  const value = { seeds: ["https://example.com/", "https://b/"], scope: { include: ["^a\\.b$"], none: [], empty: {} }, list: [{ a: 1, b: [true, null] }, [2]] };
  const wanted = [
    "seeds:",
    '  - "https://example.com/"',
    '  - "https://b/"',
    "scope:",
    "  include:",
    '    - "^a\\\\.b$"',
    "  none: []",
    "  empty: {}",
    "list:",
    "  - a: 1",
    "    b:",
    "      - true",
    "      - null",
    "  - - 2",
    "",
  ];
  assert.equal(toYaml(value), wanted.join("\n"));
});

test("a crawl in other words", () => {
  const crawl = { name: "docs", spec: { seeds: ["https://example.com/it's"], maxLinks: 10 } };
  assert.match(manifest("default", crawl), /^apiVersion: crawl-operator.io\/v1alpha1\nkind: Crawl\nmetadata:\n {2}name: docs\n {2}namespace: default\nspec:\n/);
  assert.match(kubectlCreate("default", crawl), /^kubectl apply -f - <<'EOF'\n[^]*\nEOF\n$/);
  assert.match(kubectlCreate("default", { spec: crawl.spec }), /^kubectl create [^]*generateName: crawl-/);
  const curl = curlCreate("http://127.0.0.1:8000/", "default", crawl, true);
  const words = execFileSync("sh", ["-c", curl.replace("curl", "printf '%s\\n'")], { encoding: "utf8", env: { ...process.env, TOKEN: "t" } });
  assert.ok(words.includes("Authorization: Bearer t\n"));
  assert.deepEqual(JSON.parse(words.trim().split("\n").at(-1)!), crawl);
});
