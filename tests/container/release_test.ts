/**
 * A release, verified as its users verify it, and used by a Dockerfile in each form. It is for this
 * machine's architecture, of what the tier's build has made, and hardly compressed.
 *
 * That it has the same bytes when it is made twice is tested with a short text in the place of the
 * program: dockerfile_test.ts compares the program with that of a build in another directory.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DIST, DIST_FILES } from "../../tools/layout.ts";
import { type Result, run } from "../fixture/command.ts";
import { startContainer } from "./container.ts";
import { copyDebian } from "./guest_roots.ts";
import { buildInContext, compileProbe } from "./images.ts";
import { podman } from "./podman.ts";
import { copyRepository } from "./repository_copy.ts";

const LIMIT_MS = 300_000;
/** The time of the commit. */
const DATE = "2026-11-30T12:00:00Z";
/** The time of all files of a usual build, so that its tarballs are right for the release. */
const BUILD_DATE = "2026-01-01T00:00:00Z";
const VERSION: string = JSON.parse(await Deno.readTextFile(`${DIST}/../deno.json`)).version;
const TARBALLS = ["hexad", "hexad-overlay"].map((name) => `${name}-x86_64`);
const COMMON = ["hexad-doc-noarch", "hexad-symlinks-noarch"];
const COMPAT = "hexad-compat-noarch";

async function done(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, { cwd, env });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with ${code}: ${stderr}`);
  return stdout;
}

/** A copy of the repository with one commit of that time and a tag, and with files of dist/. */
async function makeRepository(
  directory: string,
  date: string,
  built: readonly string[],
): Promise<void> {
  await copyRepository(directory);
  const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const author = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
  const git = (...args: string[]): Promise<string> =>
    done("git", [...author, ...args], directory, dates);
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "build: a program");
  await git("tag", `v${VERSION}`);
  Deno.mkdirSync(`${directory}/dist`);
  const options = ["--archive", "--parents", "--reflink=auto"];
  await done("cp", [...options, ...built, `${directory}/dist`], DIST);
}

const { program: PROGRAM, bom: BOM, stamp: STAMP, devBin: DEV_BIN } = DIST_FILES;

function release(
  repository: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const words = ["run", "--allow-all", "tools/release.ts", ...args];
  return run(Deno.execPath(), words, { cwd: repository, env, timeoutMs: LIMIT_MS });
}

interface Pair {
  /** Two directories that should be equal. */
  readonly directories: readonly [string, string];
  readonly repository: string;
  readonly publicKey: string;
}

async function makePair(): Promise<Pair> {
  const root = `${(await podman()).root}/pair`;
  Deno.mkdirSync(root);
  await done("minisign", ["-G", "-W", "-p", "key.pub", "-s", "key"], root);
  const repositories = [`${root}/one`, `${root}/the other`] as const;
  for (const repository of repositories) {
    await makeRepository(repository, DATE, [BOM, STAMP, DEV_BIN]);
    for (const path of [PROGRAM, `${DEV_BIN}/hexad`]) {
      Deno.writeTextFileSync(`${repository}/dist/${path}`, "a short text\n", { mode: 0o755 });
    }
  }
  // the key as a file and as a text; what else may differ between two machines, differs
  const results = await Promise.all([
    release(repositories[0], ["--arch", "x86_64", "--xz-level", "0"], {
      MINISIGN_KEY_FILE: `${root}/key`,
      TZ: "UTC",
    }),
    release(repositories[1], ["--arch=x86_64", "--xz-level=0", `v${VERSION}`], {
      MINISIGN_KEY: Deno.readTextFileSync(`${root}/key`),
      TZ: "Asia/Tokyo",
      LC_ALL: "C",
    }),
  ]);
  for (const { code, stderr } of results) assertEquals(code, 0, stderr);
  return {
    directories: [`${repositories[0]}/release`, `${repositories[1]}/release`],
    repository: repositories[0],
    publicKey: `${root}/key.pub`,
  };
}

let making: Promise<Pair> | undefined;

function pair(): Promise<Pair> {
  return making ??= makePair();
}

/** The directory of a release of the program. */
async function makeRelease(): Promise<string> {
  const repository = `${(await podman()).root}/released`;
  const { tarball, overlayTarball, symlinks, doc } = DIST_FILES;
  const tarballs = [tarball, overlayTarball, symlinks, doc];
  await makeRepository(repository, BUILD_DATE, [PROGRAM, BOM, STAMP, DEV_BIN, ...tarballs]);
  const { code, stderr } = await release(repository, ["--arch", "x86_64", "--xz-level", "0"]);
  assertEquals(code, 0, stderr);
  // so the programs are those of this tier's build
  assertStringIncludes(stderr, "build: up to date\n");
  assertMatch(stderr, /^release: nothing is signed: no key in MINISIGN_KEY_FILE/m);
  return `${repository}/release`;
}

let releasing: Promise<string> | undefined;

function released(): Promise<string> {
  return releasing ??= makeRelease();
}

function namesIn(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
}

Deno.test("release: made twice of one commit it has the same bytes, signature included, and all that it should have", async () => {
  const { directories: [one, other] } = await pair();
  const archives = [...TARBALLS, ...COMMON, COMPAT].flatMap((
    name,
  ) => [`${name}.tar.gz`, `${name}.tar.xz`]);
  const images = ["hexad-oci.tar", "hexad-overlay-oci.tar"];
  const words = ["CHANGES.md", "SHA256SUMS", "SHA256SUMS.minisig", "hexad-x86_64.cdx.json"];
  assertEquals(namesIn(one), [...archives, ...images, ...words].sort());
  assertEquals(await done("diff", ["--recursive", "--brief", one, other], "/"), "");
  const listed = await done("tar", ["-tvf", `${one}/hexad-doc-noarch.tar.xz`, "--utc"], one);
  assertEquals(
    listed.split("\n").filter((line) => line !== "" && !line.includes("2026-11-30 12:00")),
    [],
  );
  // an archive is the same in both forms
  for (const name of [...TARBALLS, ...COMMON, COMPAT]) {
    const compare = 'gzip -dc "$1.tar.gz" >a && xz -dc "$1.tar.xz" | cmp - a && rm a';
    await done("/bin/sh", ["-c", compare, "sh", `${one}/${name}`], one);
  }
  assertMatch(Deno.readTextFileSync(`${one}/CHANGES.md`), new RegExp(`^## ${VERSION} \\(`));
});

