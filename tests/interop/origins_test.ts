/**
 * What a program is given under its origin and after `hexad import`, under s6-svscan: argv,
 * environment, ids, groups, directory, masks, limits, descriptors, signals, key by key. Where the
 * origin can't be run, what its documents say is expected.
 */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import type { Input, Seen } from "./origins/input.ts";
import { PROCFILE_ENV, PROCFILE_INPUTS } from "./origins/procfile_inputs.ts";
import { RUNIT_INPUTS } from "./origins/runit_inputs.ts";
import { comparable, makeStage, type Stage } from "./origins/stage.ts";
import {
  SUPERVISORD_INPUTS,
  SUPERVISORD_REFUSED,
  SUPERVISORD_SEVERAL,
} from "./origins/supervisord_inputs.ts";
import { SYSTEMD_INPUTS, SYSTEMD_REFUSED } from "./origins/systemd_inputs.ts";

requireToolset(OURS);

const SEVERAL = ["s-many_07", "s-many_08", "s-many_09", "s-member"];
/** `/run` is a file system of the test's own. */
const UP = ["env", "XDG_RUNTIME_DIR=/run", OURS.bin("hexad"), "up", "--keep"];
/** Their processes and their loggers' start together. */
const UP_AT_ONCE = 20;
const SVSCAN = OURS.bin("s6-svscan");

function addFiles({ tree, filled }: Stage, inputs: readonly Input[]): void {
  for (const { name, files = {} } of inputs) {
    for (const [path, text] of Object.entries(files)) tree.add({ [path]: filled(text, name) });
  }
}

/**
 * The same inputs by way of one services.yaml, which `hexad up` runs. What its services are
 * given is what the origin gives, but for what an input has a note for, and for signals: execline
 * ignores none, which is told.
 */
