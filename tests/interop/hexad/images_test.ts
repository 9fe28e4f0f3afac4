/**
 * hexad images with git as it is, and with an engine that is a script: what a change means in
 * repositories of all kinds, and how commands are run, fail and are ended.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Result, run, type RunOptions, start } from "../../fixture/command.ts";
import { commitAll, git, makeRepository, PLAIN_GIT } from "../../fixture/dockerfile_repository.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);

const FILES = {
  "base/1/Dockerfile": "FROM scratch\nCOPY f /\n",
  "base/1/f": "",
  "mid/2/Dockerfile": "# TAGS 2 2.1\nFROM org/base:1\n",
  "app/x/Dockerfile": "FROM org/mid:2.1\n",
  "app/y/Dockerfile": "FROM scratch\nCOPY --from=org/base:1 / /\n",
  "other/z/Dockerfile": "FROM scratch\n",
  "README.md": "",
  ".gitignore": "node_modules\n",
  "node_modules/a/Dockerfile": "FROM scratch\n",
};

function images(
  directory: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> {
  return run(OURS.bin("hexad"), ["images", ...args], {
    cwd: directory,
    ...options,
    env: { ...PLAIN_GIT, ...options.env },
  });
}

/** The contexts that `list` names, in their order, as one text. */
async function listed(directory: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await images(directory, ["list", "--json", ...args]);
  assertEquals(code, 0, stderr);
  const document = checkedDocument(stdout, "images.schema.json") as {
    readonly images: readonly { readonly context: string }[];
  };
  return document.images.map(({ context }) => context).join(" ");
}

const ALL_OF_BASE = "base/1 mid/2 app/x app/y";

Deno.test("images: a change is what is committed since the upstream branch; with --worktree what is not, too", async () => {
  using tree = await makeRepository(FILES);
  const repo = tree.path("repo");
  const nothing = await images(repo, ["list"]);
  assertEquals([nothing.code, nothing.stdout], [0, ""]);
  assertMatch(
    nothing.stderr,
    /^hexad images: info: no image is affected by what has changed since @\{upstream\} \([0-9a-f]{10}\)\n$/,
  );
  tree.add({ "repo/base/1/f": "new", "repo/new/ü ö/Dockerfile": "# TAGS 1\nFROM org/mid:2\n" });
  assertEquals(await listed(repo), "");
  assertEquals(await listed(repo, "--worktree"), "base/1 mid/2 app/x app/y new/ü ö");
  await commitAll(repo);
  assertEquals(await listed(repo), "base/1 mid/2 app/x app/y new/ü ö");
  assertEquals(await listed(tree.path("repo/base/1")), "base/1 mid/2 app/x app/y new/ü ö");
  assertEquals(await listed(tree.path("repo/app"), "x"), "app/x");
  assertEquals(await listed(tree.path("repo/mid/2"), "."), "mid/2 app/x new/ü ö");
  assertEquals(await listed(repo, "--all"), "base/1 mid/2 app/x app/y new/ü ö other/z");
  assertEquals(
    (await images(repo, ["graph", "mid/2"])).stdout,
    "mid/2: 2 2.1\n  app/x: x\n  new/ü ö: 1\n",
  );
});

Deno.test("images: what happened upstream meanwhile does not count, nor do other files", async () => {
  using tree = await makeRepository(FILES);
  const repo = tree.path("repo");
  await git(repo, "checkout", "--quiet", "main");
  tree.add({ "repo/other/z/f": "" });
  await commitAll(repo);
  await git(repo, "checkout", "--quiet", "work");
  tree.add({ "repo/README.md": "new", "repo/app/README.md": "new", "repo/mid/2/f": "" });
  await commitAll(repo);
  assertEquals(await listed(repo), "mid/2 app/x");
  assertEquals(await listed(repo, "--from", "main", "--to", "work"), "mid/2 app/x");
  const { stdout, stderr } = await images(repo, ["list", "--from", "work", "--to", "main"]);
  assertMatch(stdout, /^other\/z +changed +org\/other:z$/m);
  assertStringIncludes(stderr, "main is not what is checked out");
});