Deno.test("release: its sums and its signature are verified by sha256sum and minisign, which refuse what was changed", async () => {
  const { directories: [one], publicKey } = await pair();
  const verify = (): Promise<Result> =>
    run("minisign", ["-V", "-p", publicKey, "-m", "SHA256SUMS"], { cwd: one });
  await done("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], one);
  const sums = Deno.readTextFileSync(`${one}/SHA256SUMS`);
  assertEquals(
    sums.trimEnd().split("\n").map((line) => line.slice(66)),
    namesIn(one).filter((name) => !name.startsWith("SHA256SUMS")),
  );
  const good = await verify();
  assertEquals(good.code, 0, good.stderr);
  assertStringIncludes(good.stdout, `Trusted comment: hexad ${VERSION}\n`);
  Deno.writeTextFileSync(
    `${one}/SHA256SUMS`,
    sums.replace(/^./, (digit) => digit === "0" ? "1" : "0"),
  );
  try {
    assertEquals((await verify()).code, 1);
  } finally {
    Deno.writeTextFileSync(`${one}/SHA256SUMS`, sums);
  }
});

Deno.test("release: refused with a file that is in no commit, with another version, and with a wrong key; nothing is written", async () => {
  const { repository } = await pair();
  const before = Deno.statSync(`${repository}/release`).ino;
  const refused = async (
    args: readonly string[],
    message: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const { code, stderr } = await release(repository, args, env);
    assertEquals([code, stderr.split("\n").length], [1, 2], stderr);
    assertStringIncludes(stderr, `release: fatal: ${message}`);
  };
  await refused(["--version", "9.9.9"], `deno.json has version ${VERSION}, not 9.9.9`);
  await refused(["v9.9.9"], "the commit that is checked out does not have the tag v9.9.9");
  await refused([], "unable to read MINISIGN_KEY_FILE", { MINISIGN_KEY_FILE: "/nonexistent" });
  Deno.writeTextFileSync(`${repository}/lib/new.ts`, "");
  await refused([], "the tree has changes that are in no commit: ?? lib/new.ts");
  Deno.removeSync(`${repository}/lib/new.ts`);
  assertEquals(Deno.statSync(`${repository}/release`).ino, before);
});

Deno.test("release: COPY --from= the archive of the image to scratch supervises what is copied to /service", async () => {
  const one = await released();
  const dockerfile = `FROM oci-archive:${one}/hexad-oci.tar AS hexad\nFROM scratch\n` +
    'COPY --from=hexad /usr /usr\nCOPY service /service\nCMD ["/usr/bin/s6-svscan", "/service"]\n';
  await buildInContext("release-scratch", dockerfile, (directory) => {
    Deno.mkdirSync(`${directory}/service/db`, { recursive: true });
    return compileProbe(`${directory}/service/db/run`, ["-static"]);
  });
  await using container = await startContainer({ image: "release-scratch" });
  await container.stdout.until("db: up\n");
  const { stdout } = await container.exec(["/usr/bin/hexad", "--version"]);
  assertStringIncludes(stdout, `hexad ${VERSION},`);
  assertEquals(await container.stop(), 0);
});

Deno.test("release: ADD of the overlay to a Debian boots, and with the .tar.xz of hexad-symlinks and hexad-doc it has both", async () => {
  const one = await released();
  // podman needs a minute to unpack a large .tar.xz
  const archives = ["hexad-overlay-x86_64.tar.gz", ...COMMON.map((name) => `${name}.tar.xz`)];
  const dockerfile = `FROM scratch\nCOPY root /\nADD ${archives[0]} /\nADD ${archives[1]} /usr\n` +
    `ADD ${archives[2]} /usr\nENTRYPOINT ["/init"]\n`;
  await buildInContext("release-debian", dockerfile, async (directory) => {
    for (const name of archives) Deno.linkSync(`${one}/${name}`, `${directory}/${name}`);
    Deno.mkdirSync(`${directory}/root`);
    await copyDebian(`${directory}/root`);
  });
  const script =
    "test -f /usr/share/man/man1/hexad.1 && /usr/bin/foreground ' echo' ' booted' '' sh -c 'exit 7'";
  await using container = await startContainer({
    image: "release-debian",
    command: ["sh", "-c", script],
  });
  assertEquals(await container.ended(), 7, container.stderr.text);
  assertStringIncludes(container.stdout.text, "booted\n");
});

Deno.test("release: COPY --from= takes the overlay's image as a layout", async () => {
  const one = await released();
  const layout = `${(await podman()).root}/layout`;
  Deno.mkdirSync(layout);
  await done("tar", ["-xf", `${one}/hexad-overlay-oci.tar`, "-C", layout], "/");
  const dockerfile =
    `FROM oci:${layout}:${VERSION} AS hexad\nFROM scratch\nCOPY --from=hexad / /\n` +
    'ENTRYPOINT ["/init"]\n';
  await buildInContext("release-copied", dockerfile, () => {});
  await using booted = await startContainer({
    image: "release-copied",
    command: ["execlineb", "-Pc", "foreground { s6-echo booted } exit 9"],
  });
  assertEquals(await booted.ended(), 9, booted.stderr.text);
  assertStringIncludes(booted.stdout.text, "booted\n");
});
