import { assertEquals, assertThrows } from "@std/assert";
import { type BytePatch, patternOf, withPatches } from "../../../tools/build/byte_patch.ts";
import { privateLibrary, privateLoader } from "../../../tools/build/library_patches.ts";
import { MACHINE_CODE } from "../../../tools/build/machine_code.ts";
import { Fatal } from "../../../tools/fatal.ts";

const CODE = MACHINE_CODE.get(62)!;
const PATCH: BytePatch = { does: "sings", pattern: [1, undefined, 3], count: 2, at: 2, bytes: [4] };

Deno.test("withPatches() changes every place of a pattern and nothing else", () => {
  const file = new Uint8Array([1, 9, 3, 1, 9, 9, 1, 8, 3, 3]);
  assertEquals([...withPatches("it", file, [PATCH])], [1, 9, 4, 1, 9, 9, 1, 8, 4, 3]);
  assertEquals(file[2], 3, "the original");
});

for (
  const [places, bytes] of [[0, [1, 9, 4]], [1, [1, 9, 3]], [3, [1, 9, 3, 1, 9, 3, 1, 9, 3]], [0, [
    1,
    9,
  ]]] as const
) {
  Deno.test(`withPatches() refuses a file that has ${places} places instead of two: ${bytes.join(" ")}`, () => {
    assertThrows(
      () => withPatches("it", new Uint8Array(bytes), [PATCH]),
      Fatal,
      `it sings in ${places} places instead of 2`,
    );
  });
}

/** All that a loader must have, with something else around. */
function loader(): Uint8Array<ArrayBuffer> {
  const comparison = CODE.comparesLd.pattern.map((byte) => byte ?? 0x1a);
  const names =
    "\0GLIBC_TUNABLES\0/etc/suid-debug\0GLIBC_TUNABLES\0MALLOC_TRACE\0/etc/ld.so.preload\0";
  return new Uint8Array([
    0x80,
    0x38,
    7,
    ...comparison,
    ...patternOf(names),
    ...patternOf("\x01\0\0\0MALLOC_X\0".repeat(8)),
  ]);
}

Deno.test("privateLoader() is deaf to variables and does not find the preload file", () => {
  const text = new TextDecoder("latin1").decode(privateLoader(loader(), CODE));
  const was = new TextDecoder("latin1").decode(loader());
  assertEquals(
    text,
    was.replace("8Lu", "8=u").replace("GLIBC", "=LIBC").replaceAll("MALLOC_X", "=ALLOC_X").replace(
      "/etc/ld.",
      "\0etc/ld.",
    ),
  );
});

Deno.test("privateLoader() refuses a loader of another make", () => {
  assertThrows(
    () => privateLoader(new Uint8Array(100), CODE),
    Fatal,
    "looks for LD_ variables in 0 places",
  );
  assertThrows(
    () => privateLoader(new Uint8Array([...loader(), ...loader()]), CODE),
    Fatal,
    "in 2 places instead of 1",
  );
});

Deno.test("privateLibrary() has no clone3 in the C library, and leaves the others alone", () => {
  const { call, enosys } = CODE.clone3!;
  assertEquals(call.length, enosys.length);
  const library = new Uint8Array([9, ...call, 9]);
  assertEquals([...privateLibrary("libc.so.6", library, CODE)], [9, ...enosys, 9]);
  assertEquals(privateLibrary("libm.so.6", library, CODE), library);
  assertThrows(
    () => privateLibrary("libc.so.6", new Uint8Array(9), CODE),
    Fatal,
    "the C library calls clone3 in 0 places",
  );
});
