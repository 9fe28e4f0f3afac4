import { assertEquals } from "@std/assert";
import type { RcDatabase } from "../../../../lib/rc/core/database.ts";
import { decodeDatabase, encodeDatabase } from "../../../../lib/rc/core/compiled_form.ts";
import { findingsOf, type Notes } from "../../../../lib/rc/core/source/finding.ts";
import { linkDefinitions } from "../../../../lib/rc/core/source/link.ts";
import { parseSources } from "../../../../lib/rc/core/source/parse_sources.ts";
import { checkServicedirs } from "../../../../lib/rc/core/source/servicedir_files.ts";
import { rawSources, type SourceSpec } from "../raw_sources.ts";

function compile(
  spec: SourceSpec,
  sources?: readonly string[],
): { database: RcDatabase; told: string[] } {
  const notes: Notes = [];
  const raw = rawSources(spec, sources);
  const parsed = parseSources(raw, notes);
  const database = linkDefinitions(parsed, notes);
  checkServicedirs(parsed.definitions, raw, notes);
  return { database, told: findingsOf(notes).map(({ exitCode, text }) => `${exitCode} ${text}`) };
}

function dependencies({ services }: RcDatabase, name: string): string[] {
  return services.find((service) => service.name === name)!.dependencies.map(({ on, condition }) =>
    `${services[on]!.name}${condition === "ready" ? "" : ` ${condition}`}`
  );
}

const ONESHOT = { "src/one/type": "oneshot", "src/one/up": "true" };

Deno.test("numbers: two internal services, longruns by source and name, then oneshots", () => {
  const { database, told } = compile({
    "b/z/type": "longrun",
    "b/z/run": "",
    "b/a/type": "oneshot",
    "b/a/up": "",
    "a/y/type": "oneshot\n",
    "a/y/up": "",
    "a/x/type": "longrun\n",
    "a/x/run": "",
    "a/B/type": "longrun\n",
    "a/B/run": "",
  }, ["b", "a"]);
  assertEquals(told, []);
  assertEquals(database.services.map(({ name }) => name), [
    "s6rc-oneshot-runner",
    "s6rc-fdholder",
    "z",
    "B",
    "x",
    "a",
    "y",
  ]);
  assertEquals([database.longrunCount, database.oneshotCount], [5, 2]);
});

Deno.test("every mistake is told, in the order in which C would meet them", () => {
  const { told } = compile({
    ...ONESHOT,
    "src/bad/type": "oneshot ",
    "src/fifo/type|": "",
    "src/half/type": "oneshot",
    "src/half/dependencies": "  one\n# no\nnobody \n",
    "src/half/timeout-up": "5s",
    "src/knot/type": "bundle",
    "src/knot/contents": "knot\nghost\n",
    "src/none/up": "",
    "src/run/type": "longrun",
    "src/run/notification-fd": "3",
    "src/run/lock-fd": "3\n",
    "src/run/data": "",
    "src/s6rc-x/type": "oneshot",
    "src/web/type": "longrun",
    "src/web/run": "",
    "src/web/producer-for": "one\n",
    "src/web/dependencies.d/needs": "",
    "src/words/type": "oneshot",
    "src/words/up": 'if { a "b',
  });
  assertEquals(told, [
    "1 in src: identifier s6rc-x starts with reserved prefix",
    "1 invalid src/bad/type: must be oneshot, longrun, or bundle",
    "111 unable to read src/fifo/type: it is a FIFO, and not a regular file",
    "1 invalid src/half/timeout-up",
    "111 unable to open src/half/up: No such file or directory",
    "111 unable to read src/none/type: No such file or directory",
    "1 unable to find a run script in src/run/run",
    "1 syntax error in src/words/up",
    "1 cyclic bundle definition: resolution of knot encountered a cycle involving knot: knot -> knot (contents.d/knot)",
    "1 during resolution of bundle knot: undefined service name ghost",
    "1 longrun service web declares being a producer for a service named one of type oneshot",
    "1 during dependency resolution for service web: undefined service name needs",
    "1 during dependency resolution for service half: undefined service name nobody ",
    "1 longrun run has the same value for notification-fd and lock-fd",
    "1 src/run/data is not a directory",
  ]);
});

Deno.test("a cycle is told once, with its whole path; a second knot has its own", () => {
  const { told } = compile({
    ...ONESHOT,
    "src/a/type": "oneshot",
    "src/a/up": "",
    "src/a/dependencies.d/all": "",
    "src/all/type": "bundle",
    "src/all/contents.d/b": "",
    "src/b/type": "oneshot",
    "src/b/up": "",
    "src/b/dependencies": "c\n",
    "src/c/type": "oneshot",
    "src/c/up": "",
    "src/c/dependencies": "a\nb\n",
    "src/self/type": "longrun",
    "src/self/run": "",
    "src/self/dependencies": "self\n",
  });
  assertEquals(told, [
    "1 cyclic service dependency reached from c and involving c: c -> b (dependencies) -> c (dependencies)",
    "1 cyclic service dependency reached from self and involving self: self -> self (dependencies)",
  ]);
});

