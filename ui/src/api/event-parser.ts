//! Server-sent events from pieces of text. The browser's EventSource cannot send an Authorization header, so the stream is read with fetch.

export interface ServerEvent {
  event: string;
  data: string;
}

/** Takes the text as it comes, in any pieces, and gives the events that are whole. */
export class EventParser {
  private rest = "";
  private event = "";
  private data: string[] = [];

  feed(piece: string): ServerEvent[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    const events: ServerEvent[] = [];
    for (const line of lines) {
      if (line === "") {
        if (this.data.length > 0) events.push({ event: this.event || "message", data: this.data.join("\n") });
        this.event = "";
        this.data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") this.event = value;
      if (field === "data") this.data.push(value);
    }
    return events;
  }
}
