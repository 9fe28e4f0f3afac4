/**
 * Generated sources, sound and broken: what a boot gets out of them is always a database that can
 * be started.
 */
import { assert, assertEquals } from "@std/assert";
import { inconsistency } from "../../../../lib/rc/core/database_query.ts";
import { decodeDatabase, encodeDatabase } from "../../../../lib/rc/core/compiled_form.ts";
import { errorsOf } from "../../../../lib/rc/core/source/finding.ts";
import { type ReadDatabase, readSound } from "../../../../lib/rc/core/source/leave_out.ts";
import { startRounds } from "../../../../lib/rc/core/source/start_order.ts";
import { seededRandom } from "../../core/seeded_random.ts";
import { rawSources } from "../raw_sources.ts";

const ROUNDS = 400;
const NAMES = [..."abcdefghij"];
const LISTS = ["dependencies.d", "wants.d", "after.d", "before.d", "restarts-with.d"];

function generated(random: () => number): Record<string, string> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const files: Record<string, string> = {};
  const names = NAMES.slice(0, 2 + Math.floor(random() * 9));
  const mistakes = random() < 0.5 ? 0.08 : 0;
  const wrong = (): boolean => random() < mistakes;
  for (const [at, name] of names.entries()) {
    const type = pick(["oneshot", "longrun", "longrun", "bundle"]);
    const put = (file: string, text = ""): void => void (files[`src/${name}/${file}`] = text);
    put("type", wrong() ? pick(["", "oneshot ", "Bundle"]) : type);
    // names before it make no cycle
    const others = (): string => pick(wrong() ? [...names, "nobody"] : names.slice(0, at));
    if (type === "bundle") put("contents.d/");
    for (const list of type === "bundle" ? ["contents.d"] : LISTS) {
      if (at > 0 && random() < 0.4) {
        put(
          `${list}/${list === "dependencies.d" || list === "contents.d" ? others() : pick(names)}`,
        );
      }
    }
    if (type === "oneshot" && !wrong()) put("up", wrong() ? "{ x" : "true");
    if (type === "longrun" && !wrong()) put("run");
    if (type === "longrun" && at > 0 && random() < 0.3) {
      const producer = names[at - 1]!;
      put("consumer-for", producer);
      if (!wrong()) files[`src/${producer}/producer-for`] = name;
      if (random() < 0.3) put("pipeline-name", wrong() ? "a" : `line-${name}`);
    }
    if (wrong()) put("timeout-up", "soon");
  }
  return files;
}

function assertStartable({ database, leftOut }: ReadDatabase, spec: string): void {
  assertEquals(inconsistency(database), undefined, spec);
  // a cycle of whatever edges would keep somebody out of every round
  assertEquals(startRounds(database).flat().length, database.services.length, spec);
  const names = new Set(database.services.map(({ name }) => name));
  for (const { name } of leftOut) {
    assert(!names.has(name) && !database.bundles.has(name), `${name} is left out of ${spec}`);
  }
  assertEquals(new Set(leftOut.map(({ name }) => name)).size, leftOut.length, spec);
  assertEquals(decodeDatabase(encodeDatabase(database)), database, spec);
}

Deno.test("generated sources: the database of a boot is consistent, without cycles, and free of what is left out", () => {
  const integer = seededRandom(13);
  const random = (): number => integer(1 << 30) / (1 << 30);
  let sound = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const spec = generated(random);
    const read = readSound(rawSources(spec));
    assertStartable(read, JSON.stringify(spec));
    const errors = errorsOf(read.notes);
    if (errors.length === 0) {
      sound++;
      assertEquals(read.leftOut, [], JSON.stringify(spec));
    }
    for (const { cause, cure, file } of errors) {
      assert(cause !== "" && cure !== "" && file.startsWith("src"), `${file}: ${cause}; ${cure}`);
    }
  }
  assert(sound > ROUNDS / 5 && sound < ROUNDS * 0.9, `${sound} sound ones`);
});
