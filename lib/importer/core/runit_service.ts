/**
 * Turns a service directory of runit into one for s6. Most of it is the same. The differences:
 * chpst and svlogd are programs of runit, finish gets -1 for a death by signal, and control/ and
 * check belong to sv. Source: runit, runsv(8), chpst(8), svlogd(8), sv(8). Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";
import type { Notes } from "./import_notes.ts";
import { translateChpst } from "./runit_chpst.ts";
import type { RunitSource } from "./runit_source.ts";
import { callsSvlogd, translateSvlogd } from "./runit_svlogd.ts";
import type { PlannedFile } from "./service_plan.ts";

const SHELL = /^#!\s*\S*\/(?:env\s+)?(?:ba|da|a|k|z)?sh\b/;
/** Files that runsv makes, and that our supervisor makes itself. */
const MADE = /^(?:log\/)?supervise(?:\/|$)/;

/** The files of the service. Adds notes for whatever is not carried over. */
export function importRunit(source: RunitSource, notes: Notes): PlannedFile[] {
  const files: PlannedFile[] = [];
  const hasCheck = source.files.has("check");
  for (const [path, file] of source.files) {
    const place = { file: `${source.path}/${path}`, line: 1 };
    if (MADE.test(path)) continue;
    if (file.text === undefined) {
      notes.add(
        place,
        "it is no text file of ordinary size, or too deep in it, and was not copied",
      );
      continue;
    }
    if (/^(?:log\/)?control\//.test(path)) {
      notes.add(place, `s6 runs no script when a command is sent; ${controlCure(path)}`);
    } else if (path === "run") {
      const text = translateSvlogd(file.text, { source, notes, file: place.file }) ??
        scriptText(file.text, place.file, notes);
      if (!hasCheck) files.push(program("run", text));
      else {files.push(
          program("data/run", text),
          program("run", "#!/bin/sh -e\nexec s6-notifyoncheck -w 500 -n 0 ./data/run\n"),
        );}
    } else if (path === "check") {
      files.push(program("data/check", scriptText(file.text, place.file, notes)), {
        path: "notification-fd",
        text: "3\n",
        executable: false,
      });
    } else if (path === "log/run") {
      files.push(
        program(
          "log/run",
          translateSvlogd(file.text, { source, notes, file: place.file }) ??
            scriptText(file.text, place.file, notes),
        ),
      );
    } else if (path === "finish" || path === "log/finish") {
      files.push(program(path, finishText(file.text, place.file, notes)));
    } else if (path === "log/check") {
      notes.add(place, "a logger tells readiness by itself: s6-log -d 3 and a notification-fd");
    } else if (
      /^log\/.+\/config$/.test(path) && !callsSvlogd(source.files.get("log/run")?.text ?? "")
    ) {
      notes.add(place, "it is of svlogd, which log/run does not start in a way that is understood");
    } else if (!/^log\/(?:.*\/)?(?:config|current|lock|state|@.*)$/.test(path)) {
      files.push({ path, text: file.text, executable: file.executable });
    }
  }
  return files;
}

function program(path: string, text: string): PlannedFile {
  return { path, text, executable: true };
}

function controlCure(path: string): string {
  const letter = lastComponent(path);
  if (letter === "t" || letter === "d") {
    return "if it sends another signal, name that in down-signal";
  }
  if (letter === "h") return "if it sends another signal, name that in reload-signal";
  return letter === "x" ? "run what it does before s6-svc -x" : "run what it does yourself";
}

function scriptText(text: string, file: string, notes: Notes): string {
  if (!SHELL.test(text)) {
    if (/\b(?:chpst|svlogd)\b/.test(text)) {
      notes.add(
        { file, line: lineOf(text, /\b(?:chpst|svlogd)\b/) },
        "it needs a program of runit, in a language that is not translated",
      );
    }
    return text;
  }
  const translated = translateChpst(text, file, notes);
  for (const [at, line] of translated.split("\n").entries()) {
    const name = /^(?!\s*#).*?\b(svlogd|sv (?=up|down|once|check|start|stop|restart|status|u |d ))/
      .exec(line)?.[1]?.trim();
    if (name === "svlogd") {
      notes.add(
        { file, line: at + 1 },
        "svlogd in a way that is not understood; write s6-log, or have runit's svlogd in the image",
      );
    } else if (name === "sv") {
      notes.add(
        { file, line: at + 1 },
        "sv looks for services of runit; hexad start, stop and s6-svwait do what it does",
      );
    }
  }
  return translated;
}

/** Replaces runit's -1 with s6's 256. */
function finishText(text: string, file: string, notes: Notes): string {
  if (!/\$\{?[12@*]|"\$@"/.test(text)) return scriptText(text, file, notes);
  if (!SHELL.test(text)) {
    notes.add(
      { file, line: 1 },
      "for a death by signal its first argument is 256 and not -1, and the second is the signal",
    );
    return text;
  }
  const end = text.indexOf("\n");
  const shim =
    '# runit says -1 for a death by signal, s6 says 256\nif test "$1" = 256; then shift; set -- -1 "$@"; fi\n';
  return scriptText(`${text.slice(0, end + 1)}${shim}${text.slice(end + 1)}`, file, notes);
}

export function lineOf(text: string, pattern: RegExp): number {
  const at = text.search(pattern);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}
