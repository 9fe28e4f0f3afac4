/**
 * Counts how many elements of arrays are looked at or copied by the methods that take whole arrays,
 * and how often a word is asked for.
 */
import { Words } from "../../../lib/execline/core/words.ts";

const WHOLE_ARRAY = ["slice", "map", "flatMap", "filter", "indexOf", "splice", "shift"] as const;

type AnyMethod = (this: ArrayLike<unknown>, ...args: unknown[]) => unknown;

function replaceMethod(
  holder: object,
  name: string,
  make: (method: AnyMethod) => AnyMethod,
): () => void {
  const method = Reflect.get(holder, name) as AnyMethod;
  const define = (value: AnyMethod): void => {
    Object.defineProperty(holder, name, { value, configurable: true, writable: true });
  };
  define(make(method));
  return () => define(method);
}

/** How many elements `act` looks at. */
export function looksOf(act: () => void): number {
  let looks = 0;
  const undo = WHOLE_ARRAY.map((name) =>
    replaceMethod(Array.prototype, name, (method) =>
      function (...args): unknown {
        const result = method.apply(this, args);
        looks += Array.isArray(result) ? Math.max(result.length, 1) : this.length;
        return result;
      })
  );
  for (const name of ["at", "placeAt"]) {
    undo.push(replaceMethod(Words.prototype, name, (method) =>
      function (...args): unknown {
        looks += 1;
        return method.apply(this, args);
      }));
  }
  try {
    act();
    return looks;
  } finally {
    for (let at = undo.length - 1; at >= 0; at--) undo[at]!();
  }
}
