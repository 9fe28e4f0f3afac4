/** The part of a tier's runs that somebody asks for by path. */
import { ROOT } from "../layout.ts";
import type { TestRun } from "./tiers.ts";

const IGNORE = "--ignore=";

/**
 * The runs, or those parts of them that the paths name. A directory above a run's own paths names
 * all of those that it holds, as tests/unit/SUBJECT does its core/. A path that has no test left
 * once the ignored ones are away is no part of a run: `deno test` would fail for it.
 */
export function chosenRuns(runs: readonly TestRun[], paths: readonly string[]): TestRun[] {
  if (paths.length === 0) return [...runs];
  return runs.flatMap((run) => {
    const chosen = paths.flatMap((path) => within(run, path.replace(/\/+$/, "")));
    return chosen.length === 0 ? [] : [{ ...run, paths: [...new Set(chosen)] }];
  });
}

function within(run: TestRun, path: string): string[] {
  const isOwn = run.paths.some((own) => isAtOrBelow(path, own));
  if (!isOwn) return run.paths.filter((own) => isAtOrBelow(own, path));
  return holdsTests(path, ignoredIn(run)) ? [path] : [];
}

function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

function ignoredIn(run: TestRun): string[] {
  return run.flags.filter((flag) => flag.startsWith(IGNORE))
    .flatMap((flag) => flag.slice(IGNORE.length).split(","));
}

/** A path that is not a directory is left to `deno test`, which tells what is wrong with it. */
function holdsTests(path: string, ignored: readonly string[]): boolean {
  if (ignored.some((one) => isAtOrBelow(path, one))) return false;
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(`${ROOT}/${path}`)];
  } catch {
    return true;
  }
  return entries.some(({ name, isDirectory }) =>
    isDirectory ? holdsTests(`${path}/${name}`, ignored) : name.endsWith("_test.ts")
  );
}
