/** What is in each tarball of the build, and what is not. */
import { assert, assertEquals } from "@std/assert";
import { OWN_COMMANDS } from "../../cmd/hexad/commands.ts";
import { SCHEMAS } from "../../cmd/hexad/serve/schemas.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { run as runTool } from "../../tools/command.ts";
import { DIST, DIST_FILES } from "../../tools/layout.ts";
import { run } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

requireToolset(OURS);

const DOCS =
  "share/doc/hexad/(LICENSE|openapi\\.json|hexad\\.cdx\\.json|licences/[A-Za-z0-9.-]+|schemas/[a-z]+\\.schema\\.json)";

/** Patterns of paths, without their ends. */
const MAY_HAVE: Readonly<Record<string, string>> = {
  [DIST_FILES.tarball]:
    `bin/(hexad|s6-[a-z0-9-]+|ucspilogd|execlineb)|lib/hexad/(bin/([a-z0-9-]+)?|[a-z0-9_.-]+)?|${DOCS}`,
  [DIST_FILES.overlayTarball]:
    `init|(command|package|etc/s6(-overlay)?|run|usr/bin|usr/lib/hexad)/.*|usr/${DOCS}`,
  [DIST_FILES.symlinks]: "bin/[a-z0-9-]+",
  [DIST_FILES.doc]: "share/(?!doc/)[a-z0-9._/-]+",
};

interface Entry {
  readonly name: string;
  /** As `tar --list --verbose` shows it: `-rwxr-xr-x 0/0 ...`. */
  readonly line: string;
}

async function list(tarball: string): Promise<Entry[]> {
  const flags = ["--list", "--verbose", "--numeric-owner", "--file"];
  const text = await runTool("tar", [...flags, `${DIST}/${tarball}`]);
  return text.trimEnd().split("\n").map((line) => ({
    name: /:\d\d (\S+)/.exec(line)?.[1] ?? line,
    line,
  }));
}

const LISTS = new Map(
  await Promise.all(
    Object.keys(MAY_HAVE).map(async (tarball) => [tarball, await list(tarball)] as const),
  ),
);

function namesIn(tarball: string): string[] {
  return LISTS.get(tarball)!.map(({ name }) => name);
}

for (const [tarball, pattern] of Object.entries(MAY_HAVE)) {
  Deno.test(`${tarball}: it has what its name says and nothing else, and all belongs to root`, () => {
    const form = new RegExp(`^(${pattern})$`);
    assertEquals(namesIn(tarball).filter((name) => !form.test(name)), []);
    assert(namesIn(tarball).length > 10);
    const lines = LISTS.get(tarball)!.map(({ line }) => line);
    assertEquals(lines.filter((line) => !/^[-dl][rwxt-]{9} 0\/0 /.test(line)), []);
    // everybody may write to one directory, which is meant for it
    assertEquals(
      lines.filter((line) => /^[-d].......w/.test(line) && !line.endsWith(" run/s6/")),
      [],
    );
  });
}

Deno.test("the tarballs for /usr have no file twice, and hexad-symlinks and hexad-doc have the same for every architecture", () => {
  const names = [DIST_FILES.tarball, DIST_FILES.symlinks, DIST_FILES.doc].flatMap(namesIn)
    .filter((name) => !name.endsWith("/"));
  assertEquals(new Set(names).size, names.length);
  const noarch = [DIST_FILES.symlinks, DIST_FILES.doc].flatMap(namesIn);
  assertEquals(noarch.filter((name) => /x86|aarch|amd64|\.so/.test(name)), []);
});

Deno.test("hexad-symlinks after the base or after the overlay: each link leads to the program, and a script needs no PATH", async () => {
  for (const [tarball, into] of [[DIST_FILES.tarball, "usr"], [DIST_FILES.overlayTarball, "."]]) {
    using tree = makeTree({ "usr/": "", "proc/": "" });
    await runTool("tar", ["-xf", `${DIST}/${tarball}`, "-C", tree.path(into!)]);
    await runTool("tar", ["-xf", `${DIST}/${DIST_FILES.symlinks}`, "-C", tree.path("usr")]);
    const program = Deno.statSync(tree.path("usr/bin/hexad")).ino;
    for (const name of namesIn(DIST_FILES.symlinks)) {
      assertEquals(Deno.statSync(tree.path("usr", name)).ino, program, name);
    }
    for (const name of ["if", "foreground", "with-contenv"]) assert(tree.exists(`usr/bin/${name}`));
    // the program for images has its loader in /usr, so it runs only in such a root
    const place = ["--pid", "--fork", "--mount", `--root=${tree.root}`, "--mount-proc=/proc"];
    const script = ["/usr/bin/execlineb", "-Pc", "if { s6-echo -n linked } exit 3"];
    const { code, stdout } = await run("/usr/bin/unshare", [...place, ...script], {
      env: { PATH: "/usr/bin" },
    });
    assertEquals([code, stdout], [3, "linked"]);
  }
});

Deno.test("each command with --json names its schema, and both tarballs with a program have it, as it is in docs", async () => {
  using tree = makeTree({ "usr/": "", "overlay/": "" });
  await runTool("tar", ["-xf", `${DIST}/${DIST_FILES.tarball}`, "-C", tree.path("usr"), "share"]);
  await runTool("tar", [
    "-xf",
    `${DIST}/${DIST_FILES.overlayTarball}`,
    "-C",
    tree.path("overlay"),
    "usr/share",
  ]);
  const cited = new Set<string>();
  for (const [name, { load }] of Object.entries(OWN_COMMANDS)) {
    if (!(await load()).table.options.some(({ long }) => long === "json")) continue;
    const { stdout } = await run(OURS.bin("hexad"), [name, "--help"]);
    const path = /(\/usr\/share\/\S+\.schema\.json) describes it/.exec(stdout)?.[1];
    assert(path !== undefined, `hexad ${name} --json names no schema`);
    cited.add(path);
  }
  const docs = [...Deno.readDirSync("docs")].map(({ name }) => name)
    .filter((name) => name.endsWith(".schema.json"));
  const paths = docs.map((name) => schemaPath(name.replace(".schema.json", "")));
  // one is of a file that hexad reads: hexad render --schema prints it; others are only served
  assertEquals(
    paths.filter((path) => !cited.has(path)).map((path) => path.slice(path.lastIndexOf("/") + 1))
      .filter((name) => !Object.hasOwn(SCHEMAS, name)),
    ["services.schema.json"],
  );
  assertEquals([...cited].filter((path) => !paths.includes(path)), []);
  for (const path of paths) {
    const text = Deno.readTextFileSync(`docs/${path.slice(path.lastIndexOf("/") + 1)}`);
    for (const root of ["", "overlay"]) {
      assertEquals(tree.text(`${root}${path}`.replace(/^\//, "")), text);
    }
  }
});
