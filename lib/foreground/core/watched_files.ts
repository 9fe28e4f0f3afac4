/** Which services a changed file belongs to: `--watch GLOB`, `--watch web=GLOB`. Pure. */

export interface FileWatch {
  /** The type of process that it belongs to; undefined: all. */
  readonly type: string | undefined;
  /** Matches a path below the directory, such as `src/a.ts`. */
  readonly pattern: RegExp;
}

/** @param toRegExp Makes a regular expression of a glob. */
export function parseFileWatch(text: string, toRegExp: (glob: string) => RegExp): FileWatch {
  const [, type, glob = text] = /^([A-Za-z0-9_-]+)=(.+)$/.exec(text) ?? [];
  // what has no slash is meant wherever it is
  return { type, pattern: toRegExp(glob.includes("/") ? glob : `**/${glob}`) };
}

/** The types of process to start again, undefined among them for all. @param paths Below the directory */
export function typesOfChange(
  paths: readonly string[],
  watches: readonly FileWatch[],
): ReadonlySet<string | undefined> {
  const isMeant = ({ pattern }: FileWatch): boolean => paths.some((path) => pattern.test(path));
  return new Set(watches.filter(isMeant).map(({ type }) => type));
}
