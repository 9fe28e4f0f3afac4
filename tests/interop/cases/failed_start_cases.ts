/** A run that can't be executed: what is said, and that it can be mended. */
import { assertEquals } from "@std/assert";
import { is215, type Pairing, test } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

/** The first bytes of a program for a machine that nobody emulates: ELF, 64 bits, a little-endian s390. */
function foreignElf(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(128);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.set([2, 0, 22, 0, 1, 0, 0, 0], 16);
  return bytes;
}

type Spoil = (world: World) => void;

const FAILURES: readonly (readonly [string, Spoil, RegExp, string])[] = [
  [
    "no execute bit",
    (world) => world.tree.add({ ".db/run": STAYS }),
    /unable to spawn \.\/run: it has no execute bit; chmod \+x \.\/run/,
    "Permission denied",
  ],
  [
    "CRLF in the first line",
    (world) => world.tree.add({ ".db/run!": STAYS.replaceAll("\n", "\r\n") }),
    /unable to spawn \.\/run: its #! line ends in CR LF, so the kernel looks for an interpreter named \/bin\/sh\\r; save the file with LF/,
    "No such file or directory",
  ],
  [
    "an interpreter that is not there",
    (world) => world.tree.add({ ".db/run!": "#!/no/such/bash -e\n" }),
    /unable to spawn \.\/run: interpreter \/no\/such\/bash not found; install it/,
    "No such file or directory",
  ],
  [
    "no #! line",
    (world) => world.tree.add({ ".db/run!": "exec sleep 100000\n" }),
    /unable to spawn \.\/run: it has no #! line and is no program; begin it with #!\/bin\/sh/,
    "Exec format error",
  ],
  [
    "a program for another architecture",
    (world) => {
      world.tree.add({ ".db/run!": "" });
      Deno.writeFileSync(world.tree.path(".db/run"), foreignElf());
    },
    /unable to spawn \.\/run: it is a program for s390, and this machine is x86-64; take the build for this architecture/,
    "Exec format error",
  ],
  [
    "a directory in its place",
    (world) => world.tree.add({ ".db/run/": "" }),
    /unable to spawn \.\/run: it is not a regular file; put a script or a program there/,
    "Permission denied",
  ],
  [
    "a symlink to nowhere in its place",
    (world) => world.tree.add({ ".db/run=": "nowhere" }),
    /unable to spawn \.\/run: it is a symbolic link to nothing; mend the link/,
    "No such file or directory",
  ],
  [
    "nothing in its place",
    () => {},
    /unable to spawn \.\/run: there is no such file; every service directory needs an executable run/,
    "No such file or directory",
  ],
];

export function failedStartCases(p: Pairing): void {
  for (const [what, spoil, ours, theirs] of FAILURES) {
    const told = is215(p.daemon) ? "is told with its cause and cure" : "is told";
    test(
      p,
      `run with ${what} ${told}; the service stays wanted up, and starts when it is mended and told to`,
      async () => {
        await using world = await openWorld(p, { ".db/finish!": "#!/bin/sh\n", ".db/event/": "" });
        spoil(world);
        await using events = world.subscribe(".db");
        world.tree.rename(".db", "db");
        await world.ok("s6-svscanctl", "-a", ".");
        await events.expect("s");
        if (is215(p.daemon)) {
          const line = await world.svscan.output.until(/s6-supervise db: warning: .*\n/);
          assertEquals(ours.test(line), true, line);
          assertEquals(line.includes("(waiting 60 seconds)"), true, line);
        } else {
          await world.svscan.output.until(`unable to exec run: ${theirs}\n`);
          await world.svscan.output.until("unable to spawn ./run - waiting 10 seconds\n");
        }
        assertEquals(await world.field("db", "up,wantedup,pid"), "false true -1");
        if (world.tree.exists("db/run")) world.tree.remove("db/run");
        world.tree.add({ "db/run!": STAYS });
        await world.svc("-u", "db");
        await events.expect("u");
      },
    );
  }
}
