import { assertEquals } from "@std/assert";
import { chainEnd } from "../../../../lib/check/core/command_chain.ts";
import type { OptionSpec } from "../../../../lib/core/cli/getopt.ts";

const OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  "s6-setuidgid": [],
  "s6-envdir": [{ short: "I", text: "" }, { short: "i", text: "" }],
  "s6-softlimit": [{ short: "o", arg: "N", text: "" }],
  fdmove: [{ short: "c", text: "" }],
  foreground: [],
  exec: [{ short: "a", arg: "NAME", text: "" }],
};

/** A word with a `$` is not literal. */
function end(line: string): ReturnType<typeof chainEnd> {
  const words = line.split(" ").map((text) => ({
    text: text.replaceAll("_", " "),
    literal: !text.includes("$"),
  }));
  return chainEnd(words, { names: [], options: (name) => OPTIONS[name], isProgram: () => true });
}

const rows: readonly (readonly [line: string, program: string, user?: string])[] = [
  ["nginx -c x", "nginx -c x"],
  ["exec nginx", "nginx"],
  ["exec -a name nginx", "nginx"],
  ["A=1 B=2 exec env -i C=3 nginx", "nginx"],
  ["s6-setuidgid www nginx", "nginx", "www"],
  ["fdmove -c 2 1 s6-softlimit -o 10 s6-setuidgid www nginx -g x", "nginx -g x", "www"],
  ["chpst -u www:www -o 10 nginx", "nginx", "www:www"],
  ["su-exec www nginx", "nginx", "www"],
  ["gosu www nginx", "nginx", "www"],
  ["nice -n 5 nohup timeout -s TERM 5 nginx", "nginx"],
  ["s6-notifyoncheck -w 100 -n 0 nginx", "nginx"],
  ["foreground _echo  s6-setuidgid www nginx", "nginx", "www"],
  ["$PROGRAM x", ""],
  ["s6-setuidgid", ""],
  ["s6-softlimit -Z nginx", ""],
];

for (const [line, program, user] of rows) {
  Deno.test(`chainEnd(): ${line}`, () => {
    const { program: words, user: found } = end(line);
    assertEquals([words.map(({ text }) => text).join(" "), found], [program, user]);
  });
}

Deno.test("chainEnd(): a user that only the script knows is unknown", () => {
  assertEquals(end("s6-setuidgid $USER nginx").userUnknown, true);
  assertEquals(end("s6-setuidgid www nginx").userUnknown, false);
});

Deno.test("chainEnd(): what readiness and environment need", () => {
  assertEquals(end("s6-notifyoncheck -3 4 -c x nginx").notifies, {
    ownDescriptor: true,
    ownCheck: true,
  });
  assertEquals(end("s6-notifyoncheck nginx").notifies, { ownDescriptor: false, ownCheck: false });
  assertEquals(end("s6-envdir ./env s6-envdir -I ./other nginx").envdirs, ["./env"]);
});
