/**
 * Containers whose first process is /init, with files of the test's under /etc. The image has
 * busybox for its scripts.
 */
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import {
  type Container,
  type ContainerOptions,
  runContainer,
  startContainer,
} from "./container.ts";
import { image } from "./images.ts";
import { podman } from "./podman.ts";
import type { PseudoTerminal } from "./pseudo_terminal.ts";
import type { Result } from "../fixture/command.ts";

export interface OverlayOptions {
  /**
   * What stands under /etc, and under / for paths that begin with a slash; each first directory is
   * mounted.
   */
  readonly files?: TreeSpec;
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** Called when the files are there, before the container starts. */
  readonly arrange?: (tree: Tree) => void;
  readonly flags?: readonly string[];
}

/** The directories of a tree that are mounted, as options for podman. */
function volumesOf(files: TreeSpec, tree: Tree): string[] {
  const tops = new Set(Object.keys(files).map((path) => /^\/?[^/]+/.exec(path)![0]));
  return [...tops].flatMap((top) => {
    const place = top.startsWith("/") ? top : `/etc/${top}`;
    return ["--volume", `${tree.path(top.replace("/", ""))}:${place}`];
  });
}

async function prepare(
  { files = {}, env = {}, flags = [], command, arrange }: OverlayOptions,
  tree: Tree,
): Promise<ContainerOptions> {
  tree.add(
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => [path.replace(/^\//, ""), content]),
    ),
  );
  arrange?.(tree);
  const variables = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  return {
    image: await image("overlay-shell"),
    flags: [...volumesOf(files, tree), ...variables, ...flags],
    ...(command === undefined ? {} : { command }),
  };
}

/** A container and the files that it was given. */
export interface OverlayContainer extends AsyncDisposable {
  readonly container: Container;
  readonly tree: Tree;
}

export async function startInit(options: OverlayOptions): Promise<OverlayContainer> {
  const tree = makeTree();
  const container = await startContainer(await prepare(options, tree));
  return {
    container,
    tree,
    [Symbol.asyncDispose]: async () => {
      await container[Symbol.asyncDispose]();
      tree[Symbol.dispose]();
    },
  };
}

/** A container on a terminal of its own, and the files that it was given. */
export interface OverlayOnTerminal extends AsyncDisposable {
  readonly terminal: PseudoTerminal;
  readonly tree: Tree;
}

/** What `docker run -it` in a window does. */
export async function startOnTerminal(options: OverlayOptions): Promise<OverlayOnTerminal> {
  const tree = makeTree();
  const { image: name, flags = [], command = [] } = await prepare(options, tree);
  const engine = await podman();
  const terminal = engine.startOnTerminal([
    "run",
    "--rm",
    "--interactive",
    "--tty",
    ...engine.runFlags,
    ...flags,
    name,
    ...command,
  ]);
  return {
    terminal,
    tree,
    [Symbol.asyncDispose]: async () => {
      await terminal[Symbol.asyncDispose]();
      tree[Symbol.dispose]();
    },
  };
}

/** Runs one to its end. */
export async function runInit(options: OverlayOptions): Promise<Result> {
  using tree = makeTree();
  return await runContainer(await prepare(options, tree));
}

/** A shell script. */
export function script(...lines: readonly string[]): string {
  return ["#!/bin/sh", ...lines, ""].join("\n");
}

/** Of what was said, the lines that are more than information. */
export function warningsIn(stderr: string): string[] {
  return stderr.split("\n").filter((line) => line !== "" && !line.includes(": info: "));
}
