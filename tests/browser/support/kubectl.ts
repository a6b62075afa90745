// The cluster as kubectl shows it: what the page must agree with.

import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What kubectl prints; an error with what it says else. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run("kubectl", args, { maxBuffer: 64 << 20 });
  return stdout.trim();
}

export async function apply(manifest: object): Promise<void> {
  const child = spawn("kubectl", ["apply", "-f", "-"], { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  child.stdin.end(JSON.stringify(manifest));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`kubectl apply: ${said}`);
}

export interface Crawl {
  metadata: { name: string; namespace: string; creationTimestamp: string; deletionTimestamp?: string };
  spec: { seeds: string[]; maxLinks: number; suspend?: boolean; cancel?: boolean };
  status?: {
    phase?: string;
    links?: number;
    pages?: Record<"discovered" | "queued" | "inFlight" | "fetched" | "failed" | "redirected" | "skipped", number>;
    conditions?: { type: string; status: string; reason: string; message: string }[];
  };
}

/** The Crawl, or nothing where there is none. */
export async function crawl(name: string, namespace = NAMESPACE): Promise<Crawl | undefined> {
  const text = await kubectl("-n", namespace, "get", "crawl", name, "--ignore-not-found", "-o", "json");
  return text ? (JSON.parse(text) as Crawl) : undefined;
}

/** The namespace in which the editor may edit and the viewer may look. */
export const NAMESPACE = "browser";
