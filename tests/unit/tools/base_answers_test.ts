import { assertEquals, assertThrows } from "@std/assert";
import { answeredBase } from "../../../tools/build/base_answers.ts";
import { MACHINE_CODE } from "../../../tools/build/machine_code.ts";
import { Fatal } from "../../../tools/fatal.ts";
import { type Import, offsetOf, relocations, SLOTS, smallProgram } from "./small_program.ts";

const CODE = MACHINE_CODE.get(62)!;
const { called: globDat, original: jumpSlot, relative } = CODE.relocation;
/** An address of a symbol in data. */
const absolute = 1;

/** As denort has them; the file has those of type jumpSlot last. */
const IMPORTS: readonly Import[] = [
  { name: "open", type: globDat },
  { name: "readlink", type: globDat },
  { name: "readlink", type: absolute },
  { name: "getcwd", type: globDat },
  { name: "getcwd", type: absolute },
  { name: "getenv", type: globDat },
  { name: "readlink", type: jumpSlot },
  { name: "getenv", type: jumpSlot },
];
const SECOND_READLINK = IMPORTS.findIndex(({ name, type }) =>
  name === "readlink" && type === jumpSlot
);
const ROOM = new Uint8Array(200).fill(CODE.filler.bytes[0]!);

function codeAt(bytes: Uint8Array, address: number, length: number): number[] {
  return [...bytes.subarray(offsetOf(address), offsetOf(address) + length)];
}

Deno.test("answeredBase() leads getenv, getcwd and Rust's readlink to code of its own, and leaves the rest alone", () => {
  const base = smallProgram(IMPORTS, ROOM);
  const answered = answeredBase(base);
  const before = relocations(base, IMPORTS.length);
  const after = relocations(answered, IMPORTS.length);
  const kept = IMPORTS.flatMap(({ name, type }, i) =>
    name === "open" || (name === "readlink" && type !== globDat) ? [i] : []
  );
  for (const [i, { name }] of IMPORTS.entries()) {
    if (kept.includes(i)) assertEquals(after[i], before[i], name);
    else assertEquals([after[i]!.type, after[i]!.symbol], [relative, 0], name);
  }
  const [, link, , cwd, cwdAgain, env, , envAgain] = after.map(({ addend }) => addend);
  assertEquals([cwdAgain, envAgain], [cwd, env]);
  assertEquals(codeAt(answered, env!, CODE.answers.getenv.length), CODE.answers.getenv);
  assertEquals(codeAt(answered, cwd!, CODE.answers.getcwd.length), CODE.answers.getcwd);
  assertEquals(codeAt(answered, link!, CODE.answers.readlink.length), CODE.answers.readlink);
});

Deno.test("answeredBase() lets its readlink go on to the slot of the other one", () => {
  const answered = answeredBase(smallProgram(IMPORTS, ROOM));
  const code = relocations(answered, IMPORTS.length)[1]!.addend;
  const distanceAt = code + CODE.answers.readlink.length;
  const distance = new DataView(answered.buffer).getInt32(offsetOf(distanceAt), true);
  assertEquals(distanceAt + 4 + distance, SLOTS + SECOND_READLINK * 8);
  assertEquals(
    new TextDecoder().decode(new Uint8Array(codeAt(answered, distanceAt + 4, 15))),
    "/proc/self/exe\0",
  );
});

const REFUSED: readonly (readonly [
  title: string,
  imports: readonly Import[],
  room: Uint8Array,
  message: string,
])[] = [
  [
    "without getenv",
    IMPORTS.filter(({ name }) => name !== "getenv"),
    ROOM,
    "calls getenv through 0 slots instead of 1",
  ],
  [
    "with two slots for getcwd",
    [{ name: "getcwd", type: globDat }, ...IMPORTS],
    ROOM,
    "calls getcwd through 2 slots instead of 1",
  ],
  [
    "with one slot for readlink",
    IMPORTS.filter((_, i) => i !== SECOND_READLINK),
    ROOM,
    "no second slot for readlink",
  ],
  ["without room", IMPORTS, new Uint8Array(200), "no space between its functions"],
];

for (const [title, imports, room, message] of REFUSED) {
  Deno.test(`answeredBase() refuses a base ${title}`, () => {
    assertThrows(() => answeredBase(smallProgram(imports, room)), Fatal, message);
  });
}

Deno.test("answeredBase() refuses a base for another machine", () => {
  const base = smallProgram(IMPORTS, ROOM);
  base[18] = 243;
  assertThrows(() => answeredBase(base), Fatal, "e_machine is 243");
});
