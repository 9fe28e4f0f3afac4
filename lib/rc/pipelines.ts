/**
 * The pipes of pipelines and funnels: one for each consumer. The supervising process keeps both
 * ends open as long as it knows the consumer, so that restarting a member loses nothing.
 * Source: contract 8.
 */
import { type Pipe, pipe } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import type { Stdio } from "../supervise/port.ts";
import type { RcDatabase, Service } from "./core/database.ts";

export class Pipelines {
  readonly #pipes = new Map<string, Pipe>();

  /**
   * Makes the pipes of all consumers. @throws {SyscallError} If there are no descriptors left; the
   * pipes made here are closed again then.
   */
  open({ services }: RcDatabase): void {
    const made: string[] = [];
    try {
      for (const service of services) {
        if (!isConsumer(service) || this.#pipes.has(service.name)) continue;
        this.#pipes.set(service.name, pipe());
        made.push(service.name);
      }
    } catch (error) {
      for (const name of made) this.#close(name);
      throw error;
    }
  }

  /**
   * Switches to another database. Pipes keep their contents under the consumer's new name; those
   * whose consumer has gone are closed.
   */
  rename(newNames: ReadonlyMap<string, string>, { services }: RcDatabase): void {
    const pipes = [...this.#pipes];
    const wanted = new Set(services.filter(isConsumer).map(({ name }) => name));
    this.#pipes.clear();
    for (const [name, ends] of pipes) this.#pipes.set(newNames.get(name) ?? name, ends);
    for (const name of [...this.#pipes.keys()]) if (!wanted.has(name)) this.#close(name);
  }

  /**
   * The standard input and output of a member of a pipeline; undefined if the service is not in
   * one.
   */
  stdioOf(service: Service, { services }: RcDatabase): Stdio | undefined {
    if (service.type !== "longrun") return undefined;
    const consumer = service.consumer === undefined ? undefined : services[service.consumer]!.name;
    const stdin = isConsumer(service) ? this.#pipes.get(service.name)?.readFd : undefined;
    const stdout = consumer === undefined ? undefined : this.#pipes.get(consumer)?.writeFd;
    return stdin === undefined && stdout === undefined ? undefined : { stdin, stdout };
  }

  closeAll(): void {
    for (const name of [...this.#pipes.keys()]) this.#close(name);
  }

  #close(name: string): void {
    const ends = this.#pipes.get(name);
    this.#pipes.delete(name);
    if (ends === undefined) return;
    close(ends.readFd);
    close(ends.writeFd);
  }
}

function isConsumer(service: Service): boolean {
  return service.type === "longrun" && service.producers.length > 0;
}
