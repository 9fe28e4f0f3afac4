/**
 * The tree that is served: what clients ask for, looked up when they ask. A look at all services
 * takes its time, so those who ask soon after each other are answered out of the same one.
 */
import { monotonicMs } from "../libc/clock.ts";
import { SyscallError } from "../libc/bind.ts";
import { MetricsSource } from "../metrics/metrics_source.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import type { StatusOverview } from "../status/core/status_document.ts";
import { chooseOneshots } from "../tree/choose_oneshots.ts";
import { Sampler } from "../tree/sampler.ts";
import { isBooting, listServices } from "../tree/services.ts";
import { overviewOf } from "../tree/status_overview.ts";
import { Problem } from "./core/problem.ts";

/** Looking takes at most this part of the time, however many ask. */
const SHARE = 4;

export class ServedTree {
  readonly scandir: string;
  readonly metrics: MetricsSource;
  readonly #sampler = new Sampler();
  #last: { readonly overview: StatusOverview; readonly untilMs: number } | undefined;

  constructor(scandir: string) {
    this.scandir = scandir;
    this.metrics = new MetricsSource({ scandir, services: () => this.services() });
  }

  /** All services. @throws {Problem} 503 if the scan directory can't be read. */
  services(): NamedService[] {
    try {
      return listServices(this.scandir);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      throw new Problem(503, `unable to list the services of ${this.scandir}: ${error.reason}`);
    }
  }

  /** The service of that name. @throws {Problem} 404 if there is none. */
  service(name: string): NamedService {
    const found = this.services().find((service) => service.name === name);
    if (found === undefined) throw noService(name);
    return found;
  }

  /** A look at all of them, not older than a few looks take. */
  overview(): StatusOverview {
    const beginMs = monotonicMs();
    if (this.#last !== undefined && beginMs < this.#last.untilMs) return this.#last.overview;
    const booting = isBooting(this.scandir); // before the list, which is complete if it says no
    const services = this.services();
    const chosen = chooseOneshots(this.scandir, services, []);
    const reports = this.#sampler.look(services);
    const overview = overviewOf({ ...chosen, scandir: this.scandir, booting }, reports);
    const endMs = monotonicMs();
    this.#last = { overview, untilMs: endMs + SHARE * (endMs - beginMs) };
    return overview;
  }

  /** Something has happened: the last look is out of date. */
  forget(): void {
    this.#last = undefined;
  }

  /** The same of one service or oneshot. @throws {Problem} 404 if there is none. */
  overviewOf(name: string): StatusOverview {
    const all = this.overview();
    const reports = all.reports.filter(({ facts }) => facts.name === name);
    const oneshots = reports.length > 0 ? [] : this.#oneshot(name);
    if (reports.length + oneshots.length === 0) throw noService(name);
    return { ...all, booting: false, reports, oneshots, leftOut: [] };
  }

  /** Those that are not shown among all are found by their name too. */
  #oneshot(name: string): StatusOverview["oneshots"] {
    const { oneshots } = chooseOneshots(this.scandir, this.services(), [name]);
    return overviewOf({ oneshots, leftOut: [], scandir: this.scandir, booting: false }, [])
      .oneshots;
  }
}

function noService(name: string): Problem {
  return new Problem(404, `there is no service ${name}`);
}
