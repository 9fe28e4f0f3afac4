/**
 * The repository's Dockerfile. Its base image comes from a registry, which a test can't rely on; so
 * the test gives it one whose /usr, /etc and list of packages are this machine's, read-only, and the caches of this
 * machine's npm and Deno. All that the Dockerfile says is run.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { sha256File } from "../../tools/build/digest.ts";
import { INPUTS } from "../../tools/build/inputs.ts";
import { DIST_FILES } from "../../tools/layout.ts";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { ROOT } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { startContainer } from "./container.ts";
import { lintDockerfile } from "./dockerfile_lint.ts";
import {
  buildInContext,
  compileProbe,
  OVERLAY_TARBALL,
  TARBALL,
  TARBALL_DIRECTORY,
} from "./images.ts";
import { podman } from "./podman.ts";
import { copyRepository } from "./repository_copy.ts";

const BASE = "FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin:/usr/bin:/bin HOME=/root\n";

/** A root whose /bin and /lib are links into /usr, as this Debian's. */
function fillBase(directory: string): void {
  for (const name of ["usr", "etc", "var/lib/dpkg", "root/.npm", "root/.cache", "tmp"]) {
    Deno.mkdirSync(`${directory}/${name}`, { recursive: true });
  }
  for (const name of ["bin", "lib", "lib64", "sbin"]) {
    Deno.symlinkSync(`usr/${name}`, `${directory}/${name}`);
  }
}

async function cacheVolumes(): Promise<string[]> {
  const { stdout } = await run("npm", ["config", "get", "cache"]);
  const home = Deno.env.get("HOME") ?? "/root";
  const caches = [[stdout.trim(), "/root/.npm"], [
    Deno.env.get("XDG_CACHE_HOME") ?? `${home}/.cache`,
    "/root/.cache",
  ]] as const;
  return caches.flatMap(([here, there]) => {
    Deno.mkdirSync(here, { recursive: true });
    return ["--volume", `${here}:${there}`];
  });
}

let snapshot: Promise<string> | undefined;

/**
 * The repository as it is when it is first asked for: an edit between two builds would make the
 * second one start anew.
 */
async function takeSnapshot(): Promise<string> {
  const directory = `${(await podman()).root}/repository`;
  await copyRepository(directory);
  return directory;
}

let baseBuilding: Promise<void> | undefined;

async function buildRepository(tag: string, flags: readonly string[]): Promise<void> {
  await (baseBuilding ??= buildInContext("build-base", BASE, fillBase));
  const repository = await (snapshot ??= takeSnapshot());
  const machine = ["/usr", "/etc", "/var/lib/dpkg"].flatMap((path) => [
    "--volume",
    `${path}:${path}:ro`,
  ]);
  // the format of OCI has no place for a health check
  const base = ["--build-arg", "BASE=localhost/build-base", "--format", "docker"];
  const dockerfile = Deno.readTextFileSync(`${repository}/Dockerfile`);
  await (await podman()).build(tag, dockerfile, repository, [
    ...base,
    ...machine,
    ...await cacheVolumes(),
    ...flags,
  ]);
}

const DOCKERFILE = `${ROOT}/Dockerfile`;

Deno.test("Dockerfile: its base is pinned by a digest, and what it says of its version is so", () => {
  const text = Deno.readTextFileSync(DOCKERFILE);
  assertMatch(text, /^ARG BASE=\S+@sha256:[0-9a-f]{64}$/m);
  const { version } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { version: string };
  const versions = Array.from(
    text.matchAll(/org\.opencontainers\.image\.version="(.*)"/g),
    ([, label]) => label,
  );
  assertEquals(versions, [version, version]);
});

Deno.test("Dockerfile: its context has all that the build reads", () => {
  const kept = Deno.readTextFileSync(`${ROOT}/.dockerignore`).split("\n")
    .filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  assertEquals(INPUTS.filter((path) => !kept.includes(path.split("/")[0]!)), []);
});

Deno.test("Dockerfile: a linter has nothing to say about it", async () => {
  assertEquals(await lintDockerfile(DOCKERFILE), "");
});

Deno.test("Dockerfile: the linter would say what is wrong", async () => {
  using tree = makeTree({
    "Dockerfile": "FROM scratch\nHEALTHCHECK --intervall=30s CMD /x\nRUNN x\n",
  });
  const complaint = await lintDockerfile(tree.path("Dockerfile"));
  for (const line of [2, 3]) assertMatch(complaint, new RegExp(`^Line: ${line}$`, "m"));
});

/** The labels of an image. */
async function labelsOf(tag: string): Promise<Record<string, string>> {
  return JSON.parse(
    await (await podman()).done(["image", "inspect", "--format", "{{json .Config.Labels}}", tag]),
  );
}

Deno.test("Dockerfile: its image supervises what is copied to /service, and without that it is an idle PID 1", async () => {
  await buildRepository("from-dockerfile", []);
  assertEquals((await labelsOf("from-dockerfile"))["org.opencontainers.image.title"], "hexad");
  await buildInContext(
    "with-service",
    "FROM from-dockerfile\nCOPY service /service\n",
    (directory) => {
      Deno.mkdirSync(`${directory}/service/db`, { recursive: true });
      return compileProbe(`${directory}/service/db/run`, ["-static"]);
    },
  );
  await using container = await startContainer({ image: "with-service" });
  await container.stdout.until("db: up\n");
  assertEquals(await container.stop(), 0);
  await using idle = await startContainer({ image: "from-dockerfile" });
  await eventually("it to be healthy", async () => await idle.health() === 0);
  assertEquals(await idle.stop(), 0);
});

Deno.test("Dockerfile: the target tarballs is the tarballs and nothing else: what is built in another directory has the same bytes", async () => {
  await buildRepository("tarballs", ["--target", "tarballs"]);
  const engine = await podman();
  const root = (await engine.done(["image", "mount", "tarballs"])).trim();
  try {
    const tarballs = [
      DIST_FILES.compat,
      DIST_FILES.doc,
      OVERLAY_TARBALL,
      DIST_FILES.symlinks,
      TARBALL,
    ];
    assertEquals([...Deno.readDirSync(root)].map(({ name }) => name).sort(), tarballs);
    for (const name of tarballs) {
      const [ours, theirs] = await Promise.all([
        sha256File(`${TARBALL_DIRECTORY}/${name}`),
        sha256File(`${root}/${name}`),
      ]);
      assertEquals(theirs, ours, name);
    }
  } finally {
    await engine.done(["image", "unmount", "tarballs"]); // or nobody could remove the storage
  }
});
