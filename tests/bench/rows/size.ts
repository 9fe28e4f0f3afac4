/** Row: what each suite takes on disk, where hexad has a runtime to carry. */
import { DIST, DIST_FILES } from "../../../tools/layout.ts";
import { megabytes } from "../figures.ts";
import { broughtBy, installedPackages } from "../packages.ts";
import type { Peer } from "../peer.ts";
import type { Bench, Row, Section } from "../row.ts";
import { summarize } from "../statistics.ts";

const TARBALL = `${DIST}/${DIST_FILES.tarball}`;
const KIB = 1024;

interface Suite {
  readonly name: string;
  readonly parts: string;
  readonly bytes: number;
}

function size(bytes: number): string {
  return megabytes(summarize([bytes]));
}

/** What the tarball lays into an image: the sum of its files, links counted once. */
function unpackedBytes(): number {
  const { stdout, success } = new Deno.Command("tar", { args: ["-tvzf", TARBALL] }).outputSync();
  if (!success) throw new Error(`${TARBALL} can't be read`);
  const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line.startsWith("-"));
  return lines.reduce((sum, line) => sum + Number(line.split(/\s+/)[2]), 0);
}

function suiteOf({ name, packages }: Peer): Suite {
  if (packages === undefined) {
    return {
      name,
      parts: "the program and its C library, unpacked; nothing else is needed",
      bytes: unpackedBytes(),
    };
  }
  const brought = broughtBy(packages, installedPackages());
  const others = brought.length - packages.length;
  return {
    name,
    parts: `Debian's ${packages.join(" and ")}${
      others > 0 ? `, and ${others} packages that they need` : ""
    }`,
    bytes: brought.reduce((sum, { installedKib }) => sum + installedKib * KIB, 0),
  };
}

function measure(bench: Bench): Promise<Section> {
  bench.say("size");
  const suites = bench.peers.map(suiteOf);
  const [first] = suites;
  return Promise.resolve({
    title: "Size on disk",
    method: [
      "For the others the installed size that their packages tell, and that of all packages which they depend on and not every Debian system has: " +
      "so their C library is not in it, while hexad brings its own and would run without any other file in the image. " +
      `hexad's tarball has ${size(Deno.statSync(TARBALL).size)}.`,
    ],
    tables: [{
      head: ["suite", "what", "on disk", `${first!.name} to it`],
      rows: suites.map((
        { name, parts, bytes },
      ) => [name, parts, size(bytes), (first!.bytes / bytes).toPrecision(3)]),
    }],
    bars: [],
    highlights: [{
      what: "size on disk",
      figures: Object.fromEntries(suites.map(({ name, bytes }) => [name, size(bytes)])),
    }],
  });
}

export const SIZE: Row = { name: "size", measure };
