import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OverlayError } from "../../../lib/overlay/overlay_error.ts";
import { prepareRunDirectory } from "../../../lib/overlay/run_directory.ts";
import { start } from "../../fixture/command.ts";

const HOLDER = new URL("../libc/lock_holder.ts", import.meta.url).pathname;

class Scratch implements Disposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "hexad-run-" }));
  readonly rundir = `${this.root}/run`;
  readonly varRun = `${this.root}/var/run`;
  readonly warnings: string[] = [];

  constructor() {
    Deno.mkdirSync(`${this.root}/var`);
  }

  prepare(): string[] {
    const { rundir, varRun, warnings } = this;
    prepareRunDirectory({
      rundir,
      varRun,
      readOnlyRoot: false,
      acceptWorldWritable: false,
      warn: (text) => warnings.push(text),
    });
    return warnings;
  }

  write(path: string, text = ""): void {
    Deno.mkdirSync(`${this.root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${this.root}/${path}`, text);
  }

  exists(path: string): boolean {
    return Array.from(
      Deno.readDirSync(`${this.root}/${path}`.replace(/\/[^/]*$/, "")),
      ({ name }) => name,
    ).includes(
      path.replace(/.*\//, ""),
    );
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

Deno.test("prepareRunDirectory() makes the directory, what belongs in it, and the older names", () => {
  using scratch = new Scratch();
  assertEquals(scratch.prepare(), []);
  for (const name of ["s6", "service", "s6-linux-init-container-results"]) {
    const { isDirectory, mode } = Deno.lstatSync(`${scratch.rundir}/${name}`);
    assertEquals([isDirectory, (mode! & 0o7777).toString(8)], [true, "755"], name);
  }
  assertEquals(Deno.realPathSync(`${scratch.varRun}/s6/services`), `${scratch.rundir}/service`);
  assertEquals(Deno.readLinkSync(scratch.varRun), scratch.rundir);
});

Deno.test("prepareRunDirectory() removes what an earlier start has left, and nothing else", () => {
  using scratch = new Scratch();
  for (
    const path of [
      "run/s6/old",
      "run/service/web/run",
      "run/uncaught-logs/current",
      "run/s6-rc/db",
      "run/s6-rc:s6-rc-init:abc/x",
    ]
  ) {
    scratch.write(path);
  }
  scratch.write("run/s6-linux-init-container-results/exitcode", "3");
  scratch.write("run/app.pid", "7");
  scratch.prepare();
  for (
    const gone of [
      "run/s6/old",
      "run/service/web",
      "run/uncaught-logs",
      "run/s6-rc",
      "run/s6-rc:s6-rc-init:abc",
    ]
  ) {
    assert(!scratch.exists(gone), gone);
  }
  assert(!scratch.exists("run/s6-linux-init-container-results/exitcode"));
  assertEquals(Deno.readTextFileSync(`${scratch.rundir}/app.pid`), "7");
});

Deno.test("prepareRunDirectory() does not follow links that lead out of the directory", () => {
  using scratch = new Scratch();
  scratch.write("precious/file");
  Deno.mkdirSync(scratch.rundir);
  for (const name of ["s6", "service", "uncaught-logs"]) {
    Deno.symlinkSync(`${scratch.root}/precious`, `${scratch.rundir}/${name}`);
  }
  scratch.prepare();
  assert(scratch.exists("precious/file"));
  assert(Deno.lstatSync(`${scratch.rundir}/service`).isDirectory);
});

Deno.test("prepareRunDirectory() refuses a directory in which a tree is running, and leaves it alone", async () => {
  using scratch = new Scratch();
  scratch.write("run/service/.s6-svscan/lock");
  const lock = `${scratch.rundir}/service/.s6-svscan/lock`;
  await using holder = start(Deno.execPath(), [
    "run",
    "-A",
    "--no-check",
    HOLDER,
    lock,
    "exclusive",
  ]);
  await holder.stdout.until("held\n");
  const refusal = assertThrows(
    () => scratch.prepare(),
    OverlayError,
    `another s6-svscan is running on ${scratch.rundir}/service`,
  );
  assertEquals(refusal.code, 100);
  assert(scratch.exists("run/service/.s6-svscan/lock"));
});

Deno.test("prepareRunDirectory() turns an empty /var/run or one that leads elsewhere into a link", () => {
  for (const kind of ["directory", "link"] as const) {
    using scratch = new Scratch();
    if (kind === "directory") Deno.mkdirSync(scratch.varRun);
    else Deno.symlinkSync("/nowhere", scratch.varRun);
    const warnings = scratch.prepare();
    assertEquals(Deno.readLinkSync(scratch.varRun), scratch.rundir);
    assertEquals(warnings.length, kind === "link" ? 1 : 0);
  }
});

Deno.test("prepareRunDirectory() leaves the files of a /var/run that is a directory, and links only s6 in it", () => {
  using scratch = new Scratch();
  scratch.write("var/run/docker.sock");
  scratch.write("var/run/s6/old");
  const [warning, ...more] = scratch.prepare();
  assertStringIncludes(warning!, "is a directory with files in it");
  assertEquals(more, []);
  assert(scratch.exists("var/run/docker.sock"));
  assertEquals(Deno.realPathSync(`${scratch.varRun}/s6/services`), `${scratch.rundir}/service`);
});

Deno.test("prepareRunDirectory() refuses what is no directory and a path that is not absolute, and says what to do", () => {
  using scratch = new Scratch();
  scratch.write("run");
  const refusal = assertThrows(
    () => scratch.prepare(),
    OverlayError,
    "is not a directory; remove it from the image, or set S6_RUNDIR",
  );
  assertEquals(refusal.code, 100);
  const options = { readOnlyRoot: false, acceptWorldWritable: false, warn: () => {} };
  assertThrows(
    () => prepareRunDirectory({ rundir: "run", ...options }),
    OverlayError,
    "name one that begins with /",
  );
});
