import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type BaseSearch,
  findBaseRuntime,
  PINNED_ORIGIN,
} from "../../../tools/build/base_runtime.ts";
import { sha256 } from "../../../tools/build/digest.ts";
import { denoVersionIn, isElfFor } from "../../../tools/build/denort_file.ts";
import type { NpmFile } from "../../../tools/build/npm_package.ts";
import { Fatal } from "../../../tools/fatal.ts";
import { withDirectory } from "./scratch_directory.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Bytes that look like a base runtime of Deno 2.6.10. */
function fakeDenort(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(256);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes[18] = 62;
  bytes.set(encode("Deno/0.80.0 Deno/2.6.9 Deno/2.6.10"), 64);
  return bytes;
}

const BASE = fakeDenort();
const FIRST: NpmFile = { name: "first", version: "1.0.0", file: "bin/a" };
const SECOND: NpmFile = { name: "second", version: "2.0.0", file: "bin/b" };

interface World {
  readonly search: BaseSearch;
  readonly said: string[];
  readonly fetched: string[];
}

/** A search without a network: `packages` is what npm has. */
async function world(
  cacheDir: string,
  packages: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
): Promise<World> {
  const said: string[] = [];
  const fetched: string[] = [];
  async function fetchFile({ name }: NpmFile, scratch: string): Promise<string> {
    fetched.push(name);
    const content = packages[name];
    if (content === undefined) throw new Fatal(`unable to download npm:${name}: no route to host`);
    await Deno.writeFile(`${scratch}/${name}`, content);
    return `${scratch}/${name}`;
  }
  const pinned = {
    version: "2.6.10",
    sizeBytes: BASE.length,
    sha256: await sha256(BASE),
    sources: [FIRST, SECOND],
  };
  // port 9 (discard) answers nobody: Deno's own download can't be had
  const search = {
    denortBin: undefined,
    architecture: "x86_64" as const,
    cacheDir,
    denoHost: "http://127.0.0.1:9",
    pinned,
    fetchFile,
    say: (text: string) => void said.push(text),
  };
  return { search, said, fetched };
}

const withProgram = new Uint8Array([...BASE, ...encode("the program that was compiled onto it")]);
const tampered = BASE.with(100, 0xff);

Deno.test("base runtime: DENORT_BIN comes first, and tells its version", () =>
  withDirectory(async (directory) => {
    const { search, fetched } = await world(directory, {});
    await Deno.writeFile(`${directory}/denort`, BASE);
    const base = await findBaseRuntime({ ...search, denortBin: `${directory}/denort` });
    assertEquals(base, {
      path: await Deno.realPath(`${directory}/denort`),
      version: "2.6.10",
      origin: "DENORT_BIN",
      source: `${directory}/denort`,
      sha256: await sha256(BASE),
    });
    assertEquals(fetched, []);
  }));

Deno.test("base runtime: a DENORT_BIN that is none is refused", () =>
  withDirectory(async (directory) => {
    const { search } = await world(directory, { first: withProgram });
    await Deno.writeTextFile(`${directory}/denort`, "#!/bin/sh");
    await assertRejects(
      () => findBaseRuntime({ ...search, denortBin: `${directory}/denort` }),
      Fatal,
      "is no Deno runtime for x86_64",
    );
    await assertRejects(
      () => findBaseRuntime({ ...search, denortBin: `${directory}/none` }),
      Fatal,
      "unable to read DENORT_BIN: ",
    );
  }));

Deno.test("base runtime: without Deno's host, the first bytes of the first package, kept for the next time", () =>
  withDirectory(async (directory) => {
    const { search, said, fetched } = await world(directory, { first: withProgram });
    const base = await findBaseRuntime(search);
    assertEquals(await Deno.readFile(base.path), BASE);
    assertEquals(base.version, "2.6.10");
    assertEquals(said.map((line) => line.split(" ")[0]), ["downloading", "unable", "downloading"]);
    assertEquals(await findBaseRuntime(search), base);
    assertEquals(fetched, ["first"]);
    assertEquals(Array.from(Deno.readDirSync(directory), ({ name }) => name), [
      "denort-2.6.10-x86_64",
    ]);
  }));

