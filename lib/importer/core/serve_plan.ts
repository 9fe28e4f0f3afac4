/** The service that `hexad serve` is, where somebody asks for one in a word. Pure. */
import { plainPlan, type ServicePlan } from "./service_plan.ts";

/** Its name, where nobody names it. */
export const SERVE_SERVICE = "hexad-serve";

const READY_FD = 3;
/** A wrong option stays wrong: it is told a few times, and that is it. */
const MAX_RESTARTS = "10/60";

/** @param words Options of `hexad serve` */
export function servePlan(name: string, words: readonly string[]): ServicePlan {
  const command = ["hexad", "serve", `--notification-fd=${READY_FD}`, ...words];
  return {
    ...plainPlan(name, { kind: "words", words: command }),
    notificationFd: READY_FD,
    files: { "max-restarts": MAX_RESTARTS },
  };
}

/** The same where the address may stand first, without its option: `127.0.0.1:9266 --allow stop`. */
export function servedWords(words: readonly string[]): string[] {
  const [first = ""] = words;
  return first === "" || first.startsWith("-") ? [...words] : ["--listen", ...words];
}
