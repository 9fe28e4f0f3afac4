/** What is to be done with which images, and why: made of the repository and of the request. Pure. */
import { affectedImages, type Cause, type ChangedContexts, usersOf } from "./affected_images.ts";
import type { ContextImage, ImageFinding, ImageGraph } from "./image_graph.ts";

export interface PlannedImage extends ContextImage {
  readonly cause: Cause;
  /** Of all contexts, not only of those in the plan. */
  readonly users: readonly string[];
}

export interface ImagesPlan {
  /** Each after those that it is built on. */
  readonly images: readonly PlannedImage[];
  /** Errors of images in the plan; with one of them, nothing is done. */
  readonly errors: readonly ImageFinding[];
  /** What else there is to say. */
  readonly warnings: readonly ImageFinding[];
}

/** What was asked for. */
export type Selection =
  | { readonly kind: "all" }
  | { readonly kind: "named"; readonly contexts: readonly string[] }
  | { readonly kind: "changed"; readonly contexts: ChangedContexts };

export function imagesPlan(graph: ImageGraph, selection: Selection): ImagesPlan {
  const { images, findings } = graph;
  const affected = affectedImages(images, rootsOf(graph, selection), {
    kind: selection.kind === "changed" ? "changed" : "asked",
  });
  const isPlanned = ({ contexts }: ImageFinding): boolean =>
    contexts.some((context) => affected.has(context));
  const errors = findings.filter((each) => each.severity === "error" && isPlanned(each));
  const users = usersOf(images);
  return {
    images: [...affected].map(([context, cause]) => ({
      ...images.get(context)!,
      cause,
      users: users.get(context) ?? [],
    })),
    errors,
    warnings: findings.filter((each) => !errors.includes(each)),
  };
}

function rootsOf({ images }: ImageGraph, selection: Selection): readonly string[] {
  switch (selection.kind) {
    case "all":
      return [...images.keys()];
    case "named":
      return selection.contexts;
    case "changed":
      return selection.contexts.changed;
  }
}

/** `web/nginx:3: FROM ...`, as a compiler tells it. */
export function findingText({ contexts, line, text }: ImageFinding): string {
  if (line !== undefined) return `${contexts[0]}/Dockerfile:${line}: ${text}`;
  return contexts.length === 1 ? `${contexts[0]}: ${text}` : text;
}

/** Why the image is in the plan, in words. */
export function causeText(cause: Cause): string {
  return cause.kind === "base" ? `built on ${cause.base}` : cause.kind;
}