Deno.test("images: renamed and deleted contexts, and a context that is a link", async () => {
  using tree = await makeRepository({ ...FILES, "link/1=": "../other/z" });
  const repo = tree.path("repo");
  await git(repo, "mv", "mid/2", "mid/3");
  await git(repo, "rm", "--quiet", "-r", "app/x");
  tree.remove("repo/link/1");
  tree.add({ "repo/link/1=": "../app/y" });
  await commitAll(repo);
  const { stdout, stderr } = await images(repo, ["list"]);
  assertEquals(stdout.match(/^\S+(?= {2})/gm), ["CONTEXT", "link/1", "mid/3"]);
  for (const gone of ["app/x", "mid/2"]) {
    assertStringIncludes(stderr, `info: ${gone} has no Dockerfile any more`);
  }
});

Deno.test("images: a detached head, a shallow clone, and none to compare with", async () => {
  using tree = await makeRepository(FILES);
  const repo = tree.path("repo");
  tree.add({ "repo/base/1/f": "new" });
  await commitAll(repo);
  await git(repo, "checkout", "--quiet", "--detach");
  const lost = await images(repo, ["list"]);
  assertEquals([lost.code, lost.stdout], [100, ""]);
  assertStringIncludes(
    lost.stderr,
    "fatal: there is no upstream branch to compare with: name a commit with --from, or use --all\n",
  );
  assertEquals(await listed(repo, "--from", "main"), ALL_OF_BASE);
  assertEquals(await listed(repo, "--from", "HEAD~1"), ALL_OF_BASE);
  const unknown = await images(repo, ["list", "--from", "v9"]);
  assertEquals(unknown.code, 100);
  assertStringIncludes(unknown.stderr, "fatal: there is no commit v9 here\n");

  await git(
    tree.root,
    "clone",
    "--quiet",
    "--depth=1",
    "--branch=work",
    `file://${repo}`,
    "shallow",
  );
  const shallow = tree.path("shallow");
  const unfetched = await images(shallow, ["list", "--from", "HEAD~1"]);
  assertEquals(unfetched.code, 100);
  assertStringIncludes(
    unfetched.stderr,
    "this clone is shallow; git fetch --unshallow gets the rest",
  );
  await git(shallow, "fetch", "--quiet", "--depth=1", "origin", "main:main");
  const compared = await images(shallow, ["list", "--from", "main"]);
  assertEquals(compared.stdout.match(/^\S+(?= {2})/gm), ["CONTEXT", ...ALL_OF_BASE.split(" ")]);
  assertStringIncludes(compared.stderr, "have no common commit in this shallow clone");
});

Deno.test("images: no repository, no git, no engine, no images: one clear line", async () => {
  using tree = makeTree({ "bin/": "", "empty/": "" });
  const nowhere = await images(tree.root, ["list"], {
    env: { GIT_CEILING_DIRECTORIES: tree.root },
  });
  assertEquals(nowhere.code, 100);
  assertMatch(
    nowhere.stderr,
    /^hexad images: fatal: unable to find a repository here: fatal: not a git repository.*\n$/,
  );
  const bare = await images(tree.root, ["list"], { env: { PATH: tree.path("bin") } });
  assertEquals([bare.code, bare.stderr], [127, "hexad images: fatal: there is no git in PATH\n"]);
  using repository = await makeRepository(FILES);
  const repo = repository.path("repo");
  tree.add({ "bin/git=": (await run("sh", ["-c", "command -v git"])).stdout.trim() });
  const env = { PATH: tree.path("bin") };
  const engineless = await images(repo, ["build", "--all"], { env });
  assertEquals([engineless.code, engineless.stderr], [
    127,
    "hexad images: fatal: there is no docker, podman, buildah in PATH\n",
  ]);
  const dry = await images(repo, ["build", "--dry-run", "--engine", "docker", "app/x"], { env });
  assertEquals(dry.code, 0);
  assertMatch(dry.stdout, /^docker build --tag org\/app:x --label \S+=[0-9a-f]{64} \.\/app\/x\n$/);
});

