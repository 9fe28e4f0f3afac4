/** Files of variables in Compose's grammar. Source: compose-go, dotenv/parser.go. */
import { assertEquals } from "@std/assert";
import { readComposeEnvironment } from "../../../../lib/grammars/core/compose_environment.ts";

const OUTER: ReadonlyMap<string, string> = new Map([["OUTER", "outside"]]);

const ROWS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "A=1\nB = two words \n": { A: "1", B: "two words" },
  "export A=1\nB: 2\n": { A: "1", B: "2" },
  "# comment\n\n  A=1 # comment\nB=#no comment\nC=a#b\n": { A: "1", B: "#no comment", C: "a#b" },
  'A=\'$OUTER \\n\' # comment\nB="$OUTER\\n\\t\\"\\$x"\n': { A: "$OUTER \\n", B: 'outside\n\t"$x' },
  "A='it\\'s'\nB=\"say 'x'\"\n": { A: "it's", B: "say 'x'" },
  'A="one\ntwo"\nB=3\n': { A: "one\ntwo", B: "3" },
  "A=1\nB=${A}2\nC=${NONE:-d}\nD=$OUTER\n": { A: "1", B: "12", C: "d", D: "outside" },
  "OUTER\nNONE\n": { OUTER: "outside" },
  "\ufeffA=1\r\nB=2\r\n": { A: "1", B: "2" },
  "A=1\nA=2": { A: "2" },
  "1ST=1\nmy-key=2\na.b=3\nlist[0]=4\nÄ=5\nexport=6\n-x=7\n": {
    "1ST": "1",
    "my-key": "2",
    "a.b": "3",
    "list[0]": "4",
    "Ä": "5",
    export: "6",
    "-x": "7",
  },
  "A=\nB=''\n": { A: "", B: "" },
};

for (const [text, variables] of Object.entries(ROWS)) {
  Deno.test(`compose environment: ${JSON.stringify(text)}`, () =>
    assertEquals(readComposeEnvironment(text, (name) => OUTER.get(name)), {
      variables: Object.entries(variables),
      faults: [],
    }));
}

Deno.test("compose environment: mistakes have their lines, and the rest is read", () => {
  const text = 'A=1\nno pair\nB="two\nlines"\n=x\nC=\'open\nD=${\n';
  assertEquals(readComposeEnvironment(text, () => undefined), {
    variables: [["A", "1"], ["B", "two\nlines"]],
    faults: [
      { line: 2, text: "no pair: not NAME=VALUE" },
      { line: 5, text: "=x: not NAME=VALUE" },
      { line: 6, text: "C: a quote is not closed" },
      { line: 7, text: "D: a ${ is not closed" },
    ],
  });
});
