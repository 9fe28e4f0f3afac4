/**
 * A database as the file `hexad-rc` of a compiled folder: JSON, with the number of its format.
 *
 * C's own files (`n`, `db`, `resolve.cdb`) have no version and no reader outside s6-rc, so hexad
 * neither writes nor reads them. Fields may be added to this format; a reader refuses a file with a
 * higher format number. Pure.
 */
import type { RcDatabase, Service } from "./database.ts";

export const COMPILED_FILE = "hexad-rc";
/** One that every database of C's s6-rc-compile has. */
export const C_COMPILED_FILE = "resolve.cdb";
export const COMPILED_FORMAT = 1;
/** A database of 2000 services takes about 1 MB. */
export const COMPILED_LIMIT = 64 << 20;

interface Document {
  readonly format: number;
  readonly services: readonly Service[];
  readonly bundles: readonly (readonly [string, readonly number[]])[];
}

export function encodeDatabase({ services, bundles }: RcDatabase): string {
  const document: Document = { format: COMPILED_FORMAT, services, bundles: [...bundles] };
  return `${JSON.stringify(document)}\n`;
}

/**
 * @throws {SyntaxError} If the text is not a database of this format; the message is for the user.
 */
export function decodeDatabase(text: string): RcDatabase {
  const document = parse(text);
  if (document.format !== COMPILED_FORMAT) {
    throw new SyntaxError(
      `it has format ${
        JSON.stringify(document.format)
      }, and this is hexad's format ${COMPILED_FORMAT}: compile it again`,
    );
  }
  const { services, bundles } = document;
  if (!Array.isArray(services) || !Array.isArray(bundles) || services.length < 2) {
    throw new SyntaxError("it lacks services or bundles");
  }
  const isNumber = (on: unknown): boolean =>
    Number.isInteger(on) && Number(on) >= 0 && Number(on) < services.length;
  for (const [at, service] of services.entries()) checkService(service, at, isNumber);
  for (const bundle of bundles) {
    if (
      !Array.isArray(bundle) || typeof bundle[0] !== "string" || !Array.isArray(bundle[1]) ||
      !bundle[1].every(isNumber)
    ) {
      throw new SyntaxError("a bundle in it is none");
    }
  }
  const longrunCount = services.filter(({ type }) => type === "longrun").length;
  return {
    services: services.map(restored),
    longrunCount,
    oneshotCount: services.length - longrunCount,
    bundles: new Map(bundles),
  };
}

function parse(text: string): Document {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError("it is no JSON");
  }
  if (typeof value !== "object" || value === null) throw new SyntaxError("it is no JSON object");
  return value as Document;
}

const LISTS = ["dependants", "wants", "after", "restartsWith"] as const;
const WORDS = ["up", "down", "reload"] as const;

/**
 * Checks only what could send a reader out of its arrays. Anyone who can write the file is trusted
 * with the rest.
 */
function checkService(service: Service, at: number, isNumber: (on: unknown) => boolean): void {
  const wrong = (what: string): SyntaxError =>
    new SyntaxError(`service ${at} in it has no sound ${what}`);
  if (typeof service !== "object" || service === null) throw wrong("record");
  if (service.number !== at || typeof service.name !== "string") throw wrong("number or name");
  if (service.type !== "longrun" && service.type !== "oneshot") throw wrong("type");
  for (const list of LISTS) {
    if (!Array.isArray(service[list]) || !service[list].every(isNumber)) throw wrong(list);
  }
  if (
    !Array.isArray(service.dependencies) ||
    !service.dependencies.every((each) => isNumber(each?.on))
  ) throw wrong("dependencies");
  if (!Array.isArray(service.conditions)) throw wrong("conditions");
  if (service.type === "oneshot") {
    for (const words of WORDS) if (!Array.isArray(service[words])) throw wrong(words);
  } else if (!Array.isArray(service.producers) || !service.producers.every(isNumber)) {
    throw wrong("producers");
  }
}

/** Restores undefined fields, which JSON leaves out. */
function restored(service: Service): Service {
  return service.type === "oneshot"
    ? service
    : { ...service, probe: service.probe, consumer: service.consumer };
}
