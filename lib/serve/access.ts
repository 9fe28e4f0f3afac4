/**
 * Who may ask: whoever has the token, in a header or in the cookie that the page got for it. The
 * cookie is not the token: it is signed with it, and ends by itself.
 */
import {
  bearerToken,
  equalBytes,
  SESSION_SECONDS,
  sessionCookie,
  setCookie,
} from "./core/access_rules.ts";
import { Problem } from "./core/problem.ts";
import { unixMs } from "../libc/clock.ts";

const encoder = new TextEncoder();
const CHALLENGE = { "www-authenticate": 'Bearer realm="hexad"' } as const;

/** @throws {Problem} 401 if a token is needed and the request has none, or a wrong one. */
export async function refuseStrangers(request: Request, token: string | undefined): Promise<void> {
  if (token === undefined) return;
  const { headers } = request;
  const given = bearerToken(headers.get("authorization"));
  if (given !== undefined) {
    if (await isToken(given, token)) return;
    throw new Problem(401, "that is not the token", CHALLENGE);
  }
  const cookie = sessionCookie(headers.get("cookie"));
  if (cookie !== undefined && await isSession(cookie, token)) return;
  throw new Problem(
    401,
    "a token is needed: Authorization: Bearer TOKEN, or POST /login",
    CHALLENGE,
  );
}

/** Compares digests, so that not even the length of the token can be measured. */
export async function isToken(given: string, token: string): Promise<boolean> {
  return equalBytes(await sha256(given), await sha256(token));
}

/** The header that sets a cookie for whoever has the token. */
export async function newSession(
  token: string,
  options: { readonly secure: boolean },
): Promise<string> {
  const ends = Math.floor(unixMs() / 1000) + SESSION_SECONDS;
  return setCookie(`${ends}.${await signature(ends, token)}`, options);
}

async function isSession(cookie: string, token: string): Promise<boolean> {
  const [, digits, signed] = /^(\d{1,12})\.([0-9a-f]{64})$/.exec(cookie) ?? [];
  if (signed === undefined) return false;
  const expected = await signature(Number(digits), token);
  return equalBytes(encoder.encode(signed), encoder.encode(expected)) &&
    Number(digits) > unixMs() / 1000;
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

async function signature(ends: number, token: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(token), algorithm, false, [
    "sign",
  ]);
  const bytes = await crypto.subtle.sign("HMAC", key, encoder.encode(`hexad session ${ends}`));
  return new Uint8Array(bytes).toHex();
}