Deno.test("base runtime: the second package if the first can't be had or has other bytes", () =>
  withDirectory(async (directory) => {
    for (const packages of [{ second: withProgram }, { first: tampered, second: withProgram }]) {
      const { search, fetched } = await world(
        `${directory}/${Object.keys(packages).length}`,
        packages,
      );
      assertEquals(await Deno.readFile((await findBaseRuntime(search)).path), BASE);
      assertEquals(fetched, ["first", "second"]);
    }
  }));

Deno.test("base runtime: wrong bytes everywhere are refused and not kept", () =>
  withDirectory(async (directory) => {
    const { search } = await world(directory, { first: tampered });
    const error = await assertRejects(() => findBaseRuntime(search), Fatal);
    const [got, want] = [await sha256(tampered), await sha256(BASE)];
    assertEquals(
      error.message,
      `no base runtime: npm first@1.0.0 bin/a has sha256 ${got}, not ${want}; unable to download npm:second: no route to host`,
    );
    assertEquals([...Deno.readDirSync(directory)], []);
  }));

Deno.test("base runtime: a copy in the cache that was changed is fetched again", () =>
  withDirectory(async (directory) => {
    const { search, fetched } = await world(directory, { first: withProgram });
    await Deno.writeFile(`${directory}/denort-2.6.10-x86_64`, tampered);
    assertEquals(await Deno.readFile((await findBaseRuntime(search)).path), BASE);
    assertEquals(fetched, ["first"]);
  }));

Deno.test("base runtime: what Deno's host says no to is told, and npm is asked", () =>
  withDirectory(async (directory) => {
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response("gone", { status: 404 }),
    );
    try {
      const { search, said } = await world(directory, { first: withProgram });
      const base = await findBaseRuntime({
        ...search,
        denoHost: `http://127.0.0.1:${server.addr.port}`,
      });
      assertEquals(base.origin, "pinned copy from npm");
      assertEquals(
        said[1]?.endsWith("the server has no such file: taking the pinned copy from npm instead"),
        true,
      );
    } finally {
      await server.shutdown();
    }
  }));

/** What Deno's host is asked for, and what it has. */
async function withDenoHost(
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
  act: (denoHost: string, asked: string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const name = new URL(request.url).pathname;
      asked.push(name);
      const content = files[name.slice(name.lastIndexOf("/") + 1)];
      return content === undefined ? new Response("none", { status: 404 }) : new Response(content);
    },
  );
  try {
    await act(`http://127.0.0.1:${server.addr.port}`, asked);
  } finally {
    await server.shutdown();
  }
}

/** A zip archive with one file in it, not compressed. Source: PKWARE's APPNOTE. */
function zipOf(name: string, content: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const crc = crc32(content);
  const field = (value: number, size: number): number[] =>
    Array.from({ length: size }, (_, at) => Math.floor(value / 2 ** (8 * at)) % 256);
  const common = [
    ...field(10, 2),
    ...field(0, 8),
    ...field(crc, 4),
    ...field(content.length, 4),
    ...field(content.length, 4),
    ...field(name.length, 2),
    ...field(0, 2),
  ];
  const local = [...field(0x04034b50, 4), ...common, ...encode(name), ...content];
  const central = [
    ...field(0x02014b50, 4),
    ...field(10, 2),
    ...common,
    ...field(0, 2),
    ...field(0, 8),
    ...field(0, 4),
    ...encode(name),
  ];
  const end = [
    ...field(0x06054b50, 4),
    ...field(0, 4),
    ...field(1, 2),
    ...field(1, 2),
    ...field(central.length, 4),
    ...field(local.length, 4),
    ...field(0, 2),
  ];
  return new Uint8Array([...local, ...central, ...end]);
}

