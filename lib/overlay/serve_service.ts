/** S6_SERVE: the service that shows the container to browsers and programs. */
import { serviceFilesOf } from "../importer/core/plan_files.ts";
import { SERVE_SERVICE, servedWords, servePlan } from "../importer/core/serve_plan.ts";
import { writeService } from "../newservice/write.ts";
import { parseListenAddress } from "../serve/core/listen_address.ts";
import { variableWords } from "./core/overlay_settings.ts";

const INTERPRETER = "/command/execlineb";

/**
 * Adds it to the scan directory.
 *
 * @param serve The address, and options of `hexad serve` after it
 * @returns What is wrong with the address; then there is no service
 * @throws {SyscallError} If it can't be written.
 */
export function addServeService(scandir: string, serve: string): string | undefined {
  const words = variableWords(serve);
  const [address = ""] = words;
  if (!address.startsWith("-") && parseListenAddress(address) === undefined) {
    return `S6_SERVE=${serve}: no address (127.0.0.1:9266, [::1]:9266, unix:/PATH): nothing is served`;
  }
  const plan = servePlan(SERVE_SERVICE, servedWords(words));
  const language = { kind: "execline", interpreter: INTERPRETER } as const;
  writeService(scandir, SERVE_SERVICE, serviceFilesOf(plan, language));
  return undefined;
}
