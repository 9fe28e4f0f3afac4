/** The command line of hexad images: what does not fit together is refused with the reason. */
import { assertEquals, assertThrows } from "@std/assert";
import { parseArguments } from "../../../cmd/hexad/arguments.ts";
import { type ImagesRequest, imagesRequest } from "../../../cmd/hexad/images/request.ts";
import { table } from "../../../cmd/hexad/images/table.ts";
import { UsageError } from "../../../lib/core/cli/getopt.ts";

function request(...args: readonly string[]): ImagesRequest {
  return imagesRequest(parseArguments(args, table));
}

const REFUSED: readonly (readonly [args: readonly string[], text: string])[] = [
  [[], "say what to do: list, graph, build, pull, push, retag"],
  [["biuld"], "did you mean build?"],
  [["list", "--all", "app/x"], "either --all or names of contexts"],
  [["list", "--all", "--from", "main"], "--from, --to and --worktree look for what has changed"],
  [["list", "--worktree", "--to", "main"], "either --worktree or --to"],
  [["list", "--jobs", "2"], "--jobs means nothing to list"],
  [["push", "--resume"], "--resume means nothing to push"],
  [["build", "--jobs", "0"], "jobs is a number from 1 to 64, not 0"],
  [["build", "--engine", "dokcer"], "no such engine: dokcer (there are docker, podman, buildah)"],
  [["build", "--build-arg", "A"], "build-arg is NAME=VALUE, not A"],
  [["push", "--registry", "a/b"], "registry is HOST or HOST:PORT, not a/b"],
  [["push", "--organization", "A"], "organization has only small letters"],
  [["retag"], "retag needs --new-registry or --new-organization"],
];

for (const [args, text] of REFUSED) {
  Deno.test(`imagesRequest(): refused: ${args.join(" ")}`, () => {
    assertThrows(() => request(...args), UsageError, text);
  });
}

Deno.test("imagesRequest(): options may stand anywhere, and Docker Hub has no name here", () => {
  const { action, contexts, jobs, registry, organization, newName, buildArgs } = request(
    "--jobs=7",
    "retag",
    "a/b/",
    "--registry=docker.io",
    "-o",
    "library",
    "./c/d",
    "--new-registry=reg:5000",
    "--build-arg=A=b=c",
  );
  assertEquals({ action, contexts, jobs, registry, organization, newName, buildArgs }, {
    action: "retag",
    contexts: ["a/b", "./c/d"],
    jobs: 7,
    registry: "",
    organization: "",
    newName: { registry: "reg:5000" },
    buildArgs: new Map([["A", "b=c"]]),
  });
  assertEquals(request("list", "--registry=reg", "-o", "library").organization, "library");
  assertEquals(request("list").registry, undefined);
});
