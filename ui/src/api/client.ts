//! Calls of the REST service: adds the token, turns every failure into an ApiError with words, and notes whether the service answers at all.

import { store } from "../store";
import { token } from "./token";
import type { ProblemBody } from "./types";

export type Query = Record<string, string | number | boolean | undefined>;

export class ApiError extends Error {
  constructor(
    /** 0 when no answer came. */
    readonly status: number,
    message: string,
    readonly fields: { field: string; message: string }[] = [],
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }

  /** Whether the same call may succeed later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The last words of a service that does not answer; empty while it does. */
export const outage = store("");

/** Set when a call was refused for want of a valid token. */
export const signInNeeded = store<string | undefined>(undefined);

/** The address of a resource below /api/v1, relative to this page, so that any sub-path works. */
export function address(path: string, query: Query = {}): string {
  const url = new URL(`api/v1${path}`, document.baseURI.split("#")[0]);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== "" && value !== false) url.searchParams.set(key, String(value));
  }
  return url.href;
}

/** The answer, if it is one that says yes; an ApiError else. */
export async function request(method: string, path: string, query: Query, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const sent = token.get();
  if (sent) headers.set("Authorization", `Bearer ${sent}`);
  let response: Response;
  try {
    response = await fetch(address(path, query), { ...init, method, headers, cache: "no-store" });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    outage.set("The service does not answer. Is it running, and is the connection (kubectl port-forward, VPN) still there?");
    throw new ApiError(0, "The service does not answer.");
  }
  if (response.ok) {
    outage.set("");
    return response;
  }
  const error = await readProblem(response);
  const gateway = response.status === 502 || response.status === 504;
  outage.set(gateway ? `The service cannot be reached (${response.status}).` : "");
  if (response.status === 401 && sent === token.get()) signInNeeded.set(sent ? error.message : "");
  throw error;
}

async function readProblem(response: Response): Promise<ApiError> {
  const after = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(after) && after > 0 ? after : undefined;
  const text = await response.text().catch(() => "");
  try {
    const body = JSON.parse(text) as ProblemBody & { error?: string };
    const words = body.detail ?? body.error ?? body.title;
    if (words) return new ApiError(response.status, words, body.errors ?? [], retryAfter);
  } catch {
    // Not from the service itself: a proxy in between, for example.
  }
  return new ApiError(response.status, `The service answered ${response.status} ${response.statusText}`.trim() + ".", [], retryAfter);
}

export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return (await request("GET", path, query, { signal: signal ?? null })).json() as Promise<T>;
}

export async function send<T>(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { signal: signal ?? null };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const text = await (await request(method, path, query, init)).text();
  return (text ? JSON.parse(text) : undefined) as T;
}
