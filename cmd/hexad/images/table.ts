/** The options of `hexad images`. */
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../../lib/core/cli/schema_path.ts";
import { ENGINES } from "../../../lib/images/core/engine_commands.ts";

export const table = {
  summary:
    "Builds, pulls, pushes or renames those images of a repository of Dockerfiles that a change affects: the contexts A/B whose files have changed, and what is built on them.",
  usage: "ACTION [-f REV] [-t REV | -w] [OPTIONS] | ACTION -a [OPTIONS] | ACTION [OPTIONS] A/B...",
  operands: ["list", "graph", "build", "pull", "push", "retag"],
  commands: [
    ["list", "the images, their names, and why they are affected"],
    ["graph", "the images as a tree: what is built on which"],
    ["build", "build them, each after those that it is built on"],
    ["pull", "get them from their registry"],
    ["push", "bring them to their registry"],
    ["retag", "give local images the names that they have in another registry or organization"],
  ],
  options: [
    {
      short: "f",
      long: "from",
      arg: "REV",
      kind: "text",
      text:
        "what has changed since the last commit that this and --to have in common; default: the upstream branch",
    },
    { short: "t", long: "to", arg: "REV", kind: "text", text: "up to this commit; default: HEAD" },
    {
      short: "w",
      long: "worktree",
      text: "up to the work tree: also what is not committed, or not added",
    },
    { short: "a", long: "all", text: "all images, whatever has changed" },
    { short: "n", long: "dry-run", text: "print the commands, and run none" },
    { short: "j", long: "json", text: `one JSON document; ${schemaPath("images")} describes it` },
    {
      long: "jobs",
      arg: "N",
      kind: "number",
      text: "how many images at once; default: one for each processor, at most 4",
    },
    {
      short: "k",
      long: "keep-going",
      text: "after a failure, go on with what does not depend on it",
    },
    {
      long: "resume",
      text: "leave out images that are here and were built of the same files and settings",
    },
    {
      short: "e",
      long: "engine",
      arg: "ENGINE",
      kind: ENGINES,
      text: "docker, podman or buildah; default: the first of these in PATH",
    },
    {
      short: "r",
      long: "registry",
      arg: "HOST[:PORT]",
      kind: "text",
      text: "where the images are; default: as FROM lines name them, or Docker Hub",
    },
    {
      short: "o",
      long: "organization",
      arg: "NAME",
      kind: "text",
      text: "whose the images are; library for none; default: as FROM lines name them, or none",
    },
    {
      long: "new-registry",
      arg: "HOST[:PORT]",
      kind: "text",
      text: "retag: the registry of the new names; default: the same",
    },
    {
      long: "new-organization",
      arg: "NAME",
      kind: "text",
      text: "retag: the organization of the new names; default: the same",
    },
    {
      long: "platform",
      arg: "OS/ARCH",
      kind: "text",
      text: "build or pull for another machine; FROM lines may depend on it",
    },
    {
      long: "build-arg",
      arg: "NAME=VALUE",
      kind: "text",
      repeatable: true,
      text: "the value of an ARG, for builds and for FROM lines",
    },
  ],
  exits: [
    ["0", "done, or nothing to do"],
    ["1", "an image failed, or Dockerfiles of these images have a mistake and nothing was done"],
    ["100", "wrong usage, no repository, no such commit"],
    ["111", "system call failed"],
    ["126", "git or the engine can't be executed"],
    ["127", "there is no git, or no engine"],
    ["128+N", "ended by signal N; what was begun has been ended"],
  ],
  example:
    "hexad images list\nhexad images build --worktree --keep-going\nhexad images push --from v1.2 --registry registry.example:5000",
} as const satisfies NamedTable;
