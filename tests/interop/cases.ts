/** Registers every case of the shared suite for one pairing. */
import { deathTallyCases } from "./cases/death_tally_cases.ts";
import { diskFormatCases } from "./cases/disk_format_cases.ts";
import { failedStartCases } from "./cases/failed_start_cases.ts";
import { fifodirCases } from "./cases/fifodir_cases.ts";
import { superviseCases } from "./cases/supervise_cases.ts";
import { svscanOptionCases } from "./cases/svscan_option_cases.ts";
import { svscanctlCases } from "./cases/svscanctl_cases.ts";
import { svcCases } from "./cases/svc_cases.ts";
import { svcWaitCases } from "./cases/svc_wait_cases.ts";
import { svpermsCases } from "./cases/svperms_cases.ts";
import { svstatCases } from "./cases/svstat_cases.ts";
import { svwaitCases } from "./cases/svwait_cases.ts";
import { loggerCases } from "./cases/logger_cases.ts";
import { oddNameCases } from "./cases/odd_name_cases.ts";
import { readinessCases } from "./cases/readiness_cases.ts";
import { rescanCases } from "./cases/rescan_cases.ts";
import { servicedirCases } from "./cases/servicedir_cases.ts";
import { setlockSetsidCases } from "./cases/setlock_setsid_cases.ts";
import { svlinkCases } from "./cases/svlink_cases.ts";
import type { Pairing } from "./pairing.ts";

export function registerCases(pairing: Pairing): void {
  svcCases(pairing);
  svcWaitCases(pairing);
  svstatCases(pairing);
  svwaitCases(pairing);
  deathTallyCases(pairing);
  svpermsCases(pairing);
  fifodirCases(pairing);
  svlinkCases(pairing);
  setlockSetsidCases(pairing);
  readinessCases(pairing);
  servicedirCases(pairing);
  superviseCases(pairing);
  svscanctlCases(pairing);
  loggerCases(pairing);
  rescanCases(pairing);
  oddNameCases(pairing);
  svscanOptionCases(pairing);
  diskFormatCases(pairing);
  failedStartCases(pairing);
}