async function compareYaml(
  t: Deno.TestContext,
  stage: Stage,
  inputs: readonly Input[],
  { origin, operands, place, runsIn }: {
    readonly origin: ReadonlyMap<string, Seen>;
    readonly operands: readonly string[];
    /** The directory of the service, there. */
    place(name: string): string;
    /** The same here; undefined: a directory of s6-rc. */
    runsIn(name: string): string | undefined;
  },
): Promise<void> {
  const { tree } = stage;
  const imported = await stage.hexad("import", "-v", "--yaml", "-t", "services.yaml", ...operands);
  assertEquals([imported.code, imported.stderr], [0, ""]);
  const ours = new Map<string, Seen>();
  const [head = "", ...services] = tree.text("services.yaml").split(/\n(?= {2}# from )/);
  for (let at = 0; at < services.length; at += UP_AT_ONCE) {
    const some = services.slice(at, at + UP_AT_ONCE);
    tree.add({ "some.yaml": [head, ...some].join("\n") });
    const found = await stage.perform(
      [...UP, "-f", tree.path("some.yaml")],
      namesOf(inputs).filter((name) => some.some((text) => text.includes(`\n  ${name}:\n`))),
    );
    for (const [name, seen] of found) ours.set(name, seen);
  }
  for (const input of inputs) {
    await t.step(`${input.name}, by way of services.yaml`, () => {
      const seen = origin.get(input.name)!;
      const seenHere = withoutUp(ours.get(input.name)!);
      const ownDirectory = seenHere.cwd.endsWith(`/${input.name}`) ? seenHere.cwd : "(none)";
      const here = runsIn(input.name) ?? ownDirectory;
      assertSame(
        input,
        { ...comparable(seen, stage, place(input.name)), ignored: [] },
        comparable(besideFile(seenHere, stage, here), stage, here),
        imported.stdout,
      );
      if (seen.ignored.length > 0) {
        assertMatch(imported.stdout, /in execline, SIG[A-Z and]+ (?:is|are) not ignored/);
      }
    });
  }
}

/** Services of a file run beside it; there, in a directory of their own. */
function besideFile(seen: Seen, { tree }: Stage, ownDirectory: string): Seen {
  return seen.cwd === tree.root ? { ...seen, cwd: ownDirectory } : seen;
}

/** Without what `hexad up` needs, and what it adds to find its commands. */
function withoutUp(seen: Seen): Seen {
  const environment = seen.environment.filter((text) => !text.startsWith("XDG_RUNTIME_DIR="))
    .map((text) => text.startsWith("PATH=") ? text.replace(/(?<=[=:])\/run\/[^:]*:/, "") : text);
  return { ...seen, environment };
}

function namesOf(inputs: readonly Input[]): string[] {
  return inputs.map(({ name }) => name);
}

/** `told`: what import said. */
function assertSame(
  { name, differs = [], note, harmless }: Input,
  origin: Seen,
  ours: Seen,
  told: string,
): void {
  const picked = (seen: Seen): unknown =>
    Object.fromEntries(Object.entries(seen).filter(([key]) => !differs.some((one) => one === key)));
  assertEquals(picked(ours), picked(origin), name);
  for (const key of differs) {
    assertNotEquals(ours[key], origin[key], `${name}: ${key} is the same after all`);
  }
  if (note !== undefined) assertMatch(told, note);
  else if (harmless === undefined) assertEquals(differs, []);
}

async function compare(
  t: Deno.TestContext,
  stage: Stage,
  inputs: readonly Input[],
  { origin, told, places }: {
    readonly origin: ReadonlyMap<string, Seen>;
    readonly told: string;
    /** The directories of the services, there and here. */
    places(name: string): readonly [string, string];
  },
): Promise<void> {
  const ours = await stage.perform([SVSCAN, stage.tree.path("scan")], namesOf(inputs));
  for (const input of inputs) {
    await t.step(input.name, () => {
      const [there, here] = places(input.name);
      const [seen, seenHere] = [origin.get(input.name)!, ours.get(input.name)!];
      assertSame(input, comparable(seen, stage, there), comparable(seenHere, stage, here), told);
    });
  }
}

Deno.test("origins: programs of supervisord", async (t) => {
  const inputs = SUPERVISORD_INPUTS;
  const all = [...inputs, ...SEVERAL.map((name): Input => ({ name, text: "" }))];
  await using stage = await makeStage(namesOf(all));
  const { tree, filled } = stage;
  const sections = inputs.map(({ name, text }) => {
    const output = /stdout_logfile/.test(text)
      ? ""
      : `stdout_logfile=${tree.path(`logs/${name}.log`)}\n`;
    return `[program:${name}]\n${filled(text, name)}\n${output}`;
  });
  const conf = `[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=${
    tree.path("pid")
  }\nchildlogdir=${tree.path("logs")}\n${sections.join("")}${
    filled(SUPERVISORD_SEVERAL, "s-member")
  }`;
  tree.add({ "supervisord.conf": conf });
  const origin = await stage.perform(
    ["supervisord", "-n", "-c", tree.path("supervisord.conf")],
    namesOf(all),
  );
  const { code, stdout, stderr } = await stage.imported("-v", "-t", "scan", "supervisord.conf");
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /3 processes wrote to the same file; each has a log directory of its own/);
  await compare(t, stage, all, {
    origin,
    told: stdout,
    places: (name) => [tree.path("sv", name), tree.path("scan", name)],
  });
  await compareYaml(t, stage, all, {
    origin,
    operands: ["supervisord.conf"],
    place: (name) => tree.path("sv", name),
    runsIn: () => undefined,
  });
  await t.step("in execline, all but the ignored signals, of which there is a note", async () => {
    const words = ["-v", "-x", "-i", OURS.bin("execlineb"), "-t", "execline", "supervisord.conf"];
    const imported = await stage.imported(...words);
    assertEquals([imported.code, imported.stderr], [0, ""]);
    assertMatch(imported.stdout, /in execline, SIGPIPE and SIGXFSZ are not ignored/);
    const ours = await stage.perform([SVSCAN, tree.path("execline")], namesOf(all));
    for (const { name } of all) {
      const here = comparable(ours.get(name)!, stage, tree.path("execline", name));
      const there = comparable(origin.get(name)!, stage, tree.path("sv", name));
      assertEquals({ ...here, ignored: there.ignored }, there, name);
    }
  });
});

Deno.test("origins: services of runit", async (t) => {
  await using stage = await makeStage(namesOf(RUNIT_INPUTS));
  const { tree, filled } = stage;
  for (const { name, text } of RUNIT_INPUTS) {
    tree.add({ [`sv/${name}/run!`]: `#!/bin/sh\n${filled(text, name)}\n` });
  }
  addFiles(stage, RUNIT_INPUTS);
  const { code, stdout, stderr } = await stage.imported("-v", "-t", "scan", "sv");
  assertEquals([code, stderr], [0, ""]);
  const origin = await stage.perform(["runsvdir", tree.path("sv")], namesOf(RUNIT_INPUTS));
  await compare(t, stage, RUNIT_INPUTS, {
    origin,
    told: stdout,
    places: (name) => [tree.path("sv", name), tree.path("scan", name)],
  });
  // with files that its script needs, it runs where they are
  const hasFiles = (name: string): boolean => tree.exists(`sv/${name}/env`);
  await compareYaml(t, stage, RUNIT_INPUTS, {
    origin,
    operands: ["sv"],
    place: (name) => tree.path("sv", name),
    runsIn: (name) => hasFiles(name) ? tree.path("sv", name) : undefined,
  });
});

Deno.test("origins: lines of a Procfile", async (t) => {
  await using stage = await makeStage(namesOf(PROCFILE_INPUTS));
  const { tree, filled } = stage;
  tree.add({
    "app/Procfile": PROCFILE_INPUTS.map(({ name, text }) => `${name}: ${filled(text, name)}\n`)
      .join(""),
    "app/.env": PROCFILE_ENV,
  });
  const { code, stdout, stderr } = await stage.imported("-v", "-t", "scan", "app/Procfile");
  assertEquals([code, stderr], [0, ""]);
  const origin = await stage.perform(
    ["foreman", "start"],
    namesOf(PROCFILE_INPUTS),
    tree.path("app"),
  );
  await compare(t, stage, PROCFILE_INPUTS, {
    origin,
    told: stdout,
    places: () => [tree.path("app"), tree.path("app")],
  });
  await compareYaml(t, stage, PROCFILE_INPUTS, {
    origin,
    operands: ["app/Procfile"],
    place: () => tree.path("app"),
    runsIn: () => tree.path("app"),
  });
});

Deno.test("origins: units of systemd, as its documents have them", async (t) => {
  await using stage = await makeStage(namesOf(SYSTEMD_INPUTS));
  const { tree, filled } = stage;
  for (const { name, text } of SYSTEMD_INPUTS) {
    const output = /StandardOutput/.test(text) ? "" : "StandardOutput=inherit\n";
    tree.add({ [`units/${name}.service`]: `[Service]\n${filled(text, name)}\n${output}` });
  }
  addFiles(stage, SYSTEMD_INPUTS);
  const { code, stdout, stderr } = await stage.imported("-v", "-t", "scan", "units");
  assertEquals([code, stderr], [0, ""]);
  const ours = await stage.perform([SVSCAN, tree.path("scan")], namesOf(SYSTEMD_INPUTS));
  for (const { name, expected = {}, note } of SYSTEMD_INPUTS) {
    await t.step(name, () => {
      const seen = comparable(ours.get(name)!, stage, tree.path("scan", name));
      const { variables = {}, ...keys } = expected;
      for (const [key, value] of Object.entries(keys)) {
        const wanted = JSON.parse(
          filled(JSON.stringify(value), name).replaceAll(tree.root, "ROOT"),
        );
        assertEquals(seen[key as keyof Seen], wanted, `${name}: ${key}`);
      }
      const found = new Map(
        seen.environment.map((
          text,
        ) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
      );
      for (const [variable, value] of Object.entries(variables)) {
        assertEquals(found.get(variable), value, `${name}: ${variable}`);
      }
      if (note !== undefined) assertMatch(stdout, note);
    });
  }
  assert(!tree.exists("pwned"), "something in a file of variables was run");
});

Deno.test("origins: what supervisord and systemd refuse is refused, with its place", async (t) => {
  using tree = makeTree({ "scan/": "" });
  const cases = [
    ...SUPERVISORD_REFUSED.map(([text, place], i) => ({
      file: `${i}.conf`,
      text: `[program:x]\n${text}\n[supervisord]\nnodaemon=true\n`,
      place,
      supervisord: true,
    })),
    ...SYSTEMD_REFUSED.map(([text, place], i) => ({
      file: `${i}.service`,
      text: `[Service]\n${text}\n`,
      place,
      supervisord: false,
    })),
  ];
  for (const { file, text } of cases) tree.add({ [file]: text });
  const results = await Promise.all(cases.map(async (one) => ({
    ...one,
    ours: await run(OURS.bin("hexad"), ["import", "-t", "scan", one.file], { cwd: tree.root }),
    origin: one.supervisord
      ? await run("supervisord", ["-n", "-c", tree.path(one.file)], { cwd: tree.root })
      : undefined,
  })));
  for (const { file, text, place, ours, origin } of results) {
    await t.step(text, () => {
      assertNotEquals(origin?.code, 0);
      assertEquals(ours.code, 100);
      assertMatch(ours.stderr, new RegExp(`^hexad import: fatal: ${file}:${place}: `));
    });
  }
  assertEquals([...Deno.readDirSync(tree.path("scan"))], []);
});
