/** SHA-256 digests, as lower-case hexadecimal. */

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.toHex();
}

export async function sha256File(path: string): Promise<string> {
  return await sha256(await Deno.readFile(path));
}
