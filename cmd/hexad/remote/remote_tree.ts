/** The tree that `--url` means, and how a command ends that can't ask it. */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import type { SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { tokenOf } from "../../../lib/core/text/bearer_token.ts";
import { decodePath } from "../../../lib/core/text/path_bytes.ts";
import { readSmallFile } from "../../../lib/libc/small_file.ts";
import { parseServerUrl } from "../../../lib/remote/core/server_url.ts";
import { RemoteError, RemoteTree } from "../../../lib/remote/served_tree.ts";
import { type Context, Failure } from "../../context.ts";
import type { Arguments } from "../arguments.ts";
import { TOKEN_VARIABLE, type UrlOption } from "./url_options.ts";

const MAX_TOKEN_FILE = 4096;

/** @throws {UsageError | Failure} If the options make no sense. */
export function remoteTree(
  context: Context,
  { value }: Arguments<UrlOption | typeof SCANDIR_OPTION>,
): RemoteTree {
  const [text, file] = [value("url"), value("token-file")];
  if (value("scandir") !== undefined) {
    throw new UsageError("--scandir and --url exclude each other");
  }
  if (text === undefined) throw new UsageError("--token-file needs --url");
  const url = parseServerUrl(text);
  if (url === undefined) {
    throw new UsageError(`no URL: ${text} (http://HOST:PORT, https://HOST:PORT, unix:/PATH)`);
  }
  const token = file === undefined ? context.env.get(TOKEN_VARIABLE) : tokenIn(file);
  return new RemoteTree(url, token === "" ? undefined : token);
}

/** @throws {SyscallError} If it can't be read. */
function tokenIn(file: string): string {
  const bytes = readSmallFile(file, MAX_TOKEN_FILE);
  const token = bytes === undefined ? undefined : tokenOf(decodePath(bytes));
  if (token === undefined) throw new Failure(EXIT_USAGE, `${file} holds no token`);
  return token;
}

/** Does it, and ends the command with one line if the tree can't be asked. */
export async function asking<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw new Failure(error.isAbsent ? EXIT_USAGE : EXIT_SYSTEM, error.message);
  }
}
