/** `output_to`: one service's standard output is another one's standard input. Pure. */
import { suggestion } from "../../core/text/edit_distance.ts";
import type { FileFindings } from "./file_findings.ts";
import { isOneshot, type ServiceEntry } from "./service_keys.ts";

/** The files of a definition at either end of a pipe. */
export function pipeFiles(
  entry: ServiceEntry,
  entries: readonly ServiceEntry[],
  findings: FileFindings,
): Record<string, string> {
  const files: Record<string, string> = {};
  const target = outputOf(entry);
  if (target !== undefined) {
    const other = entries.find(({ name }) => name === target.value);
    const fault = other === undefined
      ? `no such service: ${target.value}${
        suggestion(target.value, entries.map(({ name }) => name))
      }`
      : faultOf(entry, other);
    if (fault !== undefined) findings.error(target.place, fault);
    else files["producer-for"] = target.value;
  }
  const producers = entries.filter((other) => outputOf(other)?.value === entry.name);
  if (producers.length > 0) files["consumer-for"] = producers.map(({ name }) => name).join("\n");
  return files;
}

function outputOf(
  { value }: ServiceEntry,
): { value: string; place: ServiceEntry["place"] } | undefined {
  return value["x-hexad"]?.value.output_to;
}

function faultOf(entry: ServiceEntry, other: ServiceEntry): string | undefined {
  if (other.name === entry.name) return "its output can't be its own input";
  if (entry.value.logging !== undefined) {
    return "its output goes to one place: logging or output_to";
  }
  const isScaled = ({ value }: ServiceEntry): boolean =>
    value.scale !== undefined || value.deploy?.value.replicas !== undefined;
  if (isScaled(entry) || isScaled(other)) return "a scaled service can't be at an end of a pipe";
  if (isOneshot(other.value)) {
    return `${other.name} is a oneshot, and reads no output of services`;
  }
  return undefined;
}
