/** Row: what a tree of services costs a container, by the count of its control group. */
import { run } from "../../../tools/command.ts";
import { megabytes, plain } from "../figures.ts";
import { MemoryGroup } from "../memory_group.ts";
import type { Peer } from "../peer.ts";
import { type Bench, pause, rotated, type Row, type Section, type Table } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import { SupervisedTree } from "../supervised_tree.ts";

/** For what is left to do after the last service has told that it runs. */
const SETTLE_MS = 5000;

interface Samples {
  readonly pss: number[];
  readonly now: number[];
  readonly peak: number[];
}

/** The pages of its file are whose group reads it first, so nobody may have read it before. */
async function dropFromCache(file: string): Promise<void> {
  await run("sync", ["-f", file], { doing: `write ${file}` });
  await run("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"], {
    doing: `drop ${file} from the cache`,
  });
}

async function measureOnce(
  bench: Bench,
  peer: Peer,
  services: number,
  { pss, now, peak }: Samples,
): Promise<void> {
  await dropFromCache(await Deno.realPath(peer.command("")[0]!));
  using group = new MemoryGroup();
  await using tree = await SupervisedTree.start(peer, bench.scratch, {
    services,
    under: group.under,
  });
  await pause(SETTLE_MS);
  pss.push(tree.memoryBytes());
  now.push(group.nowBytes);
  peak.push(group.peakBytes);
}

function tableOf(services: number, size: ReadonlyMap<Peer, Samples>): Table {
  const [[reference, first]] = [...size] as [[Peer, Samples], ...unknown[]];
  return {
    head: [`${services} services`, "PSS", "charged", `${reference.name} to it`, "charged at most"],
    rows: [...size].map(([{ name }, { pss, now, peak }]) => [
      name,
      megabytes(summarize(pss)),
      megabytes(summarize(now)),
      plain(pairedRatios(first.now, now)),
      megabytes(summarize(peak)),
    ]),
  };
}

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 1 : 3;
  // supervisor's programs are files of an interpreter that others use too
  const peers = bench.peers.filter(({ name }) => name !== "supervisor");
  const tables: Table[] = [];
  for (const services of bench.quick ? [10, 100] : [10, 100, 1000]) {
    bench.say(`charged: ${services} services, ${rounds} rounds`);
    const size = new Map<Peer, Samples>(
      peers.map((peer) => [peer, { pss: [], now: [], peak: [] }]),
    );
    for (let round = 0; round < rounds; round++) {
      for (const peer of rotated(peers, round)) {
        await measureOnce(bench, peer, services, size.get(peer)!);
      }
    }
    tables.push(tableOf(services, size));
  }
  return {
    title: "Memory that a container is charged for",
    method: [
      "The same trees, each in a control group of its own. _Charged_ is memory.current of the group 5 s after all services run, _at most_ is " +
      "memory.peak. Unlike the PSS, it has the services and what the kernel holds for them, and every page of the program's file that was " +
      "read, whether it is still mapped or not: the file is dropped from the cache before each start. The kernel takes such pages back when " +
      "the group is near its limit, so a container can live with less than it is charged for. Pages of the C library and of the others' " +
      "small programs are charged to whoever used them first on the machine.",
    ],
    tables,
    bars: [],
  };
}

export const CHARGED: Row = { name: "charged", measure };
