/**
 * Configurations of other supervisors, as people have them, and the services that are made of them:
 * each beside it in NAME.golden. A change that is meant is written there by `UPDATE_GOLDEN=1 deno
 * test -A tests/unit/importer`.
 */
import { assert, assertEquals } from "@std/assert";
import { knownCommands } from "../../../cmd/hexad/known_commands.ts";
import { checkOperand } from "../../../lib/check/operand.ts";
import { SYSTEM } from "../../../lib/check/system.ts";
import { findingLine } from "../../../lib/check/core/check_finding.ts";
import type { Language } from "../../../lib/importer/core/language.ts";
import type { Imported } from "../../../lib/importer/core/service_plan.ts";
import { Refusal } from "../../../lib/grammars/core/refusal.ts";
import { type Format, formatOf, FORMATS, importFrom } from "../../../lib/importer/import.ts";
import { writeService } from "../../../lib/newservice/write.ts";
import { ROOT } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { importedOrRefused } from "./golden.ts";

const PLACE = `${ROOT}/tests/unit/importer/configurations`;
const SH: Language = { kind: "sh", interpreter: "/bin/sh" };
const EXECLINE: Language = { kind: "execline", interpreter: "/command/execlineb" };
const known = await knownCommands("");

function configurations(format: Format): string[] {
  const entries = [...Deno.readDirSync(`${PLACE}/${format}`)];
  const wanted = entries.filter(({ name, isFile }) =>
    format === "runit" ? !isFile : isFile && !name.endsWith(".golden")
  );
  return wanted.map(({ name }) => name).sort();
}

/**
 * What check has to say of it, in a directory for an image, where programs and users need not be.
 */
function faults({ services }: Imported): string[] {
  using tree = makeTree({ "rootfs/etc/services.d/": "" });
  for (const { name, files } of services) {
    writeService(tree.path("rootfs/etc/services.d"), name, files);
  }
  const { findings } = checkOperand("rootfs", {
    port: SYSTEM,
    known,
    path: [],
    user: { name: "root", uid: 0, gids: [0] },
    directory: tree.root,
  });
  return findings.map(findingLine);
}

/** What is refused has no faults. */
function importedOrNothing(read: () => Imported): Imported {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return { services: [], notes: [] };
    throw error;
  }
}

/** Faults that the originals have and that are told when they are imported. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "systemd/nginx.service": ["daemonises"],
};

/** Lines that say what holds without them too, or that a later line takes back. */
const IDLE: Readonly<Record<string, readonly string[]>> = {
  "supervisord/desktop.conf": ["nodaemon=true", "user=root"],
  "supervisord/exit_codes.conf": ["autorestart=unexpected"],
  "supervisord/includes.conf": ["nodaemon=true"],
  "supervisord/numprocs.conf": ["autostart=true", "stdout_logfile_maxbytes=0"],
  "supervisord/php_nginx.conf": [
    "stdout_logfile_maxbytes = 0",
    "stderr_logfile = /dev/stderr",
    "stderr_logfile_maxbytes = 0",
  ],
  // without it, both descriptors go to the logger all the same
  "supervisord/web_app.conf": [
    "nodaemon=true",
    "user=root",
    "autostart=true",
    "redirect_stderr=true",
    "numprocs=1",
  ],
  "systemd/app.service": [
    "StartLimitBurst=5",
    "ExecReload=/bin/kill -HUP $MAINPID",
    "TimeoutStopSec=1min 30s",
    "StandardOutput=journal",
    "StandardError=inherit",
  ],
  "systemd/cleared.service": ["ExecStart=/bin/old", "Environment=A=1"],
  "systemd/exit_status.service": ["SuccessExitStatus=1 SIGKILL"],
  "systemd/nginx.service": ["KillMode=mixed"],
  "systemd/postgresql.service": ["ExecReload=/bin/kill -HUP $MAINPID", "KillMode=mixed"],
  // SendSIGKILL=no says that there is no such time
  "systemd/prometheus.service": ["ExecReload=/bin/kill -HUP $MAINPID", "TimeoutStopSec=20s"],
  // it is told that nothing becomes of the whole file
  "systemd/template@.service": ["ExecStart=/usr/bin/worker --queue=%i"],
};

/** All that comes out, but for the numbers of lines. */
function outcome({ services, notes }: Imported): string {
  const files = services.map((
    { name, files: all },
  ) => [
    name,
    all.map((file) => ({ ...file, text: file.text.replace(/^(# from .*):\d+$/m, "$1") })),
  ]);
  return JSON.stringify([files, notes.map(({ text }) => text)]);
}

/** Their origin takes none of it. */
const REFUSED = ["supervisord/broken.conf"];

for (const format of ["supervisord", "systemd"] as const) {
  for (const name of configurations(format)) {
    if (REFUSED.includes(`${format}/${name}`)) continue;
    Deno.test(`import ${format}/${name}: no key is dropped without a word`, () => {
      using tree = makeTree({ [name]: "" });
      tree.add({ "conf.d/a.ini": "[program:first]\ncommand=/bin/first\n" });
      const lines = Deno.readTextFileSync(`${PLACE}/${format}/${name}`).split("\n");
      const imported = (text: string): string => {
        tree.add({ [name]: text });
        try {
          return outcome(importFrom(tree.path(name), format, SH));
        } catch (error) {
          if (error instanceof Refusal) return error.message;
          throw error;
        }
      };
      const whole = imported(lines.join("\n"));
      const idle = lines.filter((line, at) =>
        /^[A-Za-z_]+\s*[=:]/.test(line) && imported(lines.with(at, "").join("\n")) === whole
      );
      assertEquals([...new Set(idle)], IDLE[`${format}/${name}`] ?? []);
    });
  }
}

for (const format of FORMATS) {
  const names = configurations(format);

  Deno.test(`import ${format}: there are ten configurations`, () =>
    assert(names.length >= 10, names.join(" ")));

  for (const name of names) {
    const path = `${PLACE}/${format}/${name}`;
    const label = `${format}/${name}`;

    Deno.test(`import ${label}: as its golden file says`, () => {
      if (format !== "runit" || name !== "no_run") assertEquals(formatOf(path), format);
      const text = importedOrRefused(() => importFrom(path, format, SH), [
        [PLACE, "CONFIGURATIONS"],
      ]);
      const golden = `${PLACE}/${format}/${name}.golden`;
      if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(golden, text);
      assertEquals(text, Deno.readTextFileSync(golden));
    });

    Deno.test(`import ${label}: check has nothing to say of the result`, () => {
      const accepted = EXPECTED[label] ?? [];
      for (const language of [SH, EXECLINE]) {
        const imported = importedOrNothing(() => importFrom(path, format, language));
        const found = faults(imported);
        assertEquals(found.length, accepted.length, found.join("\n"));
      }
    });
  }
}
