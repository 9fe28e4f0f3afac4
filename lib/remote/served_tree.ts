/** A tree that another `hexad serve` shows: asking it, and saying in one line why that failed. */
import { strerror } from "../core/linux/errno.ts";
import { printable } from "../core/text/printable.ts";
import type { StatusOverview } from "../status/core/status_document.ts";
import { overviewOf } from "./core/overview_of.ts";
import type { RemoteAction } from "./core/remote_action.ts";
import { settingOf } from "./core/setting_of.ts";
import { EventSourceReader, type ReceivedEvent } from "./core/event_source.ts";
import type { ServerUrl } from "./core/server_url.ts";

/** How long an answer may take to begin, and one that is no stream to end. */
const PATIENCE_MS = 30_000;
/** No document is larger. */
const MOST_BYTES = 1 << 26;
const PROBLEM_TYPE = "application/problem+json";

/** Why something could not be had. `isAbsent`: the server has no such thing. */
export class RemoteError extends Error {
  override readonly name = "RemoteError";
  readonly isAbsent: boolean;
  /** Asking again may help. */
  readonly isPassing: boolean;

  constructor(message: string, kind: { isAbsent?: boolean; isPassing?: boolean } = {}) {
    super(message);
    this.isAbsent = kind.isAbsent ?? false;
    this.isPassing = kind.isPassing ?? false;
  }
}

export interface Query {
  readonly [name: string]: string;
}

/** How a request differs from a plain one. */
interface Asked {
  readonly method?: "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export class RemoteTree implements Disposable {
  readonly #url: ServerUrl;
  readonly #token: string | undefined;
  readonly #client: Deno.HttpClient | undefined;

  constructor(url: ServerUrl, token: string | undefined) {
    this.#url = url;
    this.#token = token;
    const { socket } = url;
    this.#client = socket === undefined
      ? undefined
      : Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
  }

  /** All services and oneshots, and whatever else `hexad status` tells. @throws {RemoteError} */
  async overview(): Promise<StatusOverview> {
    const text = await this.#text(await this.#get("/v1/services", {}, "application/json"));
    return this.#parsed(() => overviewOf(JSON.parse(text)));
  }

