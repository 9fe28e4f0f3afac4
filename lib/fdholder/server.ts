/**
 * The loop of s6-fdholderd: it holds descriptors for its clients. Source: s6,
 * doc/s6-fdholderd.html, fdholder/s6-fdholderd.c.
 */
import type { Rules } from "../accessrules/rules.ts";
import { tainToUnixMs } from "../core/time/tain.ts";
import { startTimer } from "../fifodir/timer.ts";
import { LimitedListener } from "../files/limited_listener.ts";
import { SyscallError } from "../libc/bind.ts";
import { unixMs, wallclock } from "../libc/clock.ts";
import { Poller } from "../libc/epoll.ts";
import { setNonblocking } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { rightsOfPeer } from "./client_rights.ts";
import { Connection } from "./connection.ts";
import { Store } from "./core/store.ts";

/** A thousand years: a limit so far away means never. */
const FAR_MS = 3.2e13;

export interface HolderOptions {
  readonly listenerFd: number;
  readonly mostFds: number;
  readonly mostClients: number;
  /** A client that keeps us waiting for so long is sent away. Infinity: never. */
  readonly clientMs: number;
  /** So long clients may go on when we are told to end. Infinity: as long as they like. */
  readonly lameDuckMs: number;
  /** Opens the rules: when it begins, and at SIGHUP. */
  openRules(): Rules;
  warn(text: string): void;
}

interface Client {
  readonly connection: Connection;
  isWriting: boolean;
  patience: Disposable | undefined;
}

export class Holder implements Disposable {
  readonly #options: HolderOptions;
  readonly #store: Store;
  readonly #clients = new Set<Client>();
  readonly #poller: Poller;
  readonly #listener: LimitedListener;
  #rules: Rules;
  #expiry: Disposable | undefined;
  #isEnding = false;
  #isOver = false;

  /** @throws {SyscallError} If the rules can't be read. */
  constructor(options: HolderOptions) {
    this.#options = options;
    this.#store = new Store(options.mostFds);
    this.#rules = options.openRules();
    const onMishap = (error: unknown): void => this.#report(error);
    this.#poller = new Poller({ onMishap });
    this.#listener = new LimitedListener({
      poller: this.#poller,
      fd: options.listenerFd,
      mayAccept: () => !this.#isEnding && this.#clients.size < options.mostClients,
      onClient: ({ fd }) => this.#admit(fd),
      onMishap,
    });
  }

  /**
   * Holds until SIGTERM. @param onReady Called as soon as clients are accepted. Returns the exit
   * code: 1 if descriptors were still held, and 2 more if clients had not ended.
   */
  async run(onReady: () => void): Promise<number> {
    Deno.addSignalListener("SIGTERM", () => this.#end());
    Deno.addSignalListener("SIGHUP", () => this.#reopenRules());
    this.#update();
    onReady();
    await this.#poller.run();
    return (this.#store.count > 0 ? 1 : 0) + (this.#clients.size > 0 ? 2 : 0);
  }

  /** Listens while there may be one more client; ends when it is to and nobody is busy. */
  #update(): void {
    if (this.#isEnding) {
      for (const client of this.#clients) if (!client.connection.isBusy) this.#drop(client);
      if (this.#clients.size === 0) this.#stop();
    }
    this.#listener.update();
  }

  #admit(fd: number): void {
    const rights = rightsOfPeer(fd, this.#rules, this.#options.warn);
    if (rights === undefined) {
      close(fd);
      return;
    }
    setNonblocking(fd, true);
    const client: Client = {
      connection: new Connection(fd, rights),
      isWriting: false,
      patience: undefined,
    };
    this.#clients.add(client);
    this.#poller.watch(fd, () => this.#serve(client));
    this.#wait(client);
  }

  #serve(client: Client): void {
    this.#expire();
    const { connection, isWriting } = client;
    const stays = isWriting ? connection.write(this.#store) : connection.read(this.#store);
    if (stays) this.#listen(client);
    else this.#drop(client);
    this.#scheduleExpiry();
    this.#update();
  }

  /** Either waits for room for answers, or for what it asks next. */
  #listen(client: Client): void {
    const { connection } = client;
    if (connection.isBehind !== client.isWriting) {
      client.isWriting = connection.isBehind;
      this.#poller.unwatch(connection.fd);
      this.#poller.watch(connection.fd, () => this.#serve(client), { writing: client.isWriting });
    }
    this.#wait(client);
  }

  #wait(client: Client): void {
    const { clientMs } = this.#options;
    client.patience?.[Symbol.dispose]();
    client.patience = undefined;
    if (clientMs === Infinity || !client.connection.owesUs) return;
    client.patience = startTimer(clientMs, () => {
      this.#drop(client);
      this.#update();
    });
  }

  #drop(client: Client): void {
    if (!this.#clients.delete(client)) return;
    client.patience?.[Symbol.dispose]();
    this.#poller.unwatch(client.connection.fd);
    client.connection[Symbol.dispose]();
  }

  #expire(): void {
    this.#store.expire(wallclock()).forEach(close);
  }

  #scheduleExpiry(): void {
    this.#expiry?.[Symbol.dispose]();
    this.#expiry = undefined;
    const { earliest } = this.#store;
    if (earliest === undefined) return;
    const delayMs = Math.ceil(tainToUnixMs(earliest) - unixMs());
    if (delayMs > FAR_MS) return; // it means never
    this.#expiry = startTimer(Math.max(delayMs, 0), () => {
      this.#expire();
      this.#scheduleExpiry();
    });
  }

  #reopenRules(): void {
    try {
      this.#rules = this.#options.openRules();
    } catch (error) {
      this.#report(error); // the rules stay what they were
    }
  }

  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { lameDuckMs } = this.#options;
    if (lameDuckMs !== Infinity) startTimer(lameDuckMs, () => this.#stop());
    this.#update();
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#poller.stop();
  }

  #report(error: unknown): void {
    if (error instanceof SyscallError || error instanceof SyntaxError) {
      this.#options.warn(error.message);
    } else throw error;
  }

  [Symbol.dispose](): void {
    this.#expiry?.[Symbol.dispose]();
    this.#poller[Symbol.dispose]();
  }
}