Deno.test("pipelines: automatic dependencies, both ends, and the bundle of a funnel", () => {
  const { database, told } = compile({
    "src/p/type": "longrun",
    "src/p/run": "",
    "src/p/producer-for": "f\n",
    "src/q/type": "longrun",
    "src/q/run": "",
    "src/q/producer-for": "f",
    "src/f/type": "longrun",
    "src/f/run": "",
    "src/f/consumer-for": "p\nq\n",
    "src/f/producer-for": "l\n",
    "src/l/type": "longrun",
    "src/l/run": "",
    "src/l/consumer-for": "f\n",
    "src/l/pipeline-name": "line",
  });
  assertEquals(told, []);
  assertEquals(dependencies(database, "p"), ["s6rc-fdholder", "f"]);
  assertEquals(dependencies(database, "l"), ["s6rc-fdholder"]);
  assertEquals(database.bundles.get("line")!.map((number) => database.services[number]!.name), [
    "f",
    "l",
    "p",
    "q",
  ]);
  const filter = database.services.find(({ name }) => name === "f")!;
  assertEquals(
    filter.type === "longrun" && filter.producers.map((number) => database.services[number]!.name),
    ["p", "q"],
  );
});

Deno.test("flags of a bundle are handed down, conditions and soft lists resolved, soft cycles cut at the softest edge", () => {
  const { database, told } = compile({
    "src/a/type": "longrun",
    "src/a/run": "",
    "src/a/wants.d/b": "",
    "src/a/ready-tcp": "8080",
    "src/b/type": "oneshot",
    "src/b/up": "",
    "src/b/dependencies.d/c": "completed\n",
    "src/b/after.d/a": "",
    "src/b/condition": "# only with\n!OFF\nMODE=full\nexists /etc/x y\n",
    "src/c/type": "longrun",
    "src/c/run": "",
    "src/c/before.d/all": "",
    "src/c/wants.d/nobody": "",
    "src/all/type": "bundle",
    "src/all/flag-essential": "",
    "src/all/contents.d/b": "",
    "src/all/contents.d/a": "",
  });
  assertEquals(told, [
    "0 src/c/wants.d/nobody: no source defines nobody, so it is passed over",
    "0 src/b: what it comes after leads back to it, so a is not waited for: b -> a -> b",
  ]);
  const [, , a, c, b] = database.services;
  assertEquals([a!.essential, b!.essential, c!.essential], [true, true, false]);
  assertEquals(dependencies(database, "b"), ["s6rc-oneshot-runner", "c completed"]);
  assertEquals([a!.wants, a!.after, b!.after], [[4], [3], [3]]);
  assertEquals(a!.type === "longrun" && [a!.tellsReadiness, a!.probe], [true, {
    kind: "tcp",
    host: "127.0.0.1",
    port: 8080,
  }]);
  assertEquals(b!.conditions, [
    { kind: "unset", variable: "OFF" },
    { kind: "equal", variable: "MODE", value: "full" },
    { kind: "exists", path: "/etc/x y" },
  ]);
});

Deno.test("files of hexad's that make no sense are told and change nothing", () => {
  const { database, told } = compile({
    ...ONESHOT,
    "src/one/condition": "if [ -e /x ]\n",
    "src/one/timeout-kill": "soon",
    "src/one/dependencies.d/web": "whenever\n",
    "src/one/after.d": "web\n",
    "src/web/type": "longrun",
    "src/web/run": "",
    "src/web/ready-http": "https://x/",
    "src/web/ready-tcp": "99999",
    "src/web/max-start-failures": "3\n",
  });
  assertEquals(told.map((line) => line.replace(/:.*/, "")), [
    "0 src/one/dependencies.d/web",
    "0 src/one/after.d",
    "0 src/one/condition",
    "0 src/one/timeout-kill",
    "0 src/web/ready-tcp",
    "0 src/web/ready-http",
  ]);
  const web = database.services[2]!;
  assertEquals([web.maxStartFailures, web.type === "longrun" && web.tellsReadiness], [3, false]);
});

Deno.test("a database comes back from its compiled form; what is none is refused", () => {
  const { database } = compile({
    ...ONESHOT,
    "src/one/up": 'echo "\\0xff\\0xfe" {  a }',
    "src/w/type": "longrun",
    "src/w/run": "",
  });
  assertEquals(decodeDatabase(encodeDatabase(database)), database);
  const refused = [
    "",
    "[]",
    "{}",
    '{"format":2}',
    encodeDatabase(database).replace('"number":1', '"number":7'),
  ];
  for (
    const text of [
      ...refused,
      encodeDatabase(database).replace('"dependants":[3]', '"dependants":[99]'),
    ]
  ) {
    let message = "";
    try {
      decodeDatabase(text);
    } catch (error) {
      message = error instanceof SyntaxError ? error.message : String(error);
    }
    assertEquals(
      /^it |^a bundle |^service \d+ in it /.test(message),
      true,
      `${text.slice(0, 40)}: ${message}`,
    );
  }
});
