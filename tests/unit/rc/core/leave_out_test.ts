import { assertEquals } from "@std/assert";
import { readSound } from "../../../../lib/rc/core/source/leave_out.ts";
import { inconsistency } from "../../../../lib/rc/core/database_query.ts";
import { rawSources, type SourceSpec } from "../raw_sources.ts";

function oneshot(name: string, ...needs: readonly string[]): SourceSpec {
  return {
    [`src/${name}/type`]: "oneshot",
    [`src/${name}/up`]: "",
    ...Object.fromEntries(needs.map((need) => [`src/${name}/dependencies.d/${need}`, ""])),
  };
}

function bundle(name: string, ...members: readonly string[]): SourceSpec {
  return { [`src/${name}/type`]: "bundle", [`src/${name}/contents`]: `${members.join("\n")}\n` };
}

function read(
  spec: SourceSpec,
  tolerates?: (name: string) => boolean,
): { started: string[]; leftOut: string[]; bundles: Record<string, string[]> } {
  const { database, leftOut } = readSound(
    rawSources(spec),
    tolerates === undefined ? {} : { tolerates },
  );
  assertEquals(inconsistency(database), undefined);
  const nameOf = (number: number): string => database.services[number]!.name;
  return {
    started: database.services.slice(2).map(({ name }) => name),
    leftOut: leftOut.map(({ name, becauseOf }) => `${name} < ${becauseOf}`),
    bundles: Object.fromEntries(
      [...database.bundles].map(([name, members]) => [name, members.map(nameOf)]),
    ),
  };
}

Deno.test("sound sources: nothing is left out", () => {
  assertEquals(read({ ...oneshot("a"), ...bundle("all", "a") }), {
    started: ["a"],
    leftOut: [],
    bundles: { all: ["a"] },
  });
});

Deno.test("a broken definition goes with what needs it, directly, through others and through bundles", () => {
  const spec = {
    ...oneshot("a"),
    ...oneshot("b", "a"),
    ...oneshot("c", "all"),
    ...bundle("all", "b", "d"),
    ...oneshot("d"),
    ...oneshot("e", "c"),
    ...oneshot("f", "d"),
  };
  const { "src/a/up": _up, ...broken } = spec as Record<string, string>;
  assertEquals(read(broken), {
    started: ["d", "f"],
    leftOut: ["a < a", "b < a", "c < a", "e < a"],
    bundles: { all: ["d"] },
  });
});

Deno.test("a bundle that lists what nobody defines means the rest; who tolerates that goes on", () => {
  const spec = {
    ...oneshot("a"),
    ...bundle("user", "a", "ghost"),
    ...oneshot("after", "user"),
    ...bundle("top", "user", "after"),
  };
  assertEquals(read(spec), {
    started: ["a"],
    leftOut: ["after < ghost"],
    bundles: { user: ["a"], top: ["a"] },
  });
  assertEquals(read(spec, (name) => name === "after").started, ["a", "after"]);
});

Deno.test("a cycle takes its members and what needs them, and a second mistake behind it is found too", () => {
  const spec = {
    ...oneshot("a", "b"),
    ...oneshot("b", "a"),
    ...oneshot("c", "a"),
    ...oneshot("x", "nobody"),
    ...oneshot("y", "x"),
    ...oneshot("z"),
  };
  assertEquals(read(spec), {
    started: ["z"],
    leftOut: ["a < a", "b < b", "c < a", "x < x", "y < x"],
    bundles: {},
  });
});

Deno.test("bundles that contain each other are left out with who needs them", () => {
  const spec = {
    ...bundle("p", "q"),
    ...bundle("q", "p", "a"),
    ...oneshot("a"),
    ...oneshot("b", "p"),
  };
  assertEquals(read(spec), { started: ["a"], leftOut: ["b < p", "p < p", "q < q"], bundles: {} });
});

Deno.test("pipelines: a producer goes with its consumer; a consumer goes when all its producers have gone", () => {
  const longrun = (name: string, files: SourceSpec): SourceSpec => ({
    [`src/${name}/type`]: "longrun",
    [`src/${name}/run`]: "",
    ...Object.fromEntries(
      Object.entries(files).map(([file, text]) => [`src/${name}/${file}`, text]),
    ),
  });
  const line = {
    ...longrun("p", { "producer-for": "l" }),
    ...longrun("q", { "producer-for": "l" }),
    ...longrun("l", { "consumer-for": "p\nq\n", "pipeline-name": "line" }),
  };
  assertEquals(read({ ...line, "src/q/timeout-up": "x" }), {
    started: ["l", "p"],
    leftOut: ["q < q"],
    bundles: { line: ["l", "p"] },
  });
  assertEquals(read({ ...line, "src/l/timeout-up": "x" }).leftOut, ["l < l", "p < l", "q < l"]);
  assertEquals(read({ ...line, "src/p/timeout-up": "x", "src/q/timeout-up": "x" }).leftOut, [
    "l < q",
    "p < p",
    "q < q",
  ]);
});

Deno.test("a source that is not there, and names that nobody may have, leave the rest alone", () => {
  const { database, leftOut } = readSound([
    ...rawSources(oneshot("a")),
    ...rawSources({}, ["gone"]),
  ]);
  assertEquals([database.services.length, leftOut.length], [3, 0]);
  assertEquals(read({ ...oneshot("a"), ...oneshot("s6rc-b") }), {
    started: ["a"],
    leftOut: ["s6rc-b < s6rc-b"],
    bundles: {},
  });
});
