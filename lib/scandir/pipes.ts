/**
 * The pipes that services write to: each leads to the service's logger, or to a log of its output.
 * Both ends are kept open, so that a restart of either side loses nothing.
 */
import type { OutputLog, ScandirPort } from "./port.ts";
import type { Service } from "./service.ts";

/** A pipe whose lines come out as those of a service of a certain name. */
export interface NamedOutput {
  readonly writeFd: number;
  /** Closes our end. Others may have copies of it; what they write is still read. */
  end(): void;
}

export class Pipes {
  readonly #port: ScandirPort;
  readonly #onOutputEnd: () => void;
  /** Output logs that have not ended. */
  readonly #outputs = new Set<OutputLog>();

  /**
   * @param onOutputEnd Called when an output log of a service that has gone has written everything
   */
  constructor(port: ScandirPort, onOutputEnd: () => void) {
    this.#port = port;
    this.#onOutputEnd = onOutputEnd;
  }

  /** Whether an output log is still running. */
  get hasOutputs(): boolean {
    return this.#outputs.size > 0;
  }

  /**
   * Gives a logger and its producer the ends of a pipe, unless they have them. @throws
   * {SyscallError} If there are no descriptors left.
   */
  connect(logger: Service, producer: Service): void {
    if (logger.pipeFd !== undefined) return;
    const { readFd, writeFd } = this.#port.formerPipe(producer.name, logger.name) ??
      this.#port.pipe();
    try {
      this.letGo(producer);
    } finally {
      logger.pipeFd = readFd;
      producer.pipeFd = writeFd;
    }
  }

  /**
   * Gives a service without a logger a pipe to an output log, unless it has one. @throws
   * {SyscallError} As `connect`.
   */
  nameOutput(service: Service): void {
    if (service.isLogger || service.isSpecial || service.output !== undefined) return;
    const { output, writeFd } = this.#begin(service.name);
    service.pipeFd = writeFd;
    service.output = output;
  }

  /** For somebody who is no service of the scan directory. @throws {SyscallError} As `connect`. */
  open(name: string): NamedOutput {
    const { output, writeFd } = this.#begin(name);
    const end = (): void => {
      this.#port.close(writeFd);
      output.end();
    };
    return { writeFd, end };
  }

  #begin(name: string): { readonly output: OutputLog; readonly writeFd: number } {
    const { readFd, writeFd } = this.#port.formerPipe(name) ?? this.#port.pipe();
    try {
      const output: OutputLog = this.#port.logOutput(name, readFd, () => {
        this.#outputs.delete(output);
        this.#onOutputEnd();
      });
      this.#outputs.add(output);
      return { output, writeFd };
    } catch (error) {
      for (const fd of [readFd, writeFd]) this.#port.close(fd);
      throw error;
    }
  }

  /** Closes a service's end of its pipe. Its output log, if any, then ends. */
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
