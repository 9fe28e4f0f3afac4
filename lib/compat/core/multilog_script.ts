/**
 * What the actions of multilog's command line mean to a logger: each acts on the lines that the
 * selections before it have left. Source: daemontools, multilog(8). Pure.
 */
import { LOG_CONTROL_START, type LogdirSettings } from "../../logdir/core/log_control.ts";
import type { LogScript, Selection, Stanza } from "../../logdir/core/log_script.ts";
import { oldPattern, patternBehindStamp } from "./old_pattern.ts";

const SMALLEST = 4096;
const LARGEST = 16_777_215;
const USUAL_FILES = 10;
const FEWEST_FILES = 2;
const ALERT_BYTES = 200;
const STATUS_BYTES = 1001;

/** Words that are no actions have no effect; they are in the warnings. */
export function multilogScript(words: readonly string[]): LogScript {
  const stanzas: Stanza[] = [];
  const logdirs: LogdirSettings[] = [];
  /** Since the last action; what they leave stays so for later ones. */
  let selections: Selection[] = [];
  const warnings: string[] = [];
  const stamps = words[0]?.startsWith("t") === true;
  let settings: Omit<LogdirSettings, "path"> = {
    ...LOG_CONTROL_START.logdir,
    archivesMax: USUAL_FILES - 1,
  };
  const act = (action: Stanza["actions"][number]): void => {
    stanzas.push({ selections, actions: [action] });
    selections = [];
  };
  const form = { tai64n: stamps, local: false, prefix: "" };
  for (const [at, word] of words.entries()) {
    const rest = word.slice(1);
    switch (word[0]) {
      case "t":
        if (at > 0) warnings.push(`t must come first: ${word} has no effect`);
        break;
      case "+":
      case "-":
        selections.push({
          kind: word[0],
          pattern: stamps ? patternBehindStamp(rest) : oldPattern(rest, { plus: false }),
        });
        break;
      case "s":
        settings = {
          ...settings,
          sizeBytes: Math.min(Math.max(leadingNumber(rest), SMALLEST), LARGEST),
        };
        break;
      case "n":
        // current is one of them
        settings = { ...settings, archivesMax: Math.max(leadingNumber(rest), FEWEST_FILES) - 1 };
        break;
      case "!":
        settings = withProcessor(settings, rest);
        break;
      case "e":
        act({ ...form, kind: "alert", sizeBytes: ALERT_BYTES });
        break;
      case "=":
        act({ ...form, kind: "status", file: rest, sizeBytes: STATUS_BYTES });
        break;
      case ".":
      case "/":
        logdirs.push({ path: word, ...settings });
        act({ ...form, kind: "logdir", index: logdirs.length - 1 });
        break;
      default:
        warnings.push(`no action: ${word} (going on without it)`);
    }
  }
  return { stanzas, logdirs, warnings, needsTai64n: stamps, needsLocal: false };
}

/** With a processor for later log directories; none if the command is empty. */
export function withProcessor<T extends Omit<LogdirSettings, "path">>(
  { processor: _, ...settings }: T,
  command: string,
): Omit<T, "processor"> & Pick<LogdirSettings, "processor"> {
  return command === "" ? settings : { ...settings, processor: { command, shell: true } };
}

/** The digits in front; 0 if there are none. */
function leadingNumber(text: string): number {
  return Number(/^[0-9]*/.exec(text)![0]);
}
