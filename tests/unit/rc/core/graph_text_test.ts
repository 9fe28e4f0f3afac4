import { assertEquals } from "@std/assert";
import { dotText } from "../../../../lib/rc/core/graph_dot.ts";
import { treeLines } from "../../../../lib/rc/core/graph_tree.ts";
import { whyLines } from "../../../../lib/rc/core/graph_why.ts";
import { readSound } from "../../../../lib/rc/core/source/leave_out.ts";
import { overlaySource } from "../../../../lib/rc/core/source/overlay_source.ts";
import { startRounds } from "../../../../lib/rc/core/source/start_order.ts";
import { rawSources } from "../raw_sources.ts";

const { database } = readSound([
  ...rawSources({
    "src/init/type": "oneshot",
    "src/init/up": "",
    "src/init/dependencies.d/base": "",
    "src/cache/type": "longrun",
    "src/cache/run": "",
    "src/web/type": "longrun",
    "src/web/run": "",
    "src/web/notification-fd": "3",
    "src/web/dependencies.d/init": "",
    "src/web/dependencies.d/base": "",
    "src/web/wants.d/cache": "",
    'src/late "x"/type': "oneshot",
    'src/late "x"/up': "",
    'src/late "x"/after.d/web': "",
    'src/late "x"/dependencies.d/cache': "started\n",
    "src/user/type": "bundle",
    "src/user/contents": "web\n",
  }),
  overlaySource(new Set(["user"])),
]);

Deno.test("a tree: what nothing waits for at the left, implied dependencies left out, words for soft ones", () => {
  assertEquals(treeLines(database), [
    'late "x" (oneshot)',
    "|- started: cache (longrun)",
    "`- after: web (longrun, tells readiness)",
    "   |- init (oneshot)",
    "   |  `- legacy-cont-init (oneshot)",
    "   |     `- fix-attrs (oneshot)",
    "   `- wants: cache (longrun)",
    "legacy-services (oneshot)",
    "`- web (longrun, tells readiness), see above",
  ]);
});

Deno.test("a graph for Graphviz: names quoted, styles for soft edges", () => {
  const lines = dotText(database).split("\n");
  for (
    const line of [
      '  "late \\"x\\"" [shape=box];',
      '  "late \\"x\\"" -> "cache" [style=solid, label="started"];',
      '  "late \\"x\\"" -> "web" [style=dotted, label="after"];',
      '  "web" -> "cache" [style=dashed, label="wants"];',
      '  "web" [shape=ellipse, peripheries=2];',
    ]
  ) assertEquals(lines.includes(line), true, line);
});

Deno.test("why: the bundle, or the way from one; what it waits for; who needs it", () => {
  assertEquals(whyLines(database, "init"), [
    "init (oneshot), defined in src/init",
    "it is started because web needs init; web is in user",
    "it waits for fix-attrs, legacy-cont-init",
    "it is needed by web",
  ]);
  assertEquals(
    whyLines(database, 'late "x"')![1],
    "it is in no bundle, and nothing in one needs it: it is started by hand",
  );
  assertEquals(whyLines(database, "web")![1], "it is started with the bundles user, top");
  assertEquals(whyLines(database, "user"), ["user is a bundle of web"]);
  assertEquals(whyLines(database, "nobody"), undefined);
});

Deno.test("rounds of a start: each behind all that it waits for", () => {
  const rounds = startRounds(database).map((round) =>
    round.map((number) => database.services[number]!.name)
  );
  assertEquals(rounds, [
    ["s6rc-oneshot-runner", "s6rc-fdholder", "cache"],
    ["fix-attrs"],
    ["legacy-cont-init"],
    ["init"],
    ["web"],
    ['late "x"', "legacy-services"],
  ]);
});
