/** The pipe between a service and its logger: nothing in it is lost, whoever restarts. */
import { assertEquals } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import { type Pairing, test } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

/**
 * Writes numbered lines as fast as the pipe takes them. SIGTERM ends it between two lines, with the
 * number kept in the file `count` for the next life.
 */
const PRODUCER = `#!/usr/bin/perl
my $n = 0;
if (open(my $f, "<", "count")) { $n = <$f> + 0; close $f }
my $over = 0;
$SIG{TERM} = sub { $over = 1 };
until ($over) {
  my $line = "line " . ++$n . "\\n";
  for (my $at = 0; $at < length $line;) { my $done = syswrite(STDOUT, $line, length($line) - $at, $at); $at += $done if defined $done }
}
open(my $f, ">", "count"); print $f $n; close $f;
`;

/** Appends its input to the file \`lines\`. SIGTERM ends it when what it has read is written. */
const LOGGER = `#!/usr/bin/perl
open(my $log, ">>", "lines") or die;
my $over = 0;
$SIG{TERM} = sub { $over = 1 };
until ($over) {
  my $n = sysread(STDIN, my $buffer, 4096);
  next unless defined $n;
  last if $n == 0;
  syswrite($log, $buffer) == $n or die;
}
`;

/** Asserts that the log has every line from 1 to the producer's count, in order. */
async function assertComplete(world: World): Promise<void> {
  const count = Number(world.tree.text("db/count"));
  const last = `line ${count}\n`;
  const text = await eventually(`the log to end in ${last}`, () => {
    const lines = world.tree.text("db/log/lines");
    return lines.endsWith(last) && lines;
  });
  const lines = text.split("\n");
  const wrong = lines.slice(0, count).findIndex((line, index) => line !== `line ${index + 1}`);
  assertEquals([wrong, lines.length - 1], [-1, count]);
}

/** Waits until the logger has written more. */
async function flow(world: World): Promise<void> {
  const size = (): number =>
    world.tree.exists("db/log/lines") ? Deno.statSync(world.tree.path("db/log/lines")).size : 0;
  const before = size();
  await eventually("lines to arrive", () => size() > before + 10_000);
}

function lossCases(p: Pairing): void {
  test(
    p,
    "service and logger are restarted in turn, and not a byte of the stream is lost",
    async () => {
      await using world = await openWorld(p, { "db/run!": PRODUCER, "db/log/run!": LOGGER });
      await world.events("db").expect("su");
      await world.events("db/log").expect("su");
      for (const service of ["db/log", "db", "db/log"]) {
        await flow(world);
        await world.svc("-t", service);
        await world.events(service).expect("dDu");
      }
      await flow(world);
      await world.svc("-d", "db");
      await world.events("db").expect("dD");
      await assertComplete(world);
    },
  );
  test(
    p,
    "the supervisors of both are replaced, and not a byte of the stream is lost",
    async () => {
      await using world = await openWorld(p, { "db/run!": PRODUCER, "db/log/run!": LOGGER });
      await world.events("db").expect("su");
      await world.events("db/log").expect("su");
      for (const service of ["db/log", "db"]) {
        await flow(world);
        await world.svc("-xd", service);
        await world.events(service).expect("dDxsu");
      }
      await flow(world);
      await world.svc("-d", "db");
      await world.events("db").expect("dD");
      await assertComplete(world);
    },
  );
  test(
    p,
    "while the logger is down the service is held back by the full pipe, and then all arrives",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": PRODUCER,
        "db/log/run!": LOGGER,
        "db/log/down": "",
      });
      await world.events("db").expect("su");
      await world.events("db/log").expect("s");
      await eventually(
        "the service to block",
        () => /pipe_write|anon_pipe_write/.test(blockedIn(world.status("db").pid)),
      );
      await world.svc("-u", "db/log");
      await flow(world);
      await world.svc("-d", "db");
      await world.events("db").expect("dD");
      await assertComplete(world);
    },
  );
  test(
    p,
    "a terminated s6-svscan loses nothing: the logger reads up to the last words of the finish script",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": PRODUCER,
        "db/finish!": "#!/bin/sh\necho last words\n",
        "db/log/run!": LOGGER,
      });
      await world.events("db").expect("su");
      await flow(world);
      assertEquals(await world.svscan.stop(), 0);
      const count = Number(world.tree.text("db/count"));
      const expected = Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("") +
        "last words\n";
      assertEquals(world.tree.text("db/log/lines") === expected, true);
    },
  );
}

/** Where in the kernel a process waits. */
function blockedIn(pid: number): string {
  return Deno.readTextFileSync(`/proc/${pid}/wchan`);
}

function wiringCases(p: Pairing): void {
  test(
    p,
    "a logger gets what its service writes on stdout, and is called by its path",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": "#!/bin/sh\necho to the log\necho not to the log >&2\nexec sleep 100000\n",
        "db/log/run!": '#!/bin/sh\nread line\necho "$1 read $line"\nexec sleep 100000\n',
      });
      await world.svscan.output.until("db/log read to the log\n");
      await world.svscan.output.until("not to the log\n");
    },
  );
  test(p, "a logger's own logger is not looked at", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/log/run!": "#!/bin/sh\nexec cat\n",
      "db/log/log/run!": STAYS,
    });
    await world.events("db").expect("su");
    await world.events("db/log").expect("su");
    await world.ok("s6-svscanctl", "-t", ".");
    await world.svscan.ended();
    assertEquals(world.tree.exists("db/log/log/supervise"), false);
  });
  test(p, "finish of a service writes to the logger too", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/finish!": "#!/bin/sh\necho finished with $2\n",
      "db/log/run!": "#!/bin/sh\nexec cat >lines\n",
    });
    await world.events("db").expect("su");
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    await eventually(
      "the line",
      () =>
        world.tree.exists("db/log/lines") &&
        world.tree.text("db/log/lines") === "finished with 15\n",
    );
  });
}

export function loggerCases(p: Pairing): void {
  lossCases(p);
  wiringCases(p);
}
