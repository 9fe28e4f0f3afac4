/**
 * A NUL where a path is to be read from a file: the kernel ends a name there, and whoever goes on
 * to look at it finds EINVAL, not an exception.
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { start } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { Patient, SLEEP, STACK_TRACE } from "./patient.ts";

/** An ELF program for this processor whose loader has this name. */
function elf(loader: string): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(1024);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, 62, true); // EM_X86_64
  view.setUint32(20, 1, true);
  view.setBigUint64(32, 64n, true); // e_phoff
  view.setUint16(52, 64, true);
  view.setUint16(54, 56, true); // e_phentsize
  view.setUint16(56, 1, true); // e_phnum
  view.setUint32(64, 3, true); // PT_INTERP
  view.setBigUint64(64 + 8, 512n, true);
  view.setBigUint64(64 + 32, BigInt(loader.length + 1), true);
  file.set(new TextEncoder().encode(loader), 512);
  return file;
}

/** Heads of a program, and what is told of it as a `run`. */
const HEADS:
  readonly (readonly [what: string, head: string | Uint8Array<ArrayBuffer>, says: RegExp])[] = [
    ["behind the interpreter", "#!/nowhere/sh\0x\n", /interpreter \/nowhere\/sh not found/],
    ["as the interpreter's first byte", "#!\0/bin/sh\n", /its #! line names no interpreter/],
    ["between blanks", "#! \0 /bin/sh\n", /its #! line names no interpreter/],
    ["in place of #!", "\0#!/bin/sh\n", /it has no #! line/],
    ["in an ELF's interpreter", elf("/nowhere/ld.so\0x"), /loader \/nowhere\/ld\.so/],
    [
      "at the beginning of an ELF's interpreter",
      elf("\0/nowhere/ld.so"),
      /unable to spawn \.\/run: /,
    ],
  ];

function put(tree: Tree, path: string, head: string | Uint8Array<ArrayBuffer>): void {
  tree.add({ [`${path}!`]: "" });
  Deno.writeFileSync(
    tree.path(path),
    typeof head === "string" ? new TextEncoder().encode(head) : head,
  );
}

for (const [what, head, says] of HEADS) {
  Deno.test(`a NUL ${what}, of run, finish and a signal's program: warnings, and everybody goes on`, async () => {
    await using patient = await Patient.admit({ "ill/": "", "frail/run!": SLEEP }, {
      healthy: ["frail"],
      prepare: (tree) => {
        for (const path of ["ill/run", "frail/finish", ".s6-svscan/SIGUSR1"]) put(tree, path, head);
      },
    });
    await patient.says(
      new RegExp(`s6-supervise ill: warning: unable to spawn \\./run: .*\\(waiting 60 seconds\\)`),
    );
    assertMatch(patient.said, says);
    await patient.killAndReturn("frail");
    await patient.says(/s6-supervise frail: warning: unable to spawn \.\/finish: /);
    patient.tree.remove("ill/run");
    patient.tree.add({ "ill/run!": SLEEP });
    await patient.command("u", "ill");
    await patient.recovered("ill");
    patient.svscan.signal("SIGUSR1");
    await patient.says(/warning: unable to spawn \.s6-svscan\/SIGUSR1: /);
    put(patient.tree, ".s6-svscan/finish", head);
    await patient.svscan.stop();
    assertMatch(patient.said, /fatal: unable to spawn \.s6-svscan\/finish: /);
    assertNotMatch(patient.said, STACK_TRACE);
  });
}

const INIT = "init";

Deno.test("/init: a NUL in every file that a path is read from: a warning for each, and the CMD runs", async () => {
  requireToolset(OURS);
  const bad = "#!/nowhere/sh\0x\n";
  using tree = makeTree({
    [`${INIT}=`]: OURS.bin("hexad"),
    "etc/cont-init.d/a!": bad,
    "etc/cont-init.d/b!": "#!/bin/sh\necho b\n",
    "etc/cont-finish.d/a!": bad,
    "etc/fix-attrs.d/a":
      "/nowhere/a\0b true root 0644 0755\n\0\n/nowhere\0 false nobody\0:x 0644 0755\n",
    "etc/services.d/ill/run!": bad,
    "etc/services.d/ill/finish!": bad,
    "etc/services.d/ill/notification-fd": "\0",
    "etc/services.d/well/run!": SLEEP,
  });
  await using init = start(tree.path(INIT), ["sh", "-c", "echo CMD; exit 7"], {
    env: {
      S6_RUNDIR: tree.path("run"),
      S6_RUNTIME_PROFILE: tree.path("etc"),
      S6_VERBOSITY: "1",
      S6_STAGE2_HOOK: "",
    },
    cwd: tree.root,
  });
  assertEquals(await init.ended(), 7, init.stderr.text);
  assertEquals(init.stdout.text, "b\nCMD\n");
  for (const path of ["cont-init.d/a", "cont-finish.d/a"]) {
    assertMatch(
      init.stderr.text,
      new RegExp(`warning: unable to spawn .*/etc/${path}: interpreter /nowhere/sh not found`),
    );
  }
  assertMatch(
    init.stderr.text,
    /s6-supervise ill: warning: unable to spawn \.\/run: interpreter \/nowhere\/sh not found/,
  );
  assertNotMatch(init.stderr.text, STACK_TRACE);
});

const DIRECTORIES: Readonly<Record<string, TreeSpec>> = {
  "a service directory": {
    "d/run!": "#!/nowhere/sh\0x\n",
    "d/finish!": "#!\0",
    "d/notification-fd": "3\0x",
    "d/logscript": "t\0 /x\0",
  },
  "a scan directory": {
    "d/a/run!": "\0",
    "d/b/run!": "#!/bin/sh\nexec \0 x\n",
    "d/b/check!": "#!/usr/bin/env \0sh\n",
  },
  "an image": {
    "d/etc/services.d/a/run!": "#!/command/with-contenv \0bash\n",
    "d/etc/fix-attrs.d/x": "/a\0b true a\0 0644 0755\n",
    "d/etc/cont-init.d/x!": "#!\0",
    "d/etc/passwd": "a:x:\0:0::/\0:\0\nroot:x:0:0::/:\n",
  },
};

for (const [what, spec] of Object.entries(DIRECTORIES)) {
  Deno.test(`hexad check on ${what} with NULs in its files: findings, and no exception`, async () => {
    requireToolset(OURS);
    using tree = makeTree(spec);
    await using check = start(OURS.bin("hexad"), ["check", tree.path("d")]);
    const code = await check.ended();
    assert(code <= 2, `exit code ${code}: ${check.stderr.text}`);
    assertNotMatch(check.stderr.text, STACK_TRACE);
  });
}

const CONFIGURATIONS: Readonly<Record<string, string>> = {
  "x.service":
    "[Service]\nExecStart=/bin/a\0b c\nWorkingDirectory=/x\0y\nEnvironmentFile=/e\0f\nUser=a\0\n\0\n",
  "supervisord.conf":
    "[program:a]\ncommand=/bin/x\0y\ndirectory=/x\0y\nstdout_logfile=/l\0g\nuser=u\0\n[include]\nfiles=/a\0b/*.conf\n",
};

for (const [name, text] of Object.entries(CONFIGURATIONS)) {
  Deno.test(`hexad import of a ${name} with NULs in it: an exit code that is documented, and no exception`, async () => {
    requireToolset(OURS);
    using tree = makeTree({
      [name]: text,
      "runit/run!": "#!/bin/sh\0\nexec chpst -u a\0b -e /x\0y prog\n",
      "runit/log/run!": "\0",
    });
    for (
      const operands of [["--to", tree.path("out"), tree.path(name)], [
        "--to",
        tree.path("out2"),
        tree.path("runit"),
      ]]
    ) {
      await using program = start(OURS.bin("hexad"), ["import", ...operands]);
      const code = await program.ended();
      assert([0, 100, 111].includes(code), `exit code ${code}: ${program.stderr.text}`);
      assertNotMatch(program.stderr.text, STACK_TRACE);
    }
  });
}
