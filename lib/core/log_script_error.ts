/** A logging script that can't be run: a fault of the command line, exit code 100. Pure. */
export class LogScriptError extends SyntaxError {
  override readonly name = "LogScriptError";
}
