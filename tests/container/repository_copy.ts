/** A copy of the repository as it is now, with what is in no commit and without what is built. */
import { run } from "../fixture/command.ts";
import { ROOT } from "../fixture/toolset.ts";

const APART = ["./.git", "./dist", "./release", "./.dist.*", "./.release.*"];

/** @param directory Is made */
export async function copyRepository(directory: string): Promise<void> {
  Deno.mkdirSync(directory);
  const apart = APART.map((name) => `--exclude='${name}'`).join(" ");
  const pack = `tar --create ${apart} . | tar --extract --directory "$1"`;
  const { code, stderr } = await run("/bin/sh", ["-c", pack, "sh", directory], { cwd: ROOT });
  if (code !== 0) throw new Error(`unable to copy the repository: ${stderr}`);
}
