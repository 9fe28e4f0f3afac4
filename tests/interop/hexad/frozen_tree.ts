/**
 * A scan directory in which nothing moves: status files with chosen contents, and one process that
 * holds the locks a supervisor would hold. So what is shown of it is the same on every machine.
 */
import { start } from "../../fixture/command.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";
import { THEIRS } from "../../fixture/toolset.ts";

export interface FrozenService {
  /** Seconds ago. */
  readonly since: number;
  readonly pid?: number;
  readonly wstat?: number;
  /** Of the last byte: 1 paused, 2 finishing, 4 wanted up, 8 ready. */
  readonly flags: number;
  /** Seconds ago, exit code, signal. */
  readonly deaths?: readonly (readonly [ago: number, exitcode: number, signal: number])[];
  readonly files?: TreeSpec;
  /** What stands in `supervise/status` instead. */
  readonly garbage?: Uint8Array;
  /** Nobody holds its lock. */
  readonly abandoned?: boolean;
}

export interface FrozenTree extends AsyncDisposable {
  readonly tree: Tree;
}

function stampBytes(secondsAgo: number): Uint8Array {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(
    0,
    2n ** 62n + 37n + BigInt(Math.floor(Date.now() / 1000) - secondsAgo),
  );
  return bytes;
}

function statusBytes({ since, pid = 0, wstat = 0, flags }: FrozenService): Uint8Array {
  const bytes = new Uint8Array(35);
  bytes.set(stampBytes(since));
  bytes.set(stampBytes(since), 12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(24, BigInt(pid));
  view.setUint16(32, wstat);
  bytes[34] = flags;
  return bytes;
}

function tallyBytes(deaths: FrozenService["deaths"] = []): Uint8Array {
  const bytes = new Uint8Array(14 * deaths.length);
  deaths.forEach(([ago, exitcode, signal], i) => {
    bytes.set(stampBytes(ago), 14 * i);
    bytes.set([exitcode, signal], 14 * i + 12);
  });
  return bytes;
}

/** Makes the scan directory, with the lock of an s6-svscan too. */
export async function freeze(
  services: Readonly<Record<string, FrozenService>>,
): Promise<FrozenTree> {
  const tree = makeTree({ ".s6-svscan/lock": "" });
  const locks = [tree.path(".s6-svscan/lock")];
  for (const [name, service] of Object.entries(services)) {
    tree.add({ [`${name}/supervise/lock`]: "" });
    for (const [path, text] of Object.entries(service.files ?? {})) {
      tree.add({ [`${name}/${path}`]: text });
    }
    Deno.writeFileSync(
      tree.path(name, "supervise/status"),
      service.garbage ?? statusBytes(service),
    );
    Deno.writeFileSync(tree.path(name, "supervise/death_tally"), tallyBytes(service.deaths));
    if (service.abandoned !== true) locks.push(tree.path(name, "supervise/lock"));
  }
  const chain = locks.flatMap((lock) => [THEIRS.bin("s6-setlock"), "-n", lock]);
  const holder = start(chain[0]!, [
    ...chain.slice(1),
    "/bin/sh",
    "-c",
    "echo held; exec sleep 100000",
  ]);
  const dispose = async (): Promise<void> => {
    await holder[Symbol.asyncDispose]();
    tree[Symbol.dispose]();
  };
  try {
    await holder.stdout.until("held");
  } catch (error) {
    await dispose();
    throw error;
  }
  return { tree, [Symbol.asyncDispose]: dispose };
}
