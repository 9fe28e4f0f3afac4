/**
 * s6-log as a log host: a process that s6-svscan starts for all logs that run as one user, with a
 * first argument that no user types.
 *
 *   s6-log --as-log-host OOM_SCORES [ UID GID GROUPS ]
 *   s6-log --as-log-host keep NUMBER
 *
 * Descriptor 3 is the socket to s6-svscan; descriptor 4 the console and 5 the container's standard
 * output, if there are such.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { parseScoresWord } from "../../lib/core/linux/oom_score_adj.ts";
import { becomeUser } from "../../lib/credentials/drop.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { Poller } from "../../lib/libc/epoll.ts";
import { settleOwnOomScore, takeOomScores } from "../../lib/libc/oom_score.ts";
import { raiseNofileLimit } from "../../lib/libc/resource_limit.ts";
import { GATHER_MS } from "../../lib/logdir/input.ts";
import type { LogHost } from "../../lib/loghost/log_host.ts";
import { KEEP, stayWithPipes } from "../../lib/loghost/pipe_keeper.ts";
import { hostLogs } from "../../lib/loghost/system.ts";
import { spreadLastNet } from "../../lib/mishap/last_net.ts";
import { Reaper } from "../../lib/processes/reaper.ts";
import { Failure } from "../context.ts";

function takeIdentity(args: readonly string[]): void {
  if (args.length === 0) return;
  const [uid, gid] = args.slice(0, 2).map(parseUint);
  const groups = (args[2] ?? "").split(",").filter((word) => word !== "").map(parseUint);
  if (args.length !== 3 || uid === undefined || gid === undefined || groups.includes(undefined)) {
    throw new Failure(EXIT_USAGE, "a log host is started by s6-svscan, not by hand");
  }
  becomeUser({ uid, gid, gids: groups as number[] });
}

/** Processors of log lines are no part of us, so they are not spared as we are. */
function takeScores(word: string): void {
  const scores = parseScoresWord(word);
  if (scores === undefined) return;
  takeOomScores(() => [scores]);
  settleOwnOomScore();
}

export async function runLogHost([scores = "", ...identity]: readonly string[]): Promise<number> {
  if (scores === KEEP) {
    stayWithPipes(parseUint(identity[0] ?? "") ?? 0);
    return 0;
  }
  takeScores(scores); // as long as our file in /proc is ours
  takeIdentity(identity); // before anything else is opened
  raiseNofileLimit();
  outliveFileSizeLimit();
  const mishaps = spreadLastNet((text) => host.warn(text));
  const onMishap = (error: unknown): void => mishaps.tell(error);
  const poller = new Poller({ restMs: GATHER_MS, onMishap });
  const reaper = new Reaper(poller.portions, { onMishap });
  let code = 0;
  const host: LogHost = hostLogs({
    poller,
    reaper,
    onLeave: (leaveCode) => {
      code = leaveCode;
      poller.stop();
    },
  });
  const on = (signal: Deno.Signal, action: () => void): void =>
    Deno.addSignalListener(signal, () => void mishaps.survives(action));
  on("SIGCHLD", () => reaper.reap());
  on("SIGALRM", () => host.rotateAll());
  on("SIGTERM", () => host.terminate());
  on("SIGHUP", () => host.terminate());
  await mishaps.outlast(poller.run(), () => poller.run());
  return code;
}
