import { assertEquals } from "@std/assert";
import {
  parseProgramHead,
  PROGRAM_HEAD_SIZE,
  type ProgramHead,
} from "../../../../lib/core/diagnosis/program_head.ts";
import { seededRandom } from "../seeded_random.ts";

const LOADER = "/lib64/ld-linux-x86-64.so.2";

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const path = (length: number): string => `/${"x".repeat(length - 1)}`;

const scripts:
  readonly (readonly [what: string, text: string, interpreter: string, truncated?: boolean])[] = [
    ["the usual one", "#!/bin/sh\nexec sleep 1\n", "/bin/sh"],
    ["blanks before the interpreter", "#! \t /bin/sh\n", "/bin/sh"],
    ["an argument", "#!/bin/sh -e\n", "/bin/sh"],
    ["an argument behind a tab", "#!/usr/bin/env\texeclineb\n", "/usr/bin/env"],
    ["CR LF: the CR belongs to the name", "#!/bin/sh\r\necho\r\n", "/bin/sh\r"],
    ["CR LF behind an argument: the name is fine", "#!/bin/sh -e\r\n", "/bin/sh"],
    ["nothing behind #!", "#!\n/bin/sh\n", ""],
    ["only blanks behind #!", "#!   \n", ""],
    ["no newline at all", "#!/bin/sh", "/bin/sh"],
    ["a name that is not UTF-8", "#!/bin/\xffsh\n", "/bin/\udcffsh"],
    [
      "a name that ends with the 256th byte, no newline in sight",
      `#!${path(254)}`,
      path(254),
      true,
    ],
    ["a name that just fits before the newline", `#!${path(253)}\n`, path(253)],
    ["a longer name is cut where the kernel cuts it", `#!${path(600)}\n`, path(254), true],
    ["a NUL ends the name, as for the kernel", "#!/bin/sh\0x\n", "/bin/sh"],
    ["a NUL at once", "#!\0/bin/sh\n", ""],
    [
      "a short name with a long argument: the name is whole",
      `#!/bin/sh ${"x".repeat(600)}\n`,
      "/bin/sh",
    ],
  ];

for (const [what, text, interpreter, truncated = false] of scripts) {
  Deno.test(`parseProgramHead(): script: ${what}`, () => {
    assertEquals(parseProgramHead(bytes(text)), { kind: "script", interpreter, truncated });
  });
}

interface ElfOptions {
  readonly machine?: number;
  readonly bits?: 32 | 64;
  readonly loader?: string;
  readonly loaderAt?: number;
  readonly tableAt?: number;
  readonly size?: number;
}

/**
 * The beginning of an ELF file for 64 bits: header, a PT_LOAD and, with a loader, a PT_INTERP
 * behind it.
 */
function elf(
  { machine = 62, bits = 64, loader, loaderAt = 512, tableAt = 64, size = PROGRAM_HEAD_SIZE }:
    ElfOptions,
): Uint8Array {
  const file = new Uint8Array(Math.max(PROGRAM_HEAD_SIZE, size));
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, bits === 64 ? 2 : 1, 1, 1]);
  view.setUint16(18, machine, true);
  view.setBigUint64(32, BigInt(tableAt), true); // e_phoff
  view.setUint16(54, 56, true); // e_phentsize
  view.setUint16(56, loader === undefined ? 1 : 2, true); // e_phnum
  if (tableAt + 112 <= file.length) {
    view.setUint32(tableAt, 1, true); // PT_LOAD
    if (loader !== undefined) {
      view.setUint32(tableAt + 56, 3, true); // PT_INTERP
      view.setBigUint64(tableAt + 56 + 8, BigInt(loaderAt), true); // p_offset
      view.setBigUint64(tableAt + 56 + 32, BigInt(loader.length + 1), true); // p_filesz
      if (loaderAt + loader.length < file.length) file.set(bytes(loader), loaderAt);
    }
  }
  return file.subarray(0, size);
}

const others: readonly (readonly [what: string, head: Uint8Array, expected: ProgramHead])[] = [
  ["nothing", new Uint8Array(), { kind: "empty" }],
  ["one byte", bytes("#"), { kind: "other" }],
  ["text without #!", bytes("exec sleep 1\n"), { kind: "other" }],
  ["a blank before #!", bytes(" #!/bin/sh\n"), { kind: "other" }],
  ["a byte order mark before #!", bytes("\xef\xbb\xbf#!/bin/sh\n"), { kind: "other" }],
  ["three bytes of ELF's magic", bytes("\x7fEL"), { kind: "other" }],
  ["a program with a loader", elf({ loader: LOADER }), {
    kind: "elf",
    machine: 62,
    loader: LOADER,
  }],
  ["a NUL ends the loader's name", elf({ loader: `${LOADER}\0x` }), {
    kind: "elf",
    machine: 62,
    loader: LOADER,
  }],
  ["a loader's name that is empty", elf({ loader: "\0x" }), { kind: "elf", machine: 62 }],
  ["a static program", elf({}), { kind: "elf", machine: 62 }],
  ["a program for aarch64", elf({ machine: 183 }), { kind: "elf", machine: 183 }],
  [
    "a program for 32 bits: its table is laid out differently",
    elf({ machine: 3, bits: 32, loader: LOADER }),
    { kind: "elf", machine: 3 },
  ],
  ["ELF's magic and no more", elf({ size: 4 }), { kind: "elf", machine: -1 }],
  ["a header that is cut off", elf({ size: 63 }), { kind: "elf", machine: -1 }],
  ["a header and no table", elf({ size: 64, loader: LOADER }), { kind: "elf", machine: 62 }],
  ["a table that is cut off before the loader's entry", elf({ size: 130, loader: LOADER }), {
    kind: "elf",
    machine: 62,
  }],
  [
    "a loader's name that lies beyond the head",
    elf({ loader: LOADER, loaderAt: PROGRAM_HEAD_SIZE - 5 }),
    { kind: "elf", machine: 62 },
  ],
  [
    "a loader's name that ends with the head",
    elf({ loader: LOADER, loaderAt: PROGRAM_HEAD_SIZE - LOADER.length - 1 }),
    {
      kind: "elf",
      machine: 62,
      loader: LOADER,
    },
  ],
  ["a table far beyond the file", elf({ tableAt: 2 ** 40 }), { kind: "elf", machine: 62 }],
];

for (const [what, head, expected] of others) {
  Deno.test(`parseProgramHead(): ${what}`, () => assertEquals(parseProgramHead(head), expected));
}

Deno.test("parseProgramHead(): a head that is a part of a larger buffer", () => {
  const file = elf({ loader: LOADER });
  const buffer = new Uint8Array(file.length + 7);
  buffer.set(file, 7);
  assertEquals(parseProgramHead(buffer.subarray(7)), { kind: "elf", machine: 62, loader: LOADER });
});

Deno.test("parseProgramHead(): 2000 damaged programs never throw", () => {
  const random = seededRandom(64);
  for (let round = 0; round < 2000; round++) {
    const file = elf({
      loader: LOADER,
      size: random(3) === 0 ? random(PROGRAM_HEAD_SIZE) : PROGRAM_HEAD_SIZE,
    }).slice();
    for (let i = random(20); i > 0 && file.length > 4; i--) {
      file[4 + random(Math.min(file.length - 4, 200))] = random(256);
    }
    parseProgramHead(file);
  }
});
