/**
 * hexad images with buildah and a registry of its own: a made-up repository is built, interrupted,
 * taken up again, renamed, pushed and pulled.
 *
 * HEXAD_TEST_IMAGES: how many images the repository has (default 9).
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Background, type Result, run, start } from "../fixture/command.ts";
import { commitAll, makeRepository, PLAIN_GIT } from "../fixture/dockerfile_repository.ts";
import { OURS, requireToolset, ROOT } from "../fixture/toolset.ts";
import type { Tree, TreeSpec } from "../fixture/tree.ts";
import { copyBusybox, OVERLAY_TARBALL } from "./images.ts";

requireToolset(OURS);

const COUNT = Number(Deno.env.get("HEXAD_TEST_IMAGES") ?? "9");
/** The image at which the first run is interrupted. Two others are built on it. */
const HELD = 2;
const BUILD_TIMEOUT_MS = 300_000;

/** Image N is built on image (N-1)/3, a third of them by COPY --from; the first on nothing. */
function repositoryOf(count: number): TreeSpec {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      [`${contextOf(n)}/Dockerfile`, dockerfileOf(n)],
      [`${contextOf(n)}/rootfs/file-${n}`, `${n}\n`],
    ]).flat(),
  );
}

function contextOf(n: number): string {
  return `${["base", "lang", "app", "web"][n % 4]}/v${n}`;
}

function dockerfileOf(n: number): string {
  const tags = n % 2 === 0 ? `# TAGS v${n} alias-${n}\n` : "";
  if (n === 0) return `${tags}FROM scratch\nCOPY rootfs /\n`;
  const base = Math.floor((n - 1) / 3);
  const [name] = contextOf(base).split("/");
  if (n % 3 === 0) {
    return `${tags}FROM scratch\nCOPY --from=acme/${name}:v${base} / /\nCOPY rootfs /\n`;
  }
  return `${tags}ARG BASE=v${base}\nFROM acme/${name}:\${BASE} AS only\nCOPY rootfs /\n`;
}

/** The image and all that is built on it. */
function builtOn(n: number): number[] {
  return n < COUNT ? [n, ...[1, 2, 3].flatMap((each) => builtOn(3 * n + each))] : [];
}

/** Stands still at one image as long as there is a file `hold`. */
const WRAPPER = `#!/bin/sh
for last; do :; done
if test -e "$TREE/hold" && test "$last" = "./$HELD"; then
  echo "holding $$"
  exec sleep 100000
fi
exec /usr/bin/buildah "$@"
`;

/** An own storage, and a registry without TLS. */
function environment(tree: Tree, registry: string): Record<string, string> {
  tree.add({
    "bin/buildah!": WRAPPER,
    "hold": "",
    "storage.conf":
      `[storage]\ndriver = "vfs"\ngraphroot = "${tree.root}/storage"\nrunroot = "${tree.root}/run"\n`,
    "registries.conf": `[[registry]]\nlocation = "${registry}"\ninsecure = true\n`,
  });
  return {
    ...PLAIN_GIT,
    TREE: tree.root,
    HELD: contextOf(HELD),
    PATH: `${tree.path("bin")}:${Deno.env.get("PATH")}`,
    BUILDAH_ISOLATION: "chroot",
    CONTAINERS_STORAGE_CONF: tree.path("storage.conf"),
    CONTAINERS_REGISTRIES_CONF: tree.path("registries.conf"),
  };
}

/** Starts a registry on a port of its own, which is its address. */
async function startRegistry(
  tree: Tree,
): Promise<{ readonly process: Background; readonly address: string }> {
  tree.add({
    "registry.yml":
      `version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: ${tree.root}/registry\nhttp:\n  addr: 127.0.0.1:0\n`,
  });
  const process = start("docker-registry", ["serve", tree.path("registry.yml")]);
  await process.stderr.until(/listening on 127\.0\.0\.1:\d+/);
  const [, port] = /listening on 127\.0\.0\.1:(\d+)/.exec(process.stderr.text)!;
  return { process, address: `localhost:${port}` };
}

/** What became of each image, by the table at the end. */
function results(stdout: string): Map<string, string> {
  const table = stdout.slice(stdout.indexOf("\nIMAGE "), stdout.lastIndexOf("\n\n"));
  return new Map(
    table.trim().split("\n").slice(1).map((row) => {
      const [name = "", result = ""] = row.split(/ {2,}/);
      return [name, result];
    }),
  );
}

function namesWith(stdout: string, result: string): string[] {
  return [...results(stdout)].filter(([, each]) => each === result).map(([name]) => name);
}

