// The REST service without a browser: any header may be set, and nothing is added.

import { request as send, type Agent } from "node:http";
import { token, type Person } from "./people";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: any;
}

export interface Call {
  method?: string;
  as?: Person;
  token?: string;
  headers?: Record<string, string>;
  /** Sent as it is when it is text or bytes, as JSON else. */
  body?: unknown;
  /** Keeps connections open; without one each call has its own, so that none is left of a Pod that is gone. */
  agent?: Agent;
  /** How many milliseconds it may take. */
  patience?: number;
}

const base = new URL(process.env.CRAWL_URL!);

/** Sends the path as it is written: no dot, slash or percent sign is tidied away. */
export async function call(path: string, { method = "GET", as, token: given, headers = {}, body, agent, patience = 45_000 }: Call = {}): Promise<Answer> {
  const bearer = as ? await token(as) : given;
  const sent: Record<string, string> = { ...headers };
  if (bearer !== undefined && sent.Authorization === undefined) sent.Authorization = `Bearer ${bearer}`;
  const bytes = body === undefined ? undefined : body instanceof Buffer ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  if (bytes) {
    sent["Content-Type"] ??= "application/json";
    sent["Content-Length"] ??= String(bytes.length);
  }
  return new Promise((resolve, reject) => {
    const request = send({ host: base.hostname, port: base.port, path, method, headers: sent, agent: agent ?? false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({ status: response.statusCode!, headers: response.headers, text, json: parsed(text) });
      });
    });
    request.on("error", reject);
    request.setTimeout(patience, () => request.destroy(new Error(`${method} ${path}: no answer within ${patience} ms`)));
    request.end(bytes);
  });
}

function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The path of a Crawl below /api/v1. */
export const at = (name: string, more = "", namespace = "browser") => `/api/v1/namespaces/${namespace}/crawls/${name}${more}`;
