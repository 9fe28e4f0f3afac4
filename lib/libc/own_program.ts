/**
 * The file of the program that runs here. The kernel knows it, whatever has become of its name: an upgrade replaces the file, and what runs
 * goes on starting itself from the file that it was started from. Source: proc(5).
 */
import { readlink } from "./file.ts";
import { tryStat } from "./stat.ts";

/** As a path, it is the file of the process that opens or executes it, so a child before its exec may have it too. */
export const OWN_FILE = "/proc/self/exe";

/** A path by which the program can be started: its own while that leads to it, so that a list of processes tells it, else the kernel's link. */
export function ownProgram(): string {
  const path = readlink(OWN_FILE);
  const [own, there] = [tryStat(OWN_FILE), typeof path === "string" ? tryStat(path) : path];
  if (typeof path !== "string" || typeof own === "number" || typeof there === "number") return OWN_FILE;
  return own.ino === there.ino && own.dev === there.dev ? path : OWN_FILE;
}
