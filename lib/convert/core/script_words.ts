/** A script as the words of a command. Pure. */
import { lastComponent } from "../../core/text/path_name.ts";

const SHELLS: ReadonlySet<string> = new Set(["sh", "ash", "bash", "dash", "ksh", "mksh", "zsh"]);

/**
 * The words that run a script of a shell or of execline without its file; undefined for another
 * language. @param name What `$0` is.
 */
export function scriptWords(text: string, name: string): string[] | undefined {
  const shebang = /^#!\s*(\S+)(?:[ \t]+(\S.*?))?[ \t]*\n/.exec(text);
  if (shebang === null) return undefined;
  const [line, program = "", option] = shebang;
  const isEnv = lastComponent(program) === "env";
  const interpreter = isEnv ? option ?? "" : program;
  const options = isEnv || option === undefined ? [] : [option];
  const language = lastComponent(interpreter);
  const rest = text.slice(line.length);
  if (SHELLS.has(language)) return [interpreter, ...options, "-c", rest, name];
  return language === "execlineb" ? [interpreter, ...options, "-c", rest] : undefined;
}
