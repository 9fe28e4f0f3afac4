/**
 * Finds the pipe between a service and its logger again that a killed s6-svscan has left: as long
 * as a process holds one end, /proc leads to both.
 *
 * A pipe that somebody still reads who is not the service's logger is left alone. It is a log host
 * that has not ended; the next life of the service gets a new pipe.
 */
import type { Pipe } from "../libc/fd.ts";
import type { FormerPipes } from "../loghost/former_hosts.ts";
import type { ProcessWorld } from "../servicedir/core/life_record.ts";
import { readLife } from "../servicedir/life.ts";
import { endsOfPipe, isPipeRead } from "../procfs/pipes.ts";
import { readProcess } from "../procfs/processes.ts";
import { isRecordedProcess } from "../supervise/core/takeover.ts";

const STDIN = 0;
const STDOUT = 1;

/** Service directories. */
export interface PipePlaces {
  readonly producer: string;
  /** Absent: a log of the output. */
  readonly logger?: string;
}

/** One end: the pipe that a service has, and its process while that lives. */
interface FormerEnd {
  readonly pipe: string;
  readonly pid: number | undefined;
}

function endOf(servicedir: string, world: ProcessWorld): FormerEnd | undefined {
  const record = readLife(servicedir, { own: true });
  if (record?.life.pipe === undefined) return undefined;
  const { pid } = record.status;
  const lives = pid > 0 && isRecordedProcess(record.life, world, readProcess(pid));
  return { pipe: String(record.life.pipe), pid: lives ? pid : undefined };
}

/**
 * The pipe that a killed s6-svscan has left; undefined if there is none, or if somebody else reads
 * it.
 *
 * @param freed What the former log hosts have read @param world Of this process
 */
export function findFormerPipe(
  freed: FormerPipes,
  world: ProcessWorld,
  { producer, logger }: PipePlaces,
): Pipe | undefined {
  const writer = endOf(producer, world);
  const ends = writer === undefined ? undefined : freed.take(writer.pipe);
  if (ends !== undefined) return ends;
  const reader = logger === undefined ? undefined : endOf(logger, world);
  return endsOfReader(reader) ?? endsOfWriter(writer);
}

function endsOfReader(reader: FormerEnd | undefined): Pipe | undefined {
  return reader?.pid === undefined ? undefined : endsOfPipe(reader.pid, STDIN, reader.pipe);
}

function endsOfWriter(writer: FormerEnd | undefined): Pipe | undefined {
  if (writer?.pid === undefined || isPipeRead(writer.pid, STDOUT)) return undefined;
  return endsOfPipe(writer.pid, STDOUT, writer.pipe);
}
