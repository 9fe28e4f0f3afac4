/** Debian packages that a tool needs: says what is missing, and installs it where it may. */
import { hasCommand, run } from "./command.ts";
import { Fatal } from "./fatal.ts";

/**
 * A package, and a command by which one sees that it is there (so that other distributions work
 * too).
 */
export interface DebianPackage {
  readonly name: string;
  readonly command: string;
}

/**
 * RUNLEVEL keeps invoke-rc.d from starting a daemon (nginx, redis) that was only wanted as a file.
 */
const APT_ENV = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };

async function aptInstall(names: readonly string[]): Promise<void> {
  const doing = `install ${names.join(" ")}`;
  const install = ["install", "-y", "-q", "--no-install-recommends", ...names];
  // the lists are often absent in an image, or older than the archive: only then are they fetched
  try {
    await run("apt-get", install, { env: APT_ENV, doing });
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    await run("apt-get", ["update", "-q"], {
      env: APT_ENV,
      doing: `update apt's lists to ${doing}`,
    });
    await run("apt-get", install, { env: APT_ENV, doing });
  }
}

/**
 * Sees to it that the packages are installed.
 * @throws {Fatal} If one is missing and can't be installed here.
 */
export async function ensurePackages(
  packages: readonly DebianPackage[],
  say: (text: string) => void,
): Promise<void> {
  const missing = packages.filter(({ command }) => !hasCommand(command)).map(({ name }) => name);
  if (missing.length === 0) return;
  const list = missing.join(" ");
  if (!hasCommand("apt-get")) {
    throw new Fatal(`missing, and there is no apt-get to install it with: ${list}`);
  }
  if (Deno.uid() !== 0) throw new Fatal(`missing: ${list} (as root: apt-get install ${list})`);
  say(`installing from Debian: ${list}`);
  await aptInstall(missing);
  const still = packages.filter(({ command }) => !hasCommand(command)).map(({ name }) => name);
  if (still.length > 0) {
    throw new Fatal(`installed, but their commands are not there: ${still.join(" ")}`);
  }
}
