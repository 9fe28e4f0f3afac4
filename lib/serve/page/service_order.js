/** In which order services are shown, and which of them. Pure. */
import { stateWord } from "./service_words.js";

/** @typedef {import("./service_words.js").Service} Service */
/** @typedef {"well" | "name" | "state" | "since" | "restarts" | "memory" | "cpu"} Sort */

/** What somebody should look at comes first. */
const STATES = [
  "failed",
  "unknown",
  "not supervised",
  "backing off",
  "finishing",
  "up",
  "ready",
  "down",
];

/**
 * Services of one place stay in the order of their names.
 *
 * @param {readonly Service[]} services
 * @param {Sort} sort `well`: those that are not well first
 * @param {(service: Service) => number} share The present share of a processor, -1 if unknown
 * @returns {Service[]}
 */
export function sorted(services, sort, share) {
  /** @type {Readonly<Record<Sort, (service: Service) => number>>} */
  const places = {
    well: ({ well }) => Number(well),
    name: () => 0,
    state: ({ well, state }) => (well ? 10 : 0) + STATES.indexOf(state),
    since: ({ since }) => since === null ? 0 : -Date.parse(since),
    restarts: ({ restarts }) => -(restarts ?? -1),
    memory: ({ memory }) => -(memory?.bytes ?? -1),
    cpu: (service) => -share(service),
  };
  const place = places[sort];
  return services.toSorted((a, b) => place(a) - place(b));
}

/**
 * @param {readonly Service[]} services
 * @param {object} choice
 * @param {string} choice.text In the name or the state
 * @param {boolean} choice.unwell Only what is not well
 * @param {boolean} choice.loggers Also loggers that are well
 * @returns {Service[]}
 */
export function chosen(services, { text, unwell, loggers }) {
  const wanted = text.trim().toLowerCase();
  return services.filter((service) =>
    (loggers || !service.logger || !service.well) && (!unwell || !service.well) &&
    (service.name.toLowerCase().includes(wanted) || stateWord(service).includes(wanted))
  );
}
