/**
 * A downloaded file that is kept for the next build: made in a scratch directory, renamed into the
 * cache when it is whole and right.
 */

/**
 * Lets `make` write a file at the path that it is given, then moves it to `path`. What `make`
 * downloads to get there goes into the scratch directory that it is given too, which is removed in
 * the end.
 */
export async function placeInCache(
  path: string,
  make: (file: string, scratch: string) => Promise<void>,
): Promise<void> {
  const directory = path.slice(0, path.lastIndexOf("/"));
  await Deno.mkdir(directory, { recursive: true });
  const scratch = await Deno.makeTempDir({ dir: directory, prefix: "download-" });
  try {
    const file = `${scratch}/made`;
    await make(file, scratch);
    await Deno.chmod(file, 0o755);
    await Deno.rename(file, path);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

export async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
