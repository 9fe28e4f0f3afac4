/**
 * The clock of the machine jumps, forth and back: no restart comes sooner or later for it, and no
 * timeout. The right time is set again at the end of each test, a second or two later.
 */
import { assert, assertEquals } from "@std/assert";
import { tainToUnix } from "../../lib/core/time/tain.ts";
import { unpackDtally } from "../../lib/servicedir/core/dtally.ts";
import { subscribe } from "../fixture/events.ts";
import { isAlive } from "../fixture/processes.ts";
import { BYSTANDER, Patient } from "./patient.ts";
import { testUnless } from "./refusal.ts";
import { clockRefusal, SystemClock } from "./system_clock.ts";

const REFUSAL = clockRefusal();
const HOUR = 3600;
const DEAF = "#!/bin/sh\ntrap '' TERM\nexec sleep 1000000\n";

testUnless(
  REFUSAL,
  "the clock is set an hour ahead and then two hours back: a killed service is restarted each time",
  async () => {
    await using patient = await Patient.admit({});
    {
      using clock = new SystemClock();
      clock.shift(HOUR);
      await patient.killAndReturn(BYSTANDER);
      clock.shift(-HOUR);
      await patient.killAndReturn(BYSTANDER);
    }
    const seconds = unpackDtally(patient.tree.bytes(`${BYSTANDER}/supervise/death_tally`)).map((
      { stamp },
    ) => tainToUnix(stamp).seconds);
    assert(
      seconds.length === 2 && seconds[0]! - seconds[1]! > BigInt(HOUR),
      `the stamps are those of the clock: ${seconds}`,
    );
    await patient.recovered();
  },
);

testUnless(
  REFUSAL,
  "the clock is set back while a service waits for its next start: it starts when its second is over, not an hour later",
  async () => {
    const spec = { "dying/run!": "#!/bin/sh\nexit 1\n" };
    await using patient = await Patient.admit(spec);
    await using events = subscribe(patient.tree.path("dying/event"));
    await events.until("D");
    {
      using clock = new SystemClock();
      clock.shift(-HOUR);
      await events.until("u");
      await events.until("D");
      clock.shift(HOUR);
      await events.until("u");
    }
    patient.tree.add({ "dying/down": "" });
    await patient.command("d", "dying");
    await patient.recovered();
  },
);

testUnless(
  REFUSAL,
  "the clock is set ahead while a timeout-kill counts: it does not run out for that",
  async () => {
    const spec = {
      "long/run!": DEAF,
      "long/timeout-kill": "1800000\n",
      "short/run!": DEAF,
      "short/timeout-kill": "500\n",
    };
    await using patient = await Patient.admit(spec, { healthy: ["long", "short"] });
    const { pid } = patient.status("long");
    {
      using clock = new SystemClock();
      await patient.command("d", "long", "short");
      clock.shift(HOUR);
      await patient.down("short");
    }
    assertEquals(patient.status("long").pid, pid);
    assertEquals(isAlive(pid), true);
    await patient.command("u", "long", "short");
    await patient.recovered();
  },
);

testUnless(
  REFUSAL,
  "the clock is set ahead while a back-off and a drain count: neither is over for that; set back, short ones are over in time",
  async () => {
    const spec = {
      "long/run!": "#!/bin/sh\nexit 1\n",
      "long/restart-delay": "1800000\n",
      "short/run!": "#!/bin/sh\nexit 1\n",
      "short/restart-delay": "500\n",
      "short/restart-delay-max": "500\n",
      "drained/run!": "#!/bin/sh\nexec sleep 1000000\n",
      "drained/timeout-drain": "1800000\n",
      "quick/run!": "#!/bin/sh\nexec sleep 1000000\n",
      "quick/timeout-drain": "500\n",
    };
    await using patient = await Patient.admit(spec, { healthy: ["drained", "quick"] });
    await using long = subscribe(patient.tree.path("long/event"));
    await using short = subscribe(patient.tree.path("short/event"));
    const { pid } = patient.status("drained");
    await patient.down("long");
    {
      using clock = new SystemClock();
      await patient.command("d", "drained", "quick");
      clock.shift(HOUR);
      await short.until("u");
      await patient.down("quick");
      clock.shift(-HOUR);
      await short.until("D");
      await short.until("u");
    }
    assertEquals([long.all.includes("u"), isAlive(pid), patient.status("drained").pid], [
      false,
      true,
      pid,
    ]);
    for (const name of ["long", "short"]) {
      patient.tree.add({ [`${name}/run!`]: "#!/bin/sh\nexec sleep 1000000\n" });
    }
    await patient.command("d", "drained"); // the second: now
    await patient.down("drained");
    await patient.command("u", "long", "short", "drained", "quick");
    await patient.recovered("long", "short");
  },
);