  #parsed<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (error instanceof SyntaxError) throw this.#stranger();
      throw error;
    }
  }

  /** How the tree was named. */
  get name(): string {
    return this.#url.text;
  }

  /**
   * What stands in a file of a service; undefined if nothing that counts does.
   *
   * @throws {RemoteError} If it can't be asked, or has no such service.
   */
  async setting(service: string, file: string): Promise<string | undefined> {
    const path = `${servicePath(service)}/configuration`;
    const text = await this.#text(await this.#get(path, {}, "application/json"));
    return this.#parsed(() => settingOf(text, file));
  }

  /** Has a service's supervisor told something. @throws {RemoteError} If it can't be, or may not. */
  async act(service: string, { action, signal }: RemoteAction): Promise<void> {
    const response = await this.#fetch(`${servicePath(service)}/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(signal === undefined ? {} : { signal }),
    });
    await response.body?.cancel();
  }

  /**
   * The events of a stream, until it ends.
   *
   * @param lastId The event after which it goes on
   * @param signal Ends it
   * @throws {RemoteError} If it can't be had, or breaks off.
   */
  async *events(
    path: string,
    query: Query,
    { lastId, signal }: { readonly lastId?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<readonly ReceivedEvent[]> {
    const response = await this.#get(path, query, "text/event-stream", {
      headers: lastId === undefined ? {} : { "last-event-id": lastId },
      ...(signal === undefined ? {} : { signal }),
    });
    const reader = new EventSourceReader();
    const decoder = new TextDecoder();
    try {
      for await (const piece of response.body ?? []) {
        yield reader.add(decoder.decode(piece, { stream: true }));
      }
    } catch (error) {
      throw error instanceof SyntaxError ? this.#stranger() : this.#broken(error);
    }
  }

  async #get(
    path: string,
    query: Query,
    accept: string,
    asked: Asked = {},
  ): Promise<Response> {
    const search = new URLSearchParams(query).toString();
    const response = await this.#fetch(search === "" ? path : `${path}?${search}`, {
      ...asked,
      headers: { ...asked.headers, accept },
    });
    const type = response.headers.get("content-type")?.split(";")[0];
    if (type === accept) return response;
    await response.body?.cancel();
    throw this.#stranger();
  }

  async #fetch(path: string, { headers, signal, ...asked }: Asked): Promise<Response> {
    const begun = new AbortController();
    const timer = setTimeout(() => begun.abort(), PATIENCE_MS);
    const authorization = this.#token === undefined
      ? {}
      : { authorization: `Bearer ${this.#token}` };
    let response: Response;
    try {
      response = await fetch(`${this.#url.base}${path}`, {
        ...asked,
        headers: { ...headers, ...authorization },
        redirect: "manual",
        signal: signal === undefined ? begun.signal : AbortSignal.any([begun.signal, signal]),
        ...(this.#client === undefined ? {} : { client: this.#client }),
      });
    } catch (error) {
      throw this.#broken(error);
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    throw await this.#refused(response);
  }

  async #text(response: Response): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    try {
      for await (const piece of response.body ?? []) {
        text += decoder.decode(piece, { stream: true });
        if (text.length > MOST_BYTES) throw this.#stranger();
      }
    } catch (error) {
      throw error instanceof RemoteError ? error : this.#broken(error);
    }
    return text;
  }

  async #refused(response: Response): Promise<RemoteError> {
    const { status } = response;
    const isOurs = response.headers.get("content-type")?.split(";")[0] === PROBLEM_TYPE;
    const detail = isOurs ? detailOf(await this.#text(response)) : undefined;
    if (!isOurs) await response.body?.cancel();
    const { text } = this.#url;
    if (status === 401) {
      const cure = this.#token === undefined
        ? "it needs a token: --token-file FILE, or HEXAD_TOKEN"
        : "it does not take this token";
      return new RemoteError(`unable to look at ${text}: ${cure}`);
    }
    if (detail === undefined) return this.#stranger();
    const kind = { isAbsent: status === 404, isPassing: status === 503 };
    // those are about the service, not about the server
    const isAnswer = status === 404 || status === 403 || status === 409;
    return new RemoteError(isAnswer ? detail : `unable to ask ${text}: ${detail}`, kind);
  }

  #stranger(): RemoteError {
    return new RemoteError(`what answers at ${this.#url.text} is no hexad serve`);
  }

  #broken(error: unknown): RemoteError {
    const reason = reasonOf(error);
    return new RemoteError(`unable to ask ${this.#url.text}: ${reason}`, { isPassing: true });
  }

  [Symbol.dispose](): void {
    this.#client?.close();
  }
}

/** The path of what a server has about a service. */
export function servicePath(service: string): string {
  return `/v1/services/${encodeURIComponent(service)}`;
}

function detailOf(text: string): string | undefined {
  try {
    const { detail } = JSON.parse(text) as { readonly detail?: unknown };
    return typeof detail === "string" ? printable(detail) : undefined;
  } catch {
    return undefined;
  }
}

/** What the runtime says, in our words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no connection";
  if (error.name === "AbortError") return `no answer within ${PATIENCE_MS / 1000} seconds`;
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  const errno = /\(os error (\d+)\)/.exec(text)?.[1];
  if (/dns error|lookup address/.test(text)) return "there is no such host";
  if (errno !== undefined) return strerror(Number(errno));
  const certificate = /invalid peer certificate: (\w+)/.exec(text)?.[1];
  if (certificate !== undefined) return `its certificate is not valid: ${certificate}`;
  if (/tls|Tls|handshake|corrupt message|InvalidContentType/.test(text)) return "it speaks no TLS";
  return "the connection has broken off";
}
