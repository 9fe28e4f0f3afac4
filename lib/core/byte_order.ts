/** The order of names in the C locale, in which a shell's pattern lists them: that of their bytes. Pure. */
import { encodePath } from "./path_bytes.ts";

/** Negative if `a` comes first, positive if `b` does. A comparison for sort(). */
export function byBytes(a: string, b: string): number {
  const [one, other] = [encodePath(a), encodePath(b)];
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? one.length - other.length : one[at]! - (other[at] ?? -1);
}