/** Source: PKWARE's APPNOTE, which takes the polynomial of ISO 3309. */
function crc32(content: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const ARCHIVE = "denort-x86_64-unknown-linux-gnu.zip";

Deno.test("base runtime: Deno's own download is compared with its digest, and kept", () =>
  withDirectory(async (directory) => {
    const { search, said, fetched } = await world(directory, {});
    const archive = zipOf("denort", BASE);
    const digest = encode(`${await sha256(archive)}  ${ARCHIVE}\n`);
    await withDenoHost(
      { [ARCHIVE]: archive, [`${ARCHIVE}.sha256sum`]: digest },
      async (denoHost, asked) => {
        const base = await findBaseRuntime({ ...search, denoHost });
        assertEquals(await Deno.readFile(base.path), BASE);
        assertEquals(
          [base.version, base.origin, base.source, base.sha256],
          [
            Deno.version.deno,
            "Deno's own download",
            `${denoHost}/release/v${Deno.version.deno}/${ARCHIVE}`,
            await sha256(BASE),
          ],
        );
        assertEquals(await findBaseRuntime({ ...search, denoHost }), base);
        assertEquals(asked.length, 2, "the second time it comes out of the cache");
        await Deno.writeFile(base.path, tampered);
        assertEquals(await findBaseRuntime({ ...search, denoHost }), base);
        assertEquals(asked.length, 4, "what was changed in the cache is fetched again");
      },
    );
    assertEquals([said.filter((line) => !line.startsWith("downloading ")), fetched], [[], []]);
  }));

Deno.test("base runtime: a download with another digest than the published one is not taken", () =>
  withDirectory(async (directory) => {
    const { search, said } = await world(directory, { first: withProgram });
    const digest = encode(`${"0".repeat(64)}  ${ARCHIVE}\n`);
    await withDenoHost(
      { [ARCHIVE]: zipOf("denort", BASE), [`${ARCHIVE}.sha256sum`]: digest },
      async (denoHost) => {
        assertEquals((await findBaseRuntime({ ...search, denoHost })).origin, PINNED_ORIGIN);
      },
    );
    assertStringIncludes(said.join("\n"), `not ${"0".repeat(64)} as published`);
  }));

Deno.test("base runtime: DENORT_SHA256 refuses whatever else there is", () =>
  withDirectory(async (directory) => {
    const { search } = await world(directory, { first: withProgram });
    await Deno.writeFile(`${directory}/denort`, BASE);
    const other = await sha256(tampered);
    for (const denortBin of [undefined, `${directory}/denort`]) {
      await assertRejects(
        () => findBaseRuntime({ ...search, denortBin, onlySha256: other }),
        Fatal,
        `has sha256 ${await sha256(BASE)}, not ${other} as DENORT_SHA256 says`,
      );
      const onlySha256 = (await sha256(BASE)).toUpperCase();
      assertEquals((await findBaseRuntime({ ...search, denortBin, onlySha256 })).version, "2.6.10");
    }
    await assertRejects(
      () => findBaseRuntime({ ...search, onlySha256: "1b13" }),
      Fatal,
      "DENORT_SHA256 is no sha256 in hexadecimal: 1b13",
    );
  }));

Deno.test("base runtime: for arm64 the variables are DENORT_BIN_ARM64 and DENORT_SHA256_ARM64, and messages name them", () =>
  withDirectory(async (directory) => {
    const search = { ...(await world(directory, {})).search, architecture: "aarch64" as const };
    const refused = async (
      variables: Partial<BaseSearch>,
      message: string,
    ): Promise<void> => {
      await assertRejects(() => findBaseRuntime({ ...search, ...variables }), Fatal, message);
    };
    const [missing, other, base] = ["missing", "other", "base"].map((name) =>
      `${directory}/${name}`
    );
    await Deno.writeFile(other!, BASE);
    await Deno.writeFile(base!, BASE.with(18, 183));
    await refused({ denortBin: missing }, "unable to read DENORT_BIN_ARM64: ");
    await refused({ denortBin: other }, "unable to use DENORT_BIN_ARM64: ");
    await refused({ onlySha256: "1b13" }, "DENORT_SHA256_ARM64 is no sha256");
    await refused({ denortBin: base, onlySha256: "0".repeat(64) }, "as DENORT_SHA256_ARM64 says");
    assertEquals(
      (await findBaseRuntime({ ...search, denortBin: base })).origin,
      "DENORT_BIN_ARM64",
    );
  }));

Deno.test("denort file: version and form", () => {
  assertEquals(denoVersionIn(BASE), "2.6.10");
  assertEquals(denoVersionIn(encode("no runtime")), undefined);
  assertEquals(isElfFor(62, BASE), true);
  assertEquals(isElfFor(62, BASE.with(18, 183)), false);
  assertEquals(isElfFor(62, encode("#!/bin/sh")), false);
});
