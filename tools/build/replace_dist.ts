/**
 * dist/ is replaced as a whole or not at all: a build writes into `.dist.new` beside it, under a lock, and renames at the end.
 */
import { DIST, ROOT } from "../layout.ts";

const NEW = `${ROOT}/.dist.new`;
const OLD = `${ROOT}/.dist.old`;
const LOCK = `${ROOT}/.dist.lock`;

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function removeTree(path: string): Promise<void> {
  if (await exists(path)) await Deno.remove(path, { recursive: true });
}

/** What a build that was killed has left behind. A dist/ that it had already put aside comes back. */
async function cleanUp(): Promise<void> {
  if (await exists(OLD) && !await exists(DIST)) await Deno.rename(OLD, DIST);
  await removeTree(OLD);
  await removeTree(NEW);
}

/** Holds the repository's build lock while `action` runs; waits for another build to end. */
export async function withBuildLock<T>(action: () => Promise<T>): Promise<T> {
  using lock = await Deno.open(LOCK, { create: true, write: true });
  await lock.lock(true);
  await cleanUp();
  return await action();
}

/** Lets `fill` write the new dist/ in an empty directory, then puts it in the old one's place. To be called under the lock. */
export async function replaceDist(fill: (directory: string) => Promise<void>): Promise<void> {
  await Deno.mkdir(NEW);
  try {
    await fill(NEW);
    if (await exists(DIST)) await Deno.rename(DIST, OLD);
    await Deno.rename(NEW, DIST);
  } finally {
    await cleanUp();
  }
}
