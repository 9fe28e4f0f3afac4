/**
 * Names of chunks that do not depend on where they were bundled. The bundler makes the second half
 * of a name, like `apply-N3F25YTQ.js`, from the paths of the sources, so the program would have
 * other bytes when it is built in another directory. Here it is a number: the chunks are counted as
 * they are first mentioned, from the entry on. Pure.
 */

const NAME = /[\w.-]+-[A-Z0-9]{8}\.js/g;
const DIGITS = 8;

/** Text of every chunk, keyed by name. */
export type Chunks = ReadonlyMap<string, string>;

/**
 * The chunks with their new names, which they also use for each other.
 * @throws {RangeError} If a chunk is mentioned nowhere.
 */
export function withStableNames(chunks: Chunks, entry: string): Map<string, string> {
  const names = new Map([[entry, entry]]);
  for (const from of names.keys()) {
    for (const [name] of (chunks.get(from) ?? "").matchAll(NAME)) {
      if (!chunks.has(name) || names.has(name)) continue;
      const stem = name.slice(0, name.lastIndexOf("-"));
      names.set(name, `${stem}-${String(names.size).padStart(DIGITS, "0")}.js`);
    }
  }
  return new Map(Array.from(chunks, ([name, text]) => {
    const stable = names.get(name);
    if (stable === undefined) throw new RangeError(`no chunk mentions ${name}`);
    return [stable, text.replace(NAME, (found) => names.get(found) ?? found)];
  }));
}