const REFUSED: readonly (readonly [args: readonly string[], text: string])[] = [
  [["list", "app/w"], "there is no app/w/Dockerfile here; did you mean app/"],
  [["retag", "--new-organization", "org"], "the images are called org/ already"],
  [["push", "--organization", "library"], "push needs --registry or --organization"],
];

Deno.test("images: names that are not there, or not needed", async () => {
  using tree = await makeRepository(FILES);
  for (const [args, text] of REFUSED) {
    const { code, stdout, stderr } = await images(tree.path("repo"), args);
    assertEquals([code, stdout], [100, ""], args.join(" "));
    assertStringIncludes(stderr, text);
  }
});

Deno.test("images: with a mistake nothing is built; it is told with its place or its path", async () => {
  using tree = await makeRepository({
    ...FILES,
    "c/1/Dockerfile": "FROM org/c:2\n",
    "c/2/Dockerfile": "FROM org/c:3\n",
    "c/3/Dockerfile": "FROM org/c:1\n",
  });
  const repo = tree.path("repo");
  const { code, stdout, stderr } = await images(repo, ["build", "--all"], { env: engine(tree) });
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(
    stderr,
    "hexad images: error: these are built on each other: c/1 -> c/2 -> c/3 -> c/1\n",
  );
  assertEquals(tree.exists("log"), false);
  const others = await images(repo, ["build", "app/x"], { env: engine(tree) });
  assertEquals(others.code, 0, others.stderr);
  assertStringIncludes(others.stderr, "warning: these are built on each other");
});

/** An engine that notes what it is called with, fails for `FAIL`, and stands still for `HOLD`. */
const ENGINE = `#!/bin/sh
for last; do :; done
echo "$*" >>"$TREE/log"
echo "this is $last"
test "$last" != "$FAIL" || { echo "no space" >&2; exit 7; }
test "$last" != "$HOLD" || { echo "$$" >"$TREE/held.new"; mv "$TREE/held.new" "$TREE/held"; echo held; exec sleep 1000; }
`;

function engine(tree: Tree, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  if (!tree.exists("bin")) tree.add({ "bin/podman!": ENGINE });
  const env = { FAIL: "", HOLD: "", ...more };
  return { ...PLAIN_GIT, ...env, TREE: tree.root, PATH: `${tree.path("bin")}:/usr/bin:/bin` };
}

Deno.test("images: a failure stops what depends on it, and with --keep-going nothing else", async () => {
  using tree = await makeRepository(FILES);
  const repo = tree.path("repo");
  const words = ["build", "--all", "--engine", "podman", "--jobs", "1"];
  const stopped = await images(repo, words, { env: engine(tree, { FAIL: "./mid/2" }) });
  assertEquals(stopped.code, 1);
  assertMatch(stopped.stdout, /^\d\d:\d\d:\d\d base\/1 {2}\| this is \.\/base\/1$/m);
  assertMatch(stopped.stdout, /^\d\d:\d\d:\d\d mid\/2 {3}\| no space$/m);
  assertEquals(summary(stopped), [
    "base/1 built",
    "mid/2 failed with exit code 7",
    "app/x not built: mid/2 failed",
    "app/y not built",
    "other/z not built",
  ]);
  assertMatch(
    stopped.stdout,
    /\n\n5 images: 1 built, 1 failed, 3 not built in \S+\nthe same command with --resume goes on with what is missing\n$/,
  );
  const went = await images(repo, [...words, "--keep-going"], {
    env: engine(tree, { FAIL: "./mid/2" }),
  });
  assertEquals([went.code, summary(went).at(-1)], [1, "other/z built"]);
  const json = await images(repo, [...words, "--json"], { env: engine(tree, { FAIL: "./mid/2" }) });
  const document = checkedDocument(json.stdout, "images.schema.json") as {
    readonly images: readonly { readonly result: string; readonly exitCode: number | null }[];
  };
  assertEquals(document.images.map(({ result }) => result), [
    "done",
    "failed",
    "left out",
    "not begun",
    "not begun",
  ]);
  assertEquals(document.images[1]!.exitCode, 7);
  assertStringIncludes(json.stderr, "this is ./mid/2");
});

