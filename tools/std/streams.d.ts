/** Types of what we use of `@std/streams`, no wider than those of the JSR package. */

export declare class TextLineStream extends TransformStream<string, string> {
  constructor(options?: { allowCR?: boolean });
}
export declare function mergeReadableStreams<T = unknown>(
  ...streams: ReadableStream<T>[]
): ReadableStream<T>;
export declare function toArrayBuffer(stream: ReadableStream<Uint8Array>): Promise<ArrayBuffer>;
export declare function toBytes(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>>;
export declare function toText(stream: ReadableStream): Promise<string>;
