/**
 * Files with mistakes in them for everything that reads files: an answer or one plain line with a
 * documented exit code, in bounded time, and what is not concerned is told as it is. What runs
 * meanwhile is what it was.
 */
import { Patient, SLEEP } from "../fault/patient.ts";
import { findsTest, fuzzTest } from "./fuzz_test_case.ts";
import type { Fuzzer } from "./fuzzer.ts";
import { fuzzLive } from "./live_readers.ts";
import { takeAway } from "./obeying.ts";
import { PlantedTools } from "./planted.ts";
import { fuzzCheck, fuzzCompile, fuzzEnvdir, fuzzImport, fuzzLogs } from "./readers.ts";
import { fuzzServicesFile } from "./services_file.ts";

const TIMES = 3;

const READERS: Fuzzer = {
  name: "readers",
  file: "tests/fuzz/readers_test.ts",
  async play(round): Promise<void> {
    await using patient = await Patient.admit({});
    patient.tree.add({ "ill/run!": SLEEP, "ill/max-death-tally": "10\n" });
    patient.svscan.signal("SIGALRM");
    await patient.up("ill");
    for (let time = 0; time < TIMES; time++) {
      for (
        const fuzz of [fuzzCheck, fuzzImport, fuzzLogs, fuzzEnvdir, fuzzCompile]
      ) {
        await fuzz(round);
      }
      await fuzzLive(patient, "ill", round);
    }
    for (let time = 0; time < TIMES; time++) await fuzzServicesFile(round);
    round.step("the service is taken away");
    await takeAway(patient, ["ill"]);
    await patient.recovered();
  },
};

fuzzTest(READERS);

findsTest(READERS, {
  what: "an s6-rc-compile that leaves half a database",
  plant: () =>
    new PlantedTools({ "s6-rc-compile": '"$REAL" "$@"\ncode=$?\nmkdir -p db\nexit $code' }),
  says: /a database, or no reason/,
});
findsTest(READERS, {
  what: "an s6-envdir that shows its stack",
  plant: () =>
    new PlantedTools({
      "s6-envdir": `echo '    at read (file:///x.ts:3:4)' >&2; exec "$REAL" "$@"`,
    }),
  says: /at read \(file/,
});
