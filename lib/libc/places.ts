/**
 * Paths compared by what they lead to: one directory may have many names, through links, relative
 * paths and mounts.
 */
import { fileKey, tryStat } from "./stat.ts";

/** The same for every path that leads there now; the path itself if it leads nowhere. */
export function placeKey(path: string): string {
  const record = tryStat(path);
  return typeof record === "number" ? path : fileKey(record);
}

/** Of those whose paths lead to one place only the first. */
export function distinctPlaces<T>(things: readonly T[], pathOf: (thing: T) => string): T[] {
  if (things.length < 2) return [...things];
  const first = new Map<string, T>();
  for (const thing of things) {
    const key = placeKey(pathOf(thing));
    if (!first.has(key)) first.set(key, thing);
  }
  return [...first.values()];
}
