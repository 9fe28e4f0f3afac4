/** Tokens and cookies as they stand in headers. Pure. */

export const COOKIE = "hexad-session";
/** How long a login lasts. */
export const SESSION_SECONDS = 12 * 3600;
/** A token that could be guessed is none. */
export const LEAST_TOKEN = 16;

/** The token of `Authorization: Bearer TOKEN`. */
export function bearerToken(header: string | null): string | undefined {
  return /^bearer +([^\s]+)\s*$/i.exec(header ?? "")?.[1];
}

/** The value of our cookie. */
export function sessionCookie(header: string | null): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}

/** @param value Empty: takes the cookie back */
export function setCookie(value: string, options: { readonly secure: boolean }): string {
  const age = value === "" ? 0 : SESSION_SECONDS;
  return `${COOKIE}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${
    options.secure ? "; Secure" : ""
  }`;
}

/** In a time that does not tell where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
