/** Lines of ours among the output of services: their processes' beginnings and ends. Pure. */
import { signalName } from "../../core/linux/signals.ts";
import { exitStatusOf, wifsignaled, wtermsig } from "../../core/linux/wstat.ts";

export function startedLine(pid: number): string {
  return `started with pid ${pid}`;
}

export function endLine(wstat: number): string {
  return wifsignaled(wstat)
    ? `terminated by ${signalName(wtermsig(wstat))}`
    : `exited with code ${exitStatusOf(wstat)}`;
}

export function isLifeLine(text: string): boolean {
  return /^(?:started with pid \d+|terminated by \S+|exited with code \d+)$/.test(text);
}
