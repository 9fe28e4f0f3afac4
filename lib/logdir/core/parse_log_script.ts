/**
 * Reading a logging script, directive by directive. C forgets after each action that a processor is
 * to be run by the shell; here that stays with the processor. Source: s6, doc/s6-log.html;
 * daemontools-extras/s6-log.c, script_firstpass and script_secondpass. Pure.
 */
import { LOG_CONTROL_START, LogScriptError } from "./log_control.ts";
import { directiveOf, endStanza, type ScriptDraft } from "./log_directives.ts";
import type { LogScript, LogScriptOptions } from "./log_script.ts";

/**
 * Reads a whole script.
 *
 * @throws {LogScriptError} If C's s6-log would exit 100 over it, or die of a status file's size; of
 *   a number or a regular expression even behind the last action.
 */
export function parseLogScript(
  words: readonly string[],
  options: LogScriptOptions = {},
): LogScript {
  const directives = words.map(directiveOf);
  const lastAction = directives.findLastIndex(({ isAction }) => isAction);
  if (lastAction === -1) throw new LogScriptError("no action directive specified");
  const draft: ScriptDraft = {
    stanzas: [],
    logdirs: [],
    selections: [],
    actions: [],
    control: LOG_CONTROL_START,
    stamps: { tai64n: false, local: false },
  };
  for (const [i, word] of words.entries()) directives[i]!.read(draft, word, options);
  endStanza(draft);
  const { stanzas, logdirs } = draft;
  const actions = stanzas.flatMap((stanza) => stanza.actions);
  const extra = words.slice(lastAction + 1);
  return {
    stanzas,
    logdirs,
    warnings: extra.length === 0
      ? []
      : [`ignoring extraneous non-action directives: ${extra.join(" ")}`],
    needsTai64n: actions.some((action) => action.tai64n),
    needsLocal: actions.some((action) => action.local),
  };
}
