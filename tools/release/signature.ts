/** Signs a file with minisign, if there is a key. */
import { run } from "../command.ts";
import { Fatal, reasonOf } from "../fatal.ts";

/** The package that it needs. */
export const MINISIGN = { name: "minisign", command: "minisign" };

/** The variables of the secret key. */
export const KEY_VARIABLES = {
  /** A file with the key. */
  file: "MINISIGN_KEY_FILE",
  /** The key's text, for CI systems that keep secrets in variables. */
  text: "MINISIGN_KEY",
  /** Absent for a key without one. */
  password: "MINISIGN_PASSWORD",
} as const;

export interface SigningKey {
  readonly path: string;
  readonly password: string;
}

/**
 * Lets `use` sign with the key that the variables name; undefined if they name none. A key that was
 * given as a text is in a file of ours only meanwhile.
 * @throws {Fatal} If both name one, or the file can't be read.
 */
export async function withSigningKey(
  variable: (name: string) => string | undefined,
  use: (key: SigningKey | undefined) => Promise<void>,
): Promise<void> {
  const [file, text] = [variable(KEY_VARIABLES.file) || "", variable(KEY_VARIABLES.text) || ""];
  const password = variable(KEY_VARIABLES.password) ?? "";
  if (file !== "" && text !== "") {
    throw new Fatal(`${KEY_VARIABLES.file} and ${KEY_VARIABLES.text} are both set`);
  }
  if (file !== "") {
    await Deno.stat(file).catch((error) => {
      throw new Fatal(`unable to read ${KEY_VARIABLES.file}: ${reasonOf(error)}`);
    });
    return await use({ path: file, password });
  }
  if (text === "") return await use(undefined);
  const path = await Deno.makeTempFile(); // only its owner may read it
  try {
    await Deno.writeTextFile(path, `${text.trimEnd()}\n`);
    await use({ path, password });
  } finally {
    await Deno.remove(path);
  }
}

/**
 * Writes `path`.minisig. The same file and comment give the same bytes.
 * @param comment What the signature covers too: what the file is
 */
export async function sign(path: string, key: SigningKey, comment: string): Promise<void> {
  const words = ["-S", "-s", key.path, "-m", path, "-c", "signed by minisign", "-t", comment];
  await run("minisign", words, { doing: "sign", stdin: `${key.password}\n` });
}
