/** A file of the page, with the digest of its text as its ETag. */
import type { PageFile } from "./page_files.ts";
import { Problem } from "./core/problem.ts";

const BODILESS = 304;
const tags = new Map<string, Promise<string>>();

async function tagOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `"${new Uint8Array(digest).toHex().slice(0, 32)}"`;
}

/** @throws {Problem} 404 if there is no such file. */
export async function pageResponse(name: string, request: Request): Promise<Response> {
  const { PAGE_FILES } = await import("./page_files.ts"); // whoever only asks for JSON needs none
  const file: PageFile | undefined = Object.hasOwn(PAGE_FILES, name) ? PAGE_FILES[name] : undefined;
  if (file === undefined) throw new Problem(404, "the page has no such file");
  let tag = tags.get(name);
  if (tag === undefined) tags.set(name, tag = tagOf(file.text));
  const headers = { etag: await tag, "cache-control": "no-cache", "content-type": file.type };
  const known = (request.headers.get("if-none-match") ?? "").split(/\s*,\s*/);
  return known.includes(headers.etag) || known.includes(`W/${headers.etag}`)
    ? new Response(null, { status: BODILESS, headers })
    : new Response(file.text, { headers });
}
