/** A `hexad serve` beside a test, and what clients of it do. */
import { assertEquals } from "@std/assert";
import type { ProblemDocument } from "../../../lib/serve/core/problem.ts";
import { type Background, start } from "../../fixture/command.ts";
import { within } from "../../fixture/deadline.ts";
import { OURS } from "../../fixture/toolset.ts";

export interface Served extends AsyncDisposable {
  readonly process: Background;
  /** Without a slash at its end. */
  readonly url: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** The document at a path that answers with this status. */
  json(path: string, status?: number): Promise<unknown>;
  /** The detail of the problem that a request is answered with. */
  problem(path: string, status: number, init?: RequestInit): Promise<string>;
}

/** @param args Options beyond the address and the scan directory */
export async function startServe(
  scandir: string,
  args: readonly string[] = [],
  { listen = "127.0.0.1:0" }: { readonly listen?: string } = {},
): Promise<Served> {
  const process = start(OURS.bin("hexad"), ["serve", "-l", listen, "-S", scandir, ...args]);
  const told = await process.stderr.until(/info: serving .* at \S+\n/);
  const address = told.trimEnd().split(" ").at(-1)!;
  const socket = /^unix:(.*)/.exec(address)?.[1];
  const client = socket === undefined
    ? undefined
    : Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
  const url = socket === undefined ? address.replace(/\/$/, "") : "http://hexad";
  const get = (path: string, init: RequestInit = {}): Promise<Response> =>
    within(
      fetch(`${url}${path}`, client === undefined ? init : { ...init, client }),
      `an answer to ${path}`,
    );
  return {
    process,
    url,
    get,
    async json(path, status = 200): Promise<unknown> {
      const response = await get(path);
      const text = await response.text();
      assertEquals(response.status, status, text);
      return JSON.parse(text);
    },
    async problem(path, status, init): Promise<string> {
      const response = await get(path, init);
      const problem = await response.json() as ProblemDocument;
      assertEquals(response.headers.get("content-type"), "application/problem+json");
      assertEquals([response.status, problem.status], [status, status], problem.detail);
      return problem.detail;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      client?.close();
      await process[Symbol.asyncDispose]();
    },
  };
}

/** All that comes back for these bytes, until the server closes the connection. */
export async function rawAnswer(
  { url }: Pick<Served, "url">,
  bytes: string | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const sent = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  await connection.write(sent).catch(() => 0); // it may have heard enough
  const answer = new Response(connection.readable).text();
  return await within(answer.catch(() => ""), "the end of a connection");
}

export interface SentEvent {
  /** `message` where it has no name. */
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** The events of a stream, one after the other. */
export class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(response: Response) {
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Undefined at the end. Comments are left out, and don't extend the time that it may take. */
  next(): Promise<SentEvent | undefined> {
    return within(this.#next(), "an event");
  }

  async #next(): Promise<SentEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        if (!block.startsWith(":")) return parsed(block);
        continue;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += value;
    }
  }

  /** The next that is as wanted; those before are passed over. */
  async until(isWanted: (event: SentEvent) => boolean): Promise<SentEvent> {
    for (;;) {
      const event = await this.next();
      if (event === undefined) throw new Error("the stream has ended");
      if (isWanted(event)) return event;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {}); // the server may be gone
  }
}

function parsed(block: string): SentEvent {
  const fields = new Map(
    block.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  return {
    event: fields.get("event") ?? "message",
    id: fields.get("id"),
    data: JSON.parse(fields.get("data")!),
  };
}
