/** Arguments that are not UTF-8, from outside and within a chain. */
import { assert, assertEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";

/** What sh makes of `\377`: a byte that is no UTF-8. */
const WITH_BYTE = '"$(printf "a\\377b")"';
const HEX = "od -An -tx1 | tr -d ' \\n'";

Deno.test("an argument that is not UTF-8: the command gets it as it is, or the runtime refuses it with 101 and nothing is run", async () => {
  requireToolset(OURS);
  const { stdout } = await run("sh", [
    "-c",
    `{ "$0" ${WITH_BYTE} 2>/dev/null; echo "code $?" >&2; } 2>&1 | ${HEX}`,
    OURS.bin("s6-echo"),
  ]);
  const hex = (text: string): string =>
    Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    );
  const whole = `61ff62${hex("\ncode 0\n")}`;
  assert([whole, hex("code 101\n")].includes(stdout), stdout);
});

Deno.test("a word that is not UTF-8, out of a variable: a chain passes it on as it is, to a program and to a command of hexad", async () => {
  requireToolset(OURS);
  const script = 'importas V V foreground { printf "%s" $V } s6-echo -n $V';
  const line = `V=${WITH_BYTE}; export V; PATH="\${0%/*}:$PATH"; exec "$0" -Pc '${script}'`;
  const { stdout } = await run("sh", [
    "-c",
    `sh -c ${quoted(line)} "$0" | ${HEX}`,
    OURS.bin("execlineb"),
  ]);
  assertEquals(stdout, "61ff6261ff62");
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