/** The rows of the table at the end, without their times. */
function summary({ stdout }: Result): string[] {
  const table = stdout.slice(stdout.indexOf("\nIMAGE"), stdout.lastIndexOf("\n\n"));
  return table.trim().split("\n").slice(1).map((row) =>
    row.replace(/ {2,}[0-9][0-9.a-z ]*$/, "").replace(/ {2,}/, " ")
  );
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`images: ${signal} ends what runs, and the summary says what became of each`, async () => {
    using tree = await makeRepository(FILES);
    await using building = start(OURS.bin("hexad"), [
      "images",
      "build",
      "--all",
      "--engine=podman",
      "--jobs=1",
    ], { cwd: tree.path("repo"), env: engine(tree, { HOLD: "./mid/2" }) });
    await building.stdout.until(/mid\/2 {3}\| held\n/);
    const held = tree.text("held").trim();
    building.kill(signal);
    const number = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }[signal];
    assertEquals(await building.ended(), 128 + number);
    const result = { code: 0, stdout: building.stdout.text, stderr: "" };
    assertEquals(summary(result), [
      "base/1 built",
      "mid/2 interrupted",
      "app/x not built",
      "app/y not built",
      "other/z not built",
    ]);
    assertEquals(isAlive(held), false);
  });
}

function isAlive(pid: string): boolean {
  try {
    Deno.statSync(`/proc/${pid}`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("images: nobody reads the output: what runs is ended", async () => {
  using tree = await makeRepository(FILES);
  const words =
    'exec 3<>../pipe 4>../pipe 3>&-; "$0" images build --all -e podman --jobs 1 >&4; echo $?';
  tree.add({ "pipe|": "" });
  const { stdout } = await run("sh", ["-c", words, OURS.bin("hexad")], {
    cwd: tree.path("repo"),
    env: engine(tree),
  });
  assertEquals(stdout, "141\n");
  assertMatch(tree.text("log"), /^build \S.* \.\/base\/1\n(build .* \.\/app\/y\n)?$/);
});

Deno.test("images: a terminal has a line of progress below the others, and Ctrl-C ends it", async () => {
  using tree = await makeRepository(FILES);
  const env = engine(tree, { HOLD: "./mid/2" });
  const words = [OURS.bin("hexad"), "images", "build", "--all", "--engine=podman", "--jobs=1"];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  await using terminal = await openTerminal(
    ["env", `--chdir=${tree.path("repo")}`, ...variables, ...words],
    { columns: 80, rows: 30 },
  );
  await terminal.until(/held\n1\/5 built \| mid\/2 \S+/);
  await terminal.type("C-c");
  await terminal.until(/5 images: 1 built, 1 interrupted, 3 not built/);
});

Deno.test("dockerfiles: the same under its old name", async () => {
  using tree = await makeRepository(FILES);
  assertEquals(
    (await run(OURS.bin("hexad"), ["--install", "--compat", "dockerfiles", tree.path("bin")])).code,
    0,
  );
  const { code, stdout } = await run(tree.path("bin/dockerfiles"), ["list", "app/x"], {
    cwd: tree.path("repo"),
    env: PLAIN_GIT,
  });
  assertEquals(code, 0);
  assertEquals(stdout, "CONTEXT  WHY    IMAGES\napp/x    asked  org/app:x\n");
  const help = await run(tree.path("bin/dockerfiles"), ["build", "--help"]);
  assertMatch(help.stdout, /^usage: dockerfiles ACTION /);
});
