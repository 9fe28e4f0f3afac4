/**
 * The pipes that services write into: each leads to the service's logger, or to a log of its
 * output. Both ends are kept open, so that a restart of either side loses nothing.
 */
import type { OutputLog, ScandirPort } from "./port.ts";
import type { Service } from "./service.ts";

export class Pipes {
  readonly #port: ScandirPort;
  readonly #onOutputEnd: () => void;
  /** Logs of output that have not ended. */
  readonly #outputs = new Set<OutputLog>();

  /** @param onOutputEnd Called when a log of output that was let go has written all. */
  constructor(port: ScandirPort, onOutputEnd: () => void) {
    this.#port = port;
    this.#onOutputEnd = onOutputEnd;
  }

  /** Is any log of output still there? */
  get hasOutputs(): boolean {
    return this.#outputs.size > 0;
  }

  /**
   * Gives a logger and its producer the ends of a pipe, unless they have them. @throws
   * {SyscallError} If there is no descriptor left.
   */
  connect(logger: Service, producer: Service): void {
    if (logger.pipeFd !== undefined) return;
    const { readFd, writeFd } = this.#port.pipe();
    try {
      this.letGo(producer);
    } finally {
      logger.pipeFd = readFd;
      producer.pipeFd = writeFd;
    }
  }

  /**
   * Gives a service without a logger a pipe to a log of its output, unless it has it. @throws
   * {SyscallError} As `connect`.
   */
  nameOutput(service: Service): void {
    if (service.isLogger || service.isSpecial || service.output !== undefined) return;
    const { readFd, writeFd } = this.#port.pipe();
    try {
      const output: OutputLog = this.#port.logOutput(service.name, readFd, () => {
        this.#outputs.delete(output);
        this.#onOutputEnd();
      });
      service.pipeFd = writeFd;
      service.output = output;
      this.#outputs.add(output);
    } catch (error) {
      for (const fd of [readFd, writeFd]) this.#port.close(fd);
      throw error;
    }
  }

  /** Closes a service's end of its pipe; a log of its output then comes to its end. */
  letGo(service: Service): void {
    const { pipeFd, output } = service;
    service.pipeFd = service.output = undefined;
    try {
      if (pipeFd !== undefined) this.#port.close(pipeFd);
    } finally {
      output?.end();
    }
  }
}
