/** A run that can't be started: its service waits, says why, and everything else goes on. */
import { Patient, SLEEP } from "./patient.ts";
import { assertEquals } from "@std/assert";
import type { Tree, TreeSpec } from "../fixture/tree.ts";

interface BadRun {
  readonly what: string;
  readonly spec: TreeSpec;
  readonly prepare?: (tree: Tree) => void;
  /** In the warning, which names the service. */
  readonly says: RegExp;
}

/** The first 64 bytes of an ELF program for a little-endian s390, which nobody emulates. */
const FOREIGN_HEAD = Uint8Array.from(
  { length: 64 },
  (_, at) => [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1][at] ?? (at === 16 ? 2 : at === 18 ? 22 : 0),
);

const BAD_RUNS: readonly BadRun[] = [
  { what: "missing", spec: { "ill/": "" }, says: /unable to spawn \.\/run: there is no such file/ },
  {
    what: "not executable",
    spec: { "ill/run": SLEEP },
    says: /unable to spawn \.\/run: it has no execute bit/,
  },
  {
    what: "with CR LF line ends",
    spec: { "ill/run!": SLEEP.replaceAll("\n", "\r\n") },
    says: /unable to spawn \.\/run: .*CR LF/,
  },
  {
    what: "with an interpreter that is not there",
    spec: { "ill/run!": "#!/nowhere/sh\n" },
    says: /unable to spawn \.\/run: interpreter \/nowhere\/sh not found/,
  },
  {
    what: "without an interpreter",
    spec: { "ill/run!": "exec sleep 1000000\n" },
    says: /unable to spawn \.\/run: it has no #! line/,
  },
  { what: "empty", spec: { "ill/run!": "" }, says: /unable to spawn \.\/run: it is empty/ },
  {
    what: "a directory",
    spec: { "ill/run/": "" },
    says: /unable to spawn \.\/run: it is not a regular file/,
  },
  {
    what: "a symlink to nothing",
    spec: { "ill/run=": "nowhere" },
    says: /unable to spawn \.\/run: it is a symbolic link to nothing/,
  },
  { what: "a FIFO", spec: { "ill/run|": "" }, says: /unable to spawn \.\/run: / },
  {
    what: "for another processor",
    spec: { "ill/run!": "" },
    prepare: (tree) => Deno.writeFileSync(tree.path("ill/run"), FOREIGN_HEAD),
    says: /unable to spawn \.\/run: it is a program for s390/,
  },
];

for (const { what, spec, prepare, says } of BAD_RUNS) {
  Deno.test(`a run that is ${what}: a warning with the cause; mended and told s6-svc -u, the service is up`, async () => {
    await using patient = await Patient.admit(spec, prepare === undefined ? {} : { prepare });
    await patient.says(
      new RegExp(`s6-supervise ill: warning: ${says.source}.*\\(waiting 60 seconds\\)`),
    );
    assertEquals(patient.status("ill").pid, 0);
    if (patient.tree.exists("ill/run")) patient.tree.remove("ill/run");
    patient.tree.add({ "ill/run!": SLEEP });
    await patient.command("u", "ill");
    await patient.recovered("ill");
  });
}

Deno.test("a run that turns bad while the service is up: the next start warns, and the service comes back when it is mended", async () => {
  await using patient = await Patient.admit({ "ill/run!": SLEEP }, { healthy: ["ill"] });
  patient.tree.remove("ill/run");
  await patient.command("k", "ill");
  await patient.says(/s6-supervise ill: warning: unable to spawn \.\/run: there is no such file/);
  patient.tree.add({ "ill/run!": SLEEP });
  await patient.command("u", "ill");
  await patient.recovered();
});

Deno.test("a run that somebody has open for writing: a warning with the cause; closed and told s6-svc -u, the service is up", async () => {
  const writers: Deno.FsFile[] = [];
  const prepare = (tree: Tree): void =>
    void writers.push(Deno.openSync(tree.path("ill/run"), { append: true }));
  await using patient = await Patient.admit({ "ill/run!": SLEEP }, { prepare });
  await patient.says(
    /s6-supervise ill: warning: unable to spawn \.\/run: Text file busy; somebody has it open for writing/,
  );
  for (const writer of writers) writer.close();
  await patient.command("u", "ill");
  await patient.recovered("ill");
});

Deno.test("a finish that can't be started: a warning, and the service is restarted without it", async () => {
  await using patient = await Patient.admit(
    { "ill/run!": SLEEP, "ill/finish!": "#!/nowhere/sh\n" },
    { healthy: ["ill"] },
  );
  await patient.killAndReturn("ill");
  await patient.says(
    /s6-supervise ill: warning: unable to spawn \.\/finish: interpreter \/nowhere\/sh not found/,
  );
  await patient.recovered();
});
