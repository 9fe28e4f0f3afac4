/**
 * Replaces dist/, or another directory that the tools write, as a whole or not at all: a build
 * writes to `.dist.new` beside it, under a lock, and renames it at the end.
 */

interface Places {
  readonly dist: string;
  readonly fresh: string;
  readonly old: string;
  readonly lock: string;
}

function placesIn(root: string, name = "dist"): Places {
  return {
    dist: `${root}/${name}`,
    fresh: `${root}/.${name}.new`,
    old: `${root}/.${name}.old`,
    lock: `${root}/.dist.lock`,
  };
}

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

/**
 * Removes what a build that failed or was killed has left behind. Restores a dist/ that it had
 * already moved away.
 */
async function cleanUp({ dist, fresh, old }: Places): Promise<void> {
  if (await exists(old) && !await exists(dist)) await Deno.rename(old, dist);
  await removeTree(old);
  await removeTree(fresh);
}

/**
 * Holds the build lock of the repository `root` while `action` runs. Waits for any other build to
 * end first.
 */
export async function withBuildLock<T>(root: string, action: () => Promise<T>): Promise<T> {
  const places = placesIn(root);
  using lock = await Deno.open(places.lock, { create: true, write: true });
  await lock.lock(true);
  await cleanUp(places);
  return await action();
}

/**
 * Lets `fill` write the new dist/ to an empty directory, then replaces the old one. Must be called
 * under the lock.
 * @param name Another directory than dist
 */
export async function replaceDist(
  root: string,
  fill: (directory: string) => Promise<void>,
  name?: string,
): Promise<void> {
  const places = placesIn(root, name);
  await cleanUp(places);
  await Deno.mkdir(places.fresh);
  try {
    await fill(places.fresh);
    if (await exists(places.dist)) await Deno.rename(places.dist, places.old);
    await Deno.rename(places.fresh, places.dist);
  } finally {
    await cleanUp(places);
  }
}
