/** The input of an engine, in memory. */
import type { LogInput } from "../../lib/logdir/engine.ts";

/** A pipe in memory: what a read gives is never more than one of the pieces that were fed. */
export class FakeInput implements LogInput {
  readonly pieces: Uint8Array<ArrayBuffer>[] = [];
  paused = false;
  pauses = 0;
  atEnd = false;
  closed = false;
  /** The most that was asked for at a time. */
  mostAsked = 0;

  read(buffer: Uint8Array<ArrayBuffer>): number | undefined {
    this.mostAsked = Math.max(this.mostAsked, buffer.length);
    const first = this.pieces[0];
    if (first === undefined) return this.atEnd ? 0 : undefined;
    const taken = first.subarray(0, buffer.length);
    buffer.set(taken);
    if (taken.length === first.length) this.pieces.shift();
    else this.pieces[0] = first.subarray(taken.length);
    return taken.length;
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (paused) this.pauses++;
  }

  close(): void {
    this.pause(true);
    this.closed = true;
  }

  get unreadBytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  get unread(): string {
    return this.pieces.map((piece) => new TextDecoder().decode(piece)).join("");
  }
}
