/**
 * A downloaded file that is kept for the next build. It is made in a scratch directory and renamed
 * into the cache once it is complete and checked.
 */

/**
 * Lets `make` write a file at a given path, then moves the file to `path`. `make` also gets a
 * scratch directory for its downloads, which is removed at the end.
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
