import { assertEquals } from "@std/assert";
import { adoptionAnswer, versionThatCanAdopt } from "../../../../lib/scandir/core/can_adopt.ts";

Deno.test("a program that can go on says its version, and nothing else is taken for that", () => {
  assertEquals(versionThatCanAdopt(adoptionAnswer("1.2.3", 1), 1), "1.2.3");
  const others = [
    "",
    "hexad 1.2.3\n",
    "hexad 1.2.3 can adopt form 1",
    "x\nhexad 1 can adopt form 1\n",
  ];
  for (const answer of [...others, adoptionAnswer("1.2.3", 2), `${adoptionAnswer("1", 1)}x`]) {
    assertEquals(versionThatCanAdopt(answer, 1), undefined, answer);
  }
});
