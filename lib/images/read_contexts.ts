/** The Dockerfiles of a repository, by context. */
import { readText } from "../importer/source.ts";
import { isRegular, tryStat } from "../libc/stat.ts";
import { contextOf } from "./core/affected_images.ts";
import type { GitRepository } from "./git_repository.ts";

/** Has the context a Dockerfile, or a link to one? */
export function hasDockerfile({ root }: GitRepository, context: string): boolean {
  const file = tryStat(`${root}/${context}/Dockerfile`);
  return typeof file !== "number" && isRegular(file.mode);
}

/**
 * Those that git tracks, or would add: what is ignored, such as packages that were installed, is no
 * context.
 */
export function readContexts(repository: GitRepository): ReadonlyMap<string, string> {
  const contexts = new Set(
    repository.paths().map(contextOf).filter((context) => context !== undefined),
  );
  return new Map(
    [...contexts].filter((context) => hasDockerfile(repository, context)).map((context) => [
      context,
      readText(`${repository.root}/${context}/Dockerfile`),
    ]),
  );
}
