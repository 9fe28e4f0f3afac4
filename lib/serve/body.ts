/** The body of a request: a small JSON object, and nothing else. */
import { Problem } from "./core/problem.ts";

const MAX_BYTES = 4096;
const PATIENCE_MS = 10_000;

/**
 * A page of another site can have a browser send forms and texts here, but not JSON without asking
 * first, and it is never told yes.
 *
 * @throws {Problem} 400, 408, 413 or 415
 */
export async function jsonBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  if (type !== "application/json") {
    throw new Problem(415, "the body has to be JSON: Content-Type: application/json");
  }
  const text = await smallText(request);
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new Problem(400, "the body is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem(400, "the body is no JSON object");
  }
  return value as Readonly<Record<string, unknown>>;
}

async function smallText({ body }: Request): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const problem = new Problem(408, "the body did not come in time", { connection: "close" });
    timer = setTimeout(() => reject(problem), PATIENCE_MS);
  });
  const bytes = new Uint8Array(MAX_BYTES);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) break;
      if (length + value.length > MAX_BYTES) {
        throw new Problem(413, `the body has more than ${MAX_BYTES} bytes`, {
          connection: "close",
        });
      }
      bytes.set(value, length);
      length += value.length;
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  } catch (error) {
    reader.cancel().catch(() => {}); // it is over either way
    if (error instanceof Problem) throw error;
    throw new Problem(400, "the body could not be read, or is no UTF-8");
  } finally {
    clearTimeout(timer);
  }
}
