/** The address that a socket is bound to. Source: getsockname(2). */
import { bindLibrary, call } from "../bind.ts";
import { SIZEOF_SOCKADDR_UN } from "./address.ts";

const libc = bindLibrary({
  getsockname: {
    parameters: [
      "i32", // int sockfd
      "buffer", // struct sockaddr *addr
      "buffer", // socklen_t *addrlen
    ],
    result: "i32",
  },
});

/** The bytes of a Unix address that the kernel has written, or `-errno`. */
export function ownAddress(fd: number): Uint8Array<ArrayBuffer> | number {
  const address = new Uint8Array(SIZEOF_SOCKADDR_UN);
  const length = Uint32Array.of(address.length);
  const result = call(libc.getsockname, fd, address, new Uint8Array(length.buffer));
  return result < 0 ? result : address.subarray(0, Math.min(length[0]!, address.length));
}
