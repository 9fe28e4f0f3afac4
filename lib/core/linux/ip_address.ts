/**
 * Addresses of the internet protocols, as bytes and as text: four bytes or sixteen. Pure. Source:
 * RFC 4291, section 2.2; RFC 5952, section 4, except that no part is ever written in dotted form
 * (skalibs, ip6_fmt).
 */

const LIMBS = 8;

/** The bytes of `192.0.2.1` or `2001:db8::1`; undefined if it is neither. */
export function parseIp(text: string): Uint8Array<ArrayBuffer> | undefined {
  return text.includes(":") ? parseIp6(text) : parseIp4(text);
}

function parseIp4(text: string): Uint8Array<ArrayBuffer> | undefined {
  const parts = text.split(".");
  if (
    parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255)
  ) return undefined;
  return Uint8Array.from(parts, Number);
}

function parseIp6(text: string): Uint8Array<ArrayBuffer> | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const limbs = halves.map((half, i) =>
    half === "" ? [] : parseLimbs(half, i === halves.length - 1)
  );
  const [before, after] = limbs;
  if (before === undefined) return undefined;
  if (limbs.length === 1) return before.length === LIMBS ? limbBytes(before) : undefined;
  // `::` stands for one limb at least
  if (after === undefined || before.length + after.length >= LIMBS) return undefined;
  return limbBytes([
    ...before,
    ...new Array<number>(LIMBS - before.length - after.length).fill(0),
    ...after,
  ]);
}

/** Numbers of sixteen bits; the end of an address may be dotted, which gives two. */
function parseLimbs(half: string, isEnd: boolean): readonly number[] | undefined {
  const parts = half.split(":");
  const dotted = isEnd && parts.at(-1)!.includes(".") ? parseIp4(parts.pop()!) : new Uint8Array();
  if (dotted === undefined || !parts.every((part) => /^[0-9A-Fa-f]{1,4}$/.test(part))) {
    return undefined;
  }
  const limbs = parts.map((part) => Number.parseInt(part, 16));
  for (let i = 0; i < dotted.length; i += 2) limbs.push(dotted[i]! * 256 + dotted[i + 1]!);
  return limbs;
}

function limbBytes(limbs: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(limbs.flatMap((limb) => [limb >> 8, limb & 255]));
}

/** The text of an address of four or sixteen bytes. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const limbs = Array.from(
    { length: LIMBS },
    (_, i) => (bytes[2 * i]! << 8 | bytes[2 * i + 1]!).toString(16),
  );
  const { start, length } = longestZeros(limbs);
  if (length < 2) return limbs.join(":");
  return `${limbs.slice(0, start).join(":")}::${limbs.slice(start + length).join(":")}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(
  limbs: readonly string[],
): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < LIMBS; start++) {
    let end = start;
    while (limbs[end] === "0") end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
