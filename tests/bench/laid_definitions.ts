/** Definitions for s6-rc in the root of a timed container, each set as a profile of its own. */
import { CLOCK, type ContainerPlace } from "./timed_container.ts";

const PROFILES = "etc/cont-profile.d";
const ONESHOTS = 20;
/** So many of the twenty are scripts of bash. */
const SCRIPTS = 14;
const LONGRUNS = 3;

/** What an image of linuxserver has: oneshots in a row, most of them scripts, and services. */
export const ARCHETYPE = "archetype";
export const CHAIN_LENGTH = 100;
export const CHAIN = "chain";
export const MANY_COUNT = 300;
export const MANY = "many";
export const MANY_PLAIN = "many-plain";

type Files = Readonly<Record<string, string>>;

function source(root: string, profile: string): string {
  return `${root}/${PROFILES}/${profile}/s6-overlay/s6-rc.d`;
}

async function lay(directory: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = `${directory}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
    if (name.endsWith("run")) await Deno.chmod(path, 0o755);
  }
}

function needs(name: string | undefined): Files {
  return { [`dependencies.d/${name ?? "base"}`]: "" };
}

/** Lays all of them, and the machine's bash for the scripts. */
export async function layDefinitions({ root }: ContainerPlace): Promise<void> {
  await layBash(root);
  const archetype = source(root, ARCHETYPE);
  for (let i = 0; i < ONESHOTS; i++) {
    const script = `/${PROFILES}/${ARCHETYPE}/s6-overlay/s6-rc.d/init-${i}/run`;
    await lay(`${archetype}/init-${i}`, {
      "type": "oneshot\n",
      "up": i < SCRIPTS ? `${script}\n` : `${CLOCK} nothing x\n`,
      ...(i < SCRIPTS ? { "run": "#!/command/with-contenv bash\nX=$PATH\n" } : {}),
      ...needs(i === 0 ? undefined : `init-${i - 1}`),
    });
  }
  for (let i = 0; i < LONGRUNS; i++) {
    await lay(`${archetype}/svc-${i}`, {
      "type": "longrun\n",
      "run": `#!/command/with-contenv bash\nexec ${CLOCK} service x\n`,
      ...needs(`init-${ONESHOTS - 1}`),
    });
  }
  await lay(`${archetype}/user`, {
    ...Object.fromEntries(
      Array.from({ length: LONGRUNS }, (_, i) => [`contents.d/svc-${i}`, ""]),
    ),
    "type": "bundle\n",
  });
  const chain = source(root, CHAIN);
  for (let i = 0; i < CHAIN_LENGTH; i++) {
    await lay(`${chain}/link-${i}`, {
      "type": "oneshot\n",
      "up": `${CLOCK} nothing x\n`,
      ...needs(i === 0 ? undefined : `link-${i - 1}`),
    });
  }
  await lay(`${chain}/user`, {
    "type": "bundle\n",
    [`contents.d/link-${CHAIN_LENGTH - 1}`]: "",
  });
  const many = source(root, MANY);
  const run = `#!${CLOCK} service\n`;
  for (let i = 0; i < MANY_COUNT; i++) {
    await lay(`${many}/svc-${i}`, { "type": "longrun\n", run });
    await lay(`${root}/${PROFILES}/${MANY_PLAIN}/services.d/svc-${i}`, { run });
    await lay(`${many}/user`, { "type": "bundle\n", [`contents.d/svc-${i}`]: "" });
  }
}

async function layBash(root: string): Promise<void> {
  const { stdout } = await new Deno.Command("ldd", { args: ["/bin/bash"] }).output();
  const libraries = [...new TextDecoder().decode(stdout).matchAll(/(\/\S+) \(0x/g)].map((match) =>
    match[1]!
  );
  for (const path of ["/bin/bash", ...libraries]) {
    await Deno.mkdir(`${root}${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
    await Deno.copyFile(path, `${root}${path}`);
  }
}