Deno.test("hexad images: a repository is built by buildah, interrupted, resumed, renamed, pushed and pulled", async () => {
  using tree = await makeRepository(repositoryOf(COUNT));
  const { process, address } = await startRegistry(tree);
  await using _registry = process;
  const env = environment(tree, address);
  const repo = tree.path("repo");
  const images = (...args: string[]): Promise<Result> =>
    run(OURS.bin("hexad"), ["images", ...args, "--engine=buildah"], {
      cwd: repo,
      env,
      timeoutMs: BUILD_TIMEOUT_MS,
    });

  const words = ["images", "build", "--all", "--engine=buildah", "--jobs=2"];
  await using building = start(OURS.bin("hexad"), words, {
    cwd: repo,
    env,
    timeoutMs: BUILD_TIMEOUT_MS,
  });
  await building.stdout.until(/holding \d+\n/);
  const [, pid] = /holding (\d+)\n/.exec(building.stdout.text)!;
  building.kill("SIGINT");
  assertEquals(await building.ended(), 130);
  const interrupted = results(building.stdout.text);
  assertEquals([interrupted.size, interrupted.get(contextOf(HELD))], [COUNT, "interrupted"]);
  const built = namesWith(building.stdout.text, "built");
  assertEquals(built.includes(contextOf(0)), true);
  assertStringIncludes(building.stdout.text, "with --resume goes on with what is missing\n");
  await Deno.stat(`/proc/${pid}`).then(() => {
    throw new Error("the engine still runs");
  }, () => {/* it has ended */});

  tree.remove("hold");
  const resumed = await images("build", "--all", "--resume", "--jobs=2");
  assertEquals(resumed.code, 0, resumed.stderr);
  const found = namesWith(resumed.stdout, "there already");
  // one that was interrupted may have been complete by then
  assertEquals(built.filter((name) => !found.includes(name)), []);
  assertEquals(namesWith(resumed.stdout, "built").length, COUNT - found.length);

  // what is built on the one that changes, and on nothing else
  tree.add({ [`repo/${contextOf(HELD)}/rootfs/more`]: "" });
  await commitAll(repo);
  const again = await images("build", "--jobs=2");
  const affected = builtOn(HELD).map(contextOf).sort();
  assertEquals([again.code, namesWith(again.stdout, "built").sort()], [0, affected]);
  const files = await run("sh", [
    "-c",
    'c=$(buildah from "$0") && ls "$(buildah mount "$c")" && buildah rm "$c" >&2',
    `acme/${contextOf(7).replace("/", ":")}`,
  ], { env });
  assertEquals(files.stdout, "file-0\nfile-2\nfile-7\nmore\n", files.stderr);

  const renamed = await images("retag", "--new-registry", address, "--new-organization", "new");
  assertEquals(renamed.code, 0, renamed.stderr);
  const pushed = await images("push", "--registry", address, "--organization", "new");
  assertEquals(pushed.code, 0, pushed.stdout);
  assertEquals(namesWith(pushed.stdout, "pushed").sort(), affected);
  const [name] = contextOf(HELD).split("/");
  const tags = await (await fetch(`http://${address}/v2/new/${name}/tags/list`)).json();
  assertEquals(tags.tags.includes(`alias-${HELD}`), true);

  const local = `${address}/new/${name}:v${HELD}`;
  assertEquals((await run("buildah", ["rmi", local], { env })).code, 0);
  const pulled = await images(
    "pull",
    contextOf(HELD),
    "--registry",
    address,
    "--organization",
    "new",
    "--json",
  );
  assertEquals(pulled.code, 0, pulled.stderr);
  assertMatch(pulled.stdout, /"result":"done"/);
  assertEquals((await run("buildah", ["inspect", "--type", "image", local], { env })).code, 0);
});

/** With a small tarball in the place of the real one: other tests run what is in that. */
async function copyScratchExample(tree: Tree): Promise<void> {
  tree.add({ "small/usr/bin/hexad!": "" });
  const script = 'cp -a "$0"/. . && tar -czf "$1" -C "$2" .';
  const words = [`${ROOT}/examples/scratch`, OVERLAY_TARBALL, tree.path("small")];
  const cwd = tree.path("repo/examples/scratch");
  assertEquals((await run("sh", ["-c", script, ...words], { cwd })).code, 0);
}

Deno.test("hexad images: podman runs what a Dockerfile runs, builds one of our examples, and knows them again", async () => {
  using tree = await makeRepository({
    "examples/scratch/": "",
    "tool/box/Dockerfile": "FROM scratch\nCOPY busybox /bin/busybox\n",
    "tool/made/Dockerfile":
      'FROM acme/tool:box\nRUN ["/bin/busybox", "sh", "-c", "echo made >/made"]\n',
  });
  copyBusybox(tree.path("repo/tool/box/busybox"));
  await copyScratchExample(tree);
  const env = environment(tree, "localhost:1");
  const build = (): Promise<Result> =>
    run(OURS.bin("hexad"), ["images", "build", "--all", "--engine=podman", "--resume"], {
      cwd: tree.path("repo"),
      env,
      timeoutMs: BUILD_TIMEOUT_MS,
    });
  const first = await build();
  assertEquals([first.code, [...results(first.stdout)]], [0, [
    ["examples/scratch", "built"],
    ["tool/box", "built"],
    ["tool/made", "built"],
  ]], first.stderr);
  const second = await build();
  assertEquals([...results(second.stdout).values()], Array(3).fill("there already"));
});
