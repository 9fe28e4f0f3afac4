/** The plan, and what became of it, as a document for programs: docs/images.schema.json. Pure. */
import { printable } from "../../core/text/printable.ts";
import type { ImageFinding } from "./image_graph.ts";
import type { Namespace } from "./image_reference.ts";
import type { ImagesPlan, PlannedImage } from "./images_plan.ts";
import type { ImageState } from "./schedule.ts";

export interface DocumentFacts {
  readonly action: string;
  readonly root: string;
  /** Null if no commits were compared. */
  readonly from: string | null;
  /** Null for the work tree, and if no commits were compared. */
  readonly to: string | null;
  readonly home: Namespace;
  readonly engine: string | null;
  readonly gone: readonly string[];
  /** The full names of an image. */
  names(image: PlannedImage): readonly string[];
  /** Undefined where none are run. */
  commands(image: PlannedImage): readonly (readonly string[])[] | undefined;
  /** Undefined if nothing was run. */
  result(context: string): ImageResult | undefined;
}

export interface ImageResult {
  readonly state: ImageState;
  readonly tookMs: number | undefined;
}

export function imagesDocument(
  { images, errors, warnings }: ImagesPlan,
  { action, root, from, to, home, engine, gone, names, commands, result }: DocumentFacts,
): unknown {
  return {
    format: 1,
    action,
    root: printable(root),
    from,
    to,
    registry: home.registry === "" ? "docker.io" : home.registry,
    organization: home.organization,
    engine,
    images: images.map((image) => {
      const ended = result(image.context);
      return {
        context: printable(image.context),
        names: names(image),
        tags: image.tags,
        bases: image.bases.map(printable),
        users: image.users.map(printable),
        uses: image.uses.map(({ text, line, by }) => ({ image: printable(text), line, by })),
        because: image.cause.kind === "base" ? "base" : image.cause.kind,
        base: image.cause.kind === "base" ? printable(image.cause.base) : null,
        commands: commands(image)?.map((words) => words.map(printable)) ?? null,
        result: ended === undefined ? null : ended.state.kind,
        exitCode: ended?.state.kind === "failed" ? ended.state.exitCode : null,
        tookMs: ended?.tookMs === undefined ? null : Math.round(ended.tookMs),
      };
    }),
    gone: gone.map(printable),
    findings: [...errors, ...warnings].map(findingDocument),
  };
}

function findingDocument({ severity, contexts, line, text }: ImageFinding): unknown {
  return {
    severity,
    contexts: contexts.map(printable),
    line: line ?? null,
    text: printable(text),
  };
}
