/**
 * Bytes as text for regular expressions: one character a byte, U+0000 to U+00FF.
 *
 * `TextDecoder("latin1")` is something else: it is windows-1252, and turns 0x80 into U+20AC. Pure.
 */

/** The one character a byte reading that the runtime has for Node's programs; it copies, at several GB a second. */
interface Latin1Slice {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
}

/** The global scope as this file sees it: naming `Buffer` in code would need Node's types. */
type NodeScope = { readonly Buffer: { readonly prototype: Latin1Slice } };

let latin1Slice: Latin1Slice["latin1Slice"] | undefined;

/** The text of `bytes`; a backslash-x pair or a set in a regular expression's source means the byte of that number. */
export function byteText(bytes: Uint8Array): string {
  latin1Slice ??= (globalThis as unknown as NodeScope).Buffer.prototype.latin1Slice;
  return latin1Slice.call(bytes, 0, bytes.length);
}

/** The bytes of a text that holds no character above U+00FF. */
export function textBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
