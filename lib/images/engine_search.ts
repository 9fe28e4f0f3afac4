/** Which engine is there, and which of the images are built already. */
import { EXIT_NOT_FOUND } from "../core/cli/exit_codes.ts";
import { access, X_OK } from "../libc/file.ts";
import { isRegular, tryStat } from "../libc/stat.ts";
import { capture } from "./capture.ts";
import { type Engine, ENGINES, inspectCommand } from "./core/engine_commands.ts";
import type { ContextImage } from "./core/image_graph.ts";
import type { Namespace } from "./core/image_reference.ts";
import { ImageFailure } from "./image_failure.ts";

/**
 * The first that PATH has, or the one that is asked for.
 * @throws {ImageFailure} If there is none.
 */
export function findEngine(path: string, asked: Engine | undefined): Engine {
  const candidates = asked === undefined ? ENGINES : [asked];
  const found = candidates.find((name) =>
    path.split(":").some((directory) => isProgram(`${directory === "" ? "." : directory}/${name}`))
  );
  if (found !== undefined) return found;
  throw new ImageFailure(EXIT_NOT_FOUND, `there is no ${candidates.join(", ")} in PATH`);
}

function isProgram(path: string): boolean {
  const file = tryStat(path);
  return typeof file !== "number" && isRegular(file.mode) && access(path, X_OK) === 0;
}

export interface BuiltSearch {
  readonly engine: Engine;
  readonly home: Namespace;
  readonly fingerprints: ReadonlyMap<string, string>;
}

/**
 * The contexts whose images are there and were built of what is there now, and so are those that
 * they are built on.
 * @param images Each after those that it is built on
 */
export function builtAlready(
  images: readonly ContextImage[],
  { engine, home, fingerprints }: BuiltSearch,
): string[] {
  const selected = new Set(images.map(({ context }) => context));
  const found = new Set<string>();
  for (const { context, name, tags, bases } of images) {
    if (bases.some((base) => selected.has(base) && !found.has(base))) continue;
    const isBuilt = tags.every((tag) => {
      const command = inspectCommand(engine, home, `${name}:${tag}`);
      const { exitStatus, stdout } = capture(command);
      return exitStatus === 0 && stdout.trim() === fingerprints.get(context);
    });
    if (isBuilt) found.add(context);
  }
  return [...found];
}
