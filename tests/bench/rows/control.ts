/**
 * Row 5: how long a command takes that ends or starts a service and waits until that has happened.
 */
import { milliseconds, plain } from "../figures.ts";
import type { ControlCommands, Peer } from "../peer.ts";
import { type Bench, rotated, type Row, type Section } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import { serviceName, SupervisedTree } from "../supervised_tree.ts";

interface Subject {
  readonly title: string;
  readonly commands: ControlCommands;
  readonly downMs: number[];
  readonly upMs: number[];
}

async function timed(words: readonly string[]): Promise<number> {
  const [program = "", ...args] = words;
  const startedMs = performance.now();
  const { code } = await new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn().status;
  const tookMs = performance.now() - startedMs;
  if (code !== 0) throw new Error(`${words.join(" ")} exited ${code}`);
  return tookMs;
}

/**
 * The suites with their own commands; and hexad's tree under C's commands, which tells what is the
 * daemon's part.
 */
async function startSubjects(bench: Bench, stack: AsyncDisposableStack): Promise<Subject[]> {
  const subjects: Subject[] = [];
  const add = async (title: string, peer: Peer, clients: Peer): Promise<void> => {
    const tree = stack.use(await SupervisedTree.start(peer, bench.scratch, { services: 1 }));
    subjects.push({ title, commands: clients.control(tree.directory), downMs: [], upMs: [] });
  };
  for (const peer of bench.peers) await add(peer.name, peer, peer);
  const hexad = bench.peers.find(({ name }) => name === "hexad");
  const s6 = bench.peers.find(({ name }) => name === "s6");
  if (hexad !== undefined && s6 !== undefined) {
    await add("C's s6-svc, hexad's s6-svscan", hexad, s6);
    await add("hexad's s6-svc, C's s6-svscan", s6, hexad);
  }
  return subjects;
}

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 3 : 20;
  await using stack = new AsyncDisposableStack();
  const subjects = await startSubjects(bench, stack);
  const service = serviceName(0);
  bench.say(`control: ${rounds} rounds of down and up`);
  for (let round = 0; round < rounds; round++) {
    for (const { commands, downMs, upMs } of rotated(subjects, round)) {
      downMs.push(await timed(commands.down(service)));
      upMs.push(await timed(commands.up(service)));
    }
  }
  const first = subjects[0]!;
  return {
    title: "Control: down and up",
    method: [
      `The whole time of a command that sends its wish and waits: \`s6-svc -wd -d\`, \`s6-svc -wu -u\`; \`sv stop\`, \`sv start\`; \`supervisorctl ` +
      `stop\`, \`supervisorctl start\`; ${rounds} rounds. (\`sv\` looks every 0.42 s.)`,
    ],
    tables: [{
      head: ["suite", "down", `${first.title} to it`, "up", `${first.title} to it`],
      rows: subjects.map(({ title, downMs, upMs }) => [
        title,
        milliseconds(summarize(downMs)),
        plain(pairedRatios(first.downMs, downMs)),
        milliseconds(summarize(upMs)),
        plain(pairedRatios(first.upMs, upMs)),
      ]),
    }],
    bars: [],
  };
}

export const CONTROL: Row = { name: "control", measure };
