/** Flags of open(2). Pure. */
import { MACHINE } from "./machine.ts";

export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_NOCTTY = 0o400;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_DIRECTORY: number = MACHINE.open.directory;
export const O_NOFOLLOW: number = MACHINE.open.noFollow;
export const O_CLOEXEC = 0o2000000;
export const O_PATH = 0o10000000;
