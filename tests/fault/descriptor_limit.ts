/** The limit of descriptors of a running process, taken and given back. */

export function setSoftLimit(pid: number, descriptors: number): void {
  const { success, stderr } = new Deno.Command("prlimit", {
    args: [`--pid=${pid}`, `--nofile=${descriptors}:`],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

export function softLimit(pid: number): number {
  return Number(/^Max open files +(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/limits`))?.[1]);
}

/** From now on the process can open nothing. @returns the limit before, to be set again */
export function takeDescriptors(pid: number): number {
  const soft = softLimit(pid);
  setSoftLimit(pid, 3);
  return soft;
}
