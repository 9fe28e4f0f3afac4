/** The `char *const argv[]` of exec and spawn, out of strings that may carry any byte but NUL. */
import { encodeCString, NO_C_STRING } from "../core/path_bytes.ts";

export interface ArgumentVector {
  /** The array of pointers, ended by a null pointer. */
  readonly pointers: BigUint64Array<ArrayBuffer>;
  /** SAFETY: the strings that `pointers` points into; whoever holds the vector keeps both alive. */
  readonly strings: Uint8Array<ArrayBuffer>;
}

/** `undefined` if a string contains NUL. */
export function argumentVector(strings: readonly string[]): ArgumentVector | undefined {
  const encoded = strings.map(encodeCString);
  if (encoded.includes(NO_C_STRING)) return undefined;
  const block = new Uint8Array(encoded.reduce((sum, bytes) => sum + bytes.length, 1));
  const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(block)));
  const pointers = new BigUint64Array(encoded.length + 1);
  let offset = 0;
  encoded.forEach((bytes, i) => {
    block.set(bytes, offset);
    pointers[i] = base + BigInt(offset);
    offset += bytes.length;
  });
  return { pointers, strings: block };
}
