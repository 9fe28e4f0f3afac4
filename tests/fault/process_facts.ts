/** What /proc tells of a process that lives. */

export function openDescriptors(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/**
 * Memory that is the process's own: the heap and stacks. The program's pages, which come and go,
 * are no part of it.
 */
export function ownBytes(pid: number): number {
  const kib = /^RssAnon:\s+(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  return Number(kib) * 1024;
}

/** `S` sleeping, `T` stopped, ...: the letter of the kernel. */
export function stateLetter(pid: number): string {
  return /^State:\s+(\S)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? "?";
}
