/** A file system that is full, has no inodes left, is read-only or noexec under a service. */
import { assertEquals } from "@std/assert";
import { SVSTATUS_SIZE } from "../../lib/servicedir/core/svstatus.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { Patient } from "./patient.ts";
import { testUnless } from "./refusal.ts";
import { mountRefusal, SmallDisk } from "./small_disk.ts";

const REFUSAL = mountRefusal();

/** It tells its process in a place that has room. */
const RUN = "#!/bin/sh\necho $$ >../../pid\nexec sleep 1000000\n";

interface Case {
  readonly what: string;
  readonly options: string;
  readonly hurt: (disk: SmallDisk) => void;
  readonly mend: (disk: SmallDisk) => void;
  readonly reason: string;
}

const CASES: readonly Case[] = [
  {
    what: "full",
    options: "size=64k",
    hurt: (disk) => disk.fill(),
    mend: (disk) => disk.clear(),
    reason: "No space left on device",
  },
  {
    what: "without an inode left",
    options: "nr_inodes=40",
    hurt: (disk) => disk.fillInodes(),
    mend: (disk) => disk.clear(),
    reason: "No space left on device",
  },
];

interface SmallPatient extends AsyncDisposable {
  readonly patient: Patient;
  readonly disk: SmallDisk;
}

/** A service `disk/ill` on a small file system, linked into the scan directory. */
async function admit(options: string, { readOnly = false } = {}): Promise<SmallPatient> {
  let mounted: SmallDisk | undefined;
  try {
    const patient = await Patient.admit({ ".disk/": "", "ill=": ".disk/ill", "pid": "" }, {
      healthy: readOnly ? [] : ["ill"],
      prepare: (tree) => {
        mounted = new SmallDisk(tree.path(".disk"), options);
        tree.add({ ".disk/ill/run!": RUN });
        if (readOnly) mounted.remount("ro");
      },
    });
    const disk = mounted!;
    const dispose = async (): Promise<void> => {
      await patient.svscan[Symbol.asyncDispose]();
      disk[Symbol.dispose]();
      await patient[Symbol.asyncDispose]();
    };
    return { patient, disk, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    mounted?.[Symbol.dispose]();
    throw error;
  }
}

/** Kills the service. @returns when another process has taken its place */
async function killAndReturn(patient: Patient): Promise<void> {
  const before = patient.tree.text("pid");
  Deno.kill(Number(before), "SIGKILL");
  await eventually("another process", () => !["", before].includes(patient.tree.text("pid")));
}

for (const { what, options, hurt, mend, reason } of CASES) {
  testUnless(
    REFUSAL,
    `a file system that is ${what}: the service is restarted, its status stays whole, and is right again when mended`,
    async () => {
      await using small = await admit(options);
      const { patient, disk } = small;
      const stale = patient.tree.bytes("ill/supervise/status");
      hurt(disk);
      await killAndReturn(patient);
      await patient.says(
        new RegExp(`s6-supervise ill: warning: unable to write status file: .*${reason}`),
      );
      await patient.says(
        new RegExp(
          `s6-supervise ill: warning: unable to update supervise/death_tally: .*${reason}`,
        ),
      );
      assertEquals(patient.tree.bytes("ill/supervise/status"), stale);
      mend(disk);
      await killAndReturn(patient);
      await eventually("a status of the living process", () => isAlive(patient.status("ill").pid));
      assertEquals(patient.tree.bytes("ill/supervise/status").length, SVSTATUS_SIZE);
      await patient.recovered();
    },
  );
}

testUnless(
  REFUSAL,
  "a read-only file system when s6-svscan starts: a warning; the service comes up by itself when it can be written to",
  async () => {
    await using small = await admit("size=64k", { readOnly: true });
    const { patient, disk } = small;
    await patient.says(/s6-svscan: warning: .*ill.*Read-only file system/);
    disk.remount("rw");
    await patient.up("ill");
    patient.measure();
    await patient.recovered("ill");
  },
);

testUnless(
  REFUSAL,
  "a full file system and s6-svc -D: the service goes down, a warning tells that the down file could not be made",
  async () => {
    await using small = await admit("size=64k,nr_inodes=40");
    const { patient, disk } = small;
    disk.fillInodes();
    await patient.command("D", "ill");
    await patient.says(
      /s6-supervise ill: warning: unable to create \.\/down file: No space left on device/,
    );
    await eventually("the service to be down", () => !isAlive(Number(patient.tree.text("pid"))));
    disk.clear();
    await patient.command("U", "ill");
    await patient.recovered();
  },
);

testUnless(
  REFUSAL,
  "a file system that is mounted noexec: a warning with the cause and the cure; mounted exec again, the service is up",
  async () => {
    await using small = await admit("size=64k");
    const { patient, disk } = small;
    disk.remount("noexec");
    Deno.kill(patient.status("ill").pid, "SIGKILL");
    await patient.says(
      /s6-supervise ill: warning: unable to spawn \.\/run: its file system is mounted noexec; mount it with exec/,
    );
    disk.remount("exec");
    await patient.command("u", "ill");
    await patient.recovered();
  },
);
