/** emptyenv and envfile. Source: execline, doc/emptyenv.html, doc/envfile.html. */
import { ChainEnvironment } from "./core/chain_environment.ts";
import { EnvfileError, parseEnvfile } from "./core/envfile.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { checked } from "../libc/bind.ts";
import { close } from "../libc/file.ts";
import { needWords } from "./arguments.ts";
import { POSITIONAL_STARTS } from "./execlineb.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure, NeedsProcess } from "./link_failure.ts";
import { openToRead, readToEnd } from "./script_file.ts";
import { fstat, isRegular } from "../libc/stat.ts";

const EXIT_SYNTAX = 1;

/**
 * Variables of execline's own that -c removes: `!`, `?`, `#`, `0`, positional parameters, options,
 * reserved descriptors.
 */
const OWN_VARIABLE = /^(?:ELGETOPT_.*|(?:FD[0-9]+|[1-9][0-9]*)(?==))/s;

/** emptyenv [ -p | -l | -c | -o | -P ] prog... */
export const emptyenv: Link = {
  nature: "state",
  run({ state, flag, words }): LinkResult {
    needWords(words, 1, "a program is");
    const { env } = state;
    if (flag("c")) {
      env.change([
        ...["!", "?", "#", "0", "EXECLINE_STRICT", ...ownVariables(env)].map((name) =>
          [name, undefined] as const
        ),
      ]);
    } else if (flag("o") || flag("P")) {
      state.env = env.pop([
        ...(flag("P") ? POSITIONAL_STARTS : []),
        ...(flag("o") ? ["ELGETOPT_"] : []),
      ]);
    } else {
      const kept = [
        ...(flag("p") ? ["PATH="] : []),
        ...(flag("l") ? ["LD_LIBRARY_PATH="] : []),
      ];
      const strings = env.strings.filter((string, i) => {
        const start = kept.find((name) => string.startsWith(name));
        return start !== undefined &&
          env.strings.findIndex((other) => other.startsWith(start)) === i;
      });
      state.env = new ChainEnvironment(strings);
    }
    return goOn(words);
  },
};

function ownVariables(env: ChainEnvironment): string[] {
  return env.strings.filter((string) => OWN_VARIABLE.test(string) && string.includes("=")).map((
    string,
  ) => string.slice(0, string.indexOf("=")));
}

/** envfile [ -i | -I ] file prog... */
export const envfile: Link = {
  nature: "state",
  run(call): LinkResult {
    needWords(call.words, 2, "a file and a program are");
    const file = call.words.first!;
    const bytes = readEnvfile(call, file);
    try {
      if (bytes !== undefined) call.state.env.change(parseEnvfile(bytes));
    } catch (error) {
      if (error instanceof EnvfileError) {
        throw new LinkFailure(EXIT_SYNTAX, `in ${file}: syntax error line ${error.line}`);
      }
      throw error;
    }
    return goOn(call.words.slice(1));
  },
};

/** The bytes of the file; undefined if there is none and that is allowed. */
function readEnvfile({ state, last }: Call, file: string): Uint8Array | undefined {
  if (file === "-") {
    const stdin = state.fd(0);
    if (state.mustNotWait && stdin !== -1 && !isRegular(fstat(stdin).mode)) {
      throw new NeedsProcess();
    }
    const bytes = readToEnd(stdin, "from standard input");
    state.fds.close(0);
    return bytes;
  }
  const fd = openToRead(state, file);
  if (fd === -ENOENT && last("i", "I") === "I") return undefined;
  checked(`open ${file}`, fd);
  try {
    return readToEnd(fd, `from ${file}`);
  } finally {
    close(fd);
  }
}
