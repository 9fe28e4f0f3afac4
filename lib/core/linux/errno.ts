/**
 * Error numbers of Linux on x86-64 and the texts that glibc has for them.
 *
 * Our own copy, since the texts stand in messages and must not depend on a library or a locale.
 * Source: errno(3), <asm-generic/errno.h>, strerror(3). Pure.
 */

/** Operation not permitted. */
export const EPERM = 1;
/** No such file or directory. */
export const ENOENT = 2;
/** No such process. */
export const ESRCH = 3;
/** Interrupted system call. */
export const EINTR = 4;
/** Input/output error. */
export const EIO = 5;
/** No such device or address. */
export const ENXIO = 6;
/** Argument list too long. */
export const E2BIG = 7;
/** Exec format error. */
export const ENOEXEC = 8;
/** Bad file descriptor. */
export const EBADF = 9;
/** No child processes. */
export const ECHILD = 10;
/** Resource temporarily unavailable. */
export const EAGAIN = 11;
/** Cannot allocate memory. */
export const ENOMEM = 12;
/** Permission denied. */
export const EACCES = 13;
/** Bad address. */
export const EFAULT = 14;
/** Block device required. */
export const ENOTBLK = 15;
/** Device or resource busy. */
export const EBUSY = 16;
/** File exists. */
export const EEXIST = 17;
/** Invalid cross-device link. */
export const EXDEV = 18;
/** No such device. */
export const ENODEV = 19;
/** Not a directory. */
export const ENOTDIR = 20;
/** Is a directory. */
export const EISDIR = 21;
/** Invalid argument. */
export const EINVAL = 22;
/** Too many open files in system. */
export const ENFILE = 23;
/** Too many open files. */
export const EMFILE = 24;
/** Inappropriate ioctl for device. */
export const ENOTTY = 25;
/** Text file busy. */
export const ETXTBSY = 26;
/** File too large. */
export const EFBIG = 27;
/** No space left on device. */
export const ENOSPC = 28;
/** Illegal seek. */
export const ESPIPE = 29;
/** Read-only file system. */
export const EROFS = 30;
/** Too many links. */
export const EMLINK = 31;
/** Broken pipe. */
export const EPIPE = 32;
/** Numerical argument out of domain. */
export const EDOM = 33;
/** Numerical result out of range. */
export const ERANGE = 34;
/** Resource deadlock avoided. */
export const EDEADLK = 35;
/** File name too long. */
export const ENAMETOOLONG = 36;
/** No locks available. */
export const ENOLCK = 37;
/** Function not implemented. */
export const ENOSYS = 38;
/** Directory not empty. */
export const ENOTEMPTY = 39;
/** Too many levels of symbolic links. */
export const ELOOP = 40;
/** No message of desired type. */
export const ENOMSG = 42;
/** Identifier removed. */
export const EIDRM = 43;
/** Channel number out of range. */
export const ECHRNG = 44;
/** Level 2 not synchronized. */
export const EL2NSYNC = 45;
/** Level 3 halted. */
export const EL3HLT = 46;
/** Level 3 reset. */
export const EL3RST = 47;
/** Link number out of range. */
export const ELNRNG = 48;
/** Protocol driver not attached. */
export const EUNATCH = 49;
/** No CSI structure available. */
export const ENOCSI = 50;
/** Level 2 halted. */
export const EL2HLT = 51;
/** Invalid exchange. */
export const EBADE = 52;
/** Invalid request descriptor. */
export const EBADR = 53;
/** Exchange full. */
export const EXFULL = 54;
/** No anode. */
export const ENOANO = 55;
/** Invalid request code. */
export const EBADRQC = 56;
/** Invalid slot. */
export const EBADSLT = 57;
/** Bad font file format. */
export const EBFONT = 59;
/** Device not a stream. */
export const ENOSTR = 60;
/** No data available. */
export const ENODATA = 61;
/** Timer expired. */
export const ETIME = 62;
/** Out of streams resources. */
export const ENOSR = 63;
/** Machine is not on the network. */
export const ENONET = 64;
/** Package not installed. */
export const ENOPKG = 65;
/** Object is remote. */
export const EREMOTE = 66;
/** Link has been severed. */
export const ENOLINK = 67;
/** Advertise error. */
export const EADV = 68;
/** Srmount error. */
export const ESRMNT = 69;
/** Communication error on send. */
export const ECOMM = 70;
/** Protocol error. */
export const EPROTO = 71;
/** Multihop attempted. */
export const EMULTIHOP = 72;
/** RFS specific error. */
export const EDOTDOT = 73;
/** Bad message. */
export const EBADMSG = 74;
/** Value too large for defined data type. */
export const EOVERFLOW = 75;
/** Name not unique on network. */
export const ENOTUNIQ = 76;
/** File descriptor in bad state. */
export const EBADFD = 77;
/** Remote address changed. */
export const EREMCHG = 78;
/** Can not access a needed shared library. */
export const ELIBACC = 79;
/** Accessing a corrupted shared library. */
export const ELIBBAD = 80;
/** .lib section in a.out corrupted. */
export const ELIBSCN = 81;
/** Attempting to link in too many shared libraries. */
export const ELIBMAX = 82;
/** Cannot exec a shared library directly. */
export const ELIBEXEC = 83;
/** Invalid or incomplete multibyte or wide character. */
export const EILSEQ = 84;
/** Interrupted system call should be restarted. */
export const ERESTART = 85;
/** Streams pipe error. */
export const ESTRPIPE = 86;
/** Too many users. */
export const EUSERS = 87;
/** Socket operation on non-socket. */
export const ENOTSOCK = 88;
/** Destination address required. */
export const EDESTADDRREQ = 89;
/** Message too long. */
export const EMSGSIZE = 90;
/** Protocol wrong type for socket. */
export const EPROTOTYPE = 91;
/** Protocol not available. */
export const ENOPROTOOPT = 92;
/** Protocol not supported. */
export const EPROTONOSUPPORT = 93;
/** Socket type not supported. */
export const ESOCKTNOSUPPORT = 94;
/** Operation not supported. */
export const EOPNOTSUPP = 95;
/** Protocol family not supported. */
export const EPFNOSUPPORT = 96;
/** Address family not supported by protocol. */
export const EAFNOSUPPORT = 97;
/** Address already in use. */
export const EADDRINUSE = 98;
/** Cannot assign requested address. */
export const EADDRNOTAVAIL = 99;
/** Network is down. */
export const ENETDOWN = 100;
/** Network is unreachable. */
export const ENETUNREACH = 101;
/** Network dropped connection on reset. */
export const ENETRESET = 102;
/** Software caused connection abort. */
export const ECONNABORTED = 103;
/** Connection reset by peer. */
export const ECONNRESET = 104;
/** No buffer space available. */
export const ENOBUFS = 105;
/** Transport endpoint is already connected. */
export const EISCONN = 106;
/** Transport endpoint is not connected. */
export const ENOTCONN = 107;
/** Cannot send after transport endpoint shutdown. */
export const ESHUTDOWN = 108;
/** Too many references: cannot splice. */
export const ETOOMANYREFS = 109;
/** Connection timed out. */
export const ETIMEDOUT = 110;
/** Connection refused. */
export const ECONNREFUSED = 111;
/** Host is down. */
export const EHOSTDOWN = 112;
/** No route to host. */
export const EHOSTUNREACH = 113;
/** Operation already in progress. */
export const EALREADY = 114;
/** Operation now in progress. */
export const EINPROGRESS = 115;
/** Stale file handle. */
export const ESTALE = 116;
/** Structure needs cleaning. */
export const EUCLEAN = 117;
/** Not a XENIX named type file. */
export const ENOTNAM = 118;
/** No XENIX semaphores available. */
export const ENAVAIL = 119;
/** Is a named type file. */
export const EISNAM = 120;
/** Remote I/O error. */
export const EREMOTEIO = 121;
/** Disk quota exceeded. */
export const EDQUOT = 122;
/** No medium found. */
export const ENOMEDIUM = 123;
/** Wrong medium type. */
export const EMEDIUMTYPE = 124;
/** Operation canceled. */
export const ECANCELED = 125;
/** Required key not available. */
export const ENOKEY = 126;
/** Key has expired. */
export const EKEYEXPIRED = 127;
/** Key has been revoked. */
export const EKEYREVOKED = 128;
/** Key was rejected by service. */
export const EKEYREJECTED = 129;
/** Owner died. */
export const EOWNERDEAD = 130;
/** State not recoverable. */
export const ENOTRECOVERABLE = 131;
/** Operation not possible due to RF-kill. */
export const ERFKILL = 132;
/** Memory page has hardware error. */
export const EHWPOISON = 133;
/** Another name of EAGAIN. */
export const EWOULDBLOCK = EAGAIN;
/** Another name of EDEADLK. */
export const EDEADLOCK = EDEADLK;
/** Another name of EOPNOTSUPP. */
export const ENOTSUP = EOPNOTSUPP;

/** Text by number; the holes are numbers that Linux does not use. */
const TEXTS: readonly string[] = [
  "Success",
  "Operation not permitted", // EPERM
  "No such file or directory", // ENOENT
  "No such process", // ESRCH
  "Interrupted system call", // EINTR
  "Input/output error", // EIO
  "No such device or address", // ENXIO
  "Argument list too long", // E2BIG
  "Exec format error", // ENOEXEC
  "Bad file descriptor", // EBADF
  "No child processes", // ECHILD
  "Resource temporarily unavailable", // EAGAIN
  "Cannot allocate memory", // ENOMEM
  "Permission denied", // EACCES
  "Bad address", // EFAULT
  "Block device required", // ENOTBLK
  "Device or resource busy", // EBUSY
  "File exists", // EEXIST
  "Invalid cross-device link", // EXDEV
  "No such device", // ENODEV
  "Not a directory", // ENOTDIR
  "Is a directory", // EISDIR
  "Invalid argument", // EINVAL
  "Too many open files in system", // ENFILE
  "Too many open files", // EMFILE
  "Inappropriate ioctl for device", // ENOTTY
  "Text file busy", // ETXTBSY
  "File too large", // EFBIG
  "No space left on device", // ENOSPC
  "Illegal seek", // ESPIPE
  "Read-only file system", // EROFS
  "Too many links", // EMLINK
  "Broken pipe", // EPIPE
  "Numerical argument out of domain", // EDOM
  "Numerical result out of range", // ERANGE
  "Resource deadlock avoided", // EDEADLK
  "File name too long", // ENAMETOOLONG
  "No locks available", // ENOLCK
  "Function not implemented", // ENOSYS
  "Directory not empty", // ENOTEMPTY
  "Too many levels of symbolic links", // ELOOP
  "",
  "No message of desired type", // ENOMSG
  "Identifier removed", // EIDRM
  "Channel number out of range", // ECHRNG
  "Level 2 not synchronized", // EL2NSYNC
  "Level 3 halted", // EL3HLT
  "Level 3 reset", // EL3RST
  "Link number out of range", // ELNRNG
  "Protocol driver not attached", // EUNATCH
  "No CSI structure available", // ENOCSI
  "Level 2 halted", // EL2HLT
  "Invalid exchange", // EBADE
  "Invalid request descriptor", // EBADR
  "Exchange full", // EXFULL
  "No anode", // ENOANO
  "Invalid request code", // EBADRQC
  "Invalid slot", // EBADSLT
  "",
  "Bad font file format", // EBFONT
  "Device not a stream", // ENOSTR
  "No data available", // ENODATA
  "Timer expired", // ETIME
  "Out of streams resources", // ENOSR
  "Machine is not on the network", // ENONET
  "Package not installed", // ENOPKG
  "Object is remote", // EREMOTE
  "Link has been severed", // ENOLINK
  "Advertise error", // EADV
  "Srmount error", // ESRMNT
  "Communication error on send", // ECOMM
  "Protocol error", // EPROTO
  "Multihop attempted", // EMULTIHOP
  "RFS specific error", // EDOTDOT
  "Bad message", // EBADMSG
  "Value too large for defined data type", // EOVERFLOW
  "Name not unique on network", // ENOTUNIQ
  "File descriptor in bad state", // EBADFD
  "Remote address changed", // EREMCHG
  "Can not access a needed shared library", // ELIBACC
  "Accessing a corrupted shared library", // ELIBBAD
  ".lib section in a.out corrupted", // ELIBSCN
  "Attempting to link in too many shared libraries", // ELIBMAX
  "Cannot exec a shared library directly", // ELIBEXEC
  "Invalid or incomplete multibyte or wide character", // EILSEQ
  "Interrupted system call should be restarted", // ERESTART
  "Streams pipe error", // ESTRPIPE
  "Too many users", // EUSERS
  "Socket operation on non-socket", // ENOTSOCK
  "Destination address required", // EDESTADDRREQ
  "Message too long", // EMSGSIZE
  "Protocol wrong type for socket", // EPROTOTYPE
  "Protocol not available", // ENOPROTOOPT
  "Protocol not supported", // EPROTONOSUPPORT
  "Socket type not supported", // ESOCKTNOSUPPORT
  "Operation not supported", // EOPNOTSUPP
  "Protocol family not supported", // EPFNOSUPPORT
  "Address family not supported by protocol", // EAFNOSUPPORT
  "Address already in use", // EADDRINUSE
  "Cannot assign requested address", // EADDRNOTAVAIL
  "Network is down", // ENETDOWN
  "Network is unreachable", // ENETUNREACH
  "Network dropped connection on reset", // ENETRESET
  "Software caused connection abort", // ECONNABORTED
  "Connection reset by peer", // ECONNRESET
  "No buffer space available", // ENOBUFS
  "Transport endpoint is already connected", // EISCONN
  "Transport endpoint is not connected", // ENOTCONN
  "Cannot send after transport endpoint shutdown", // ESHUTDOWN
  "Too many references: cannot splice", // ETOOMANYREFS
  "Connection timed out", // ETIMEDOUT
  "Connection refused", // ECONNREFUSED
  "Host is down", // EHOSTDOWN
  "No route to host", // EHOSTUNREACH
  "Operation already in progress", // EALREADY
  "Operation now in progress", // EINPROGRESS
  "Stale file handle", // ESTALE
  "Structure needs cleaning", // EUCLEAN
  "Not a XENIX named type file", // ENOTNAM
  "No XENIX semaphores available", // ENAVAIL
  "Is a named type file", // EISNAM
  "Remote I/O error", // EREMOTEIO
  "Disk quota exceeded", // EDQUOT
  "No medium found", // ENOMEDIUM
  "Wrong medium type", // EMEDIUMTYPE
  "Operation canceled", // ECANCELED
  "Required key not available", // ENOKEY
  "Key has expired", // EKEYEXPIRED
  "Key has been revoked", // EKEYREVOKED
  "Key was rejected by service", // EKEYREJECTED
  "Owner died", // EOWNERDEAD
  "State not recoverable", // ENOTRECOVERABLE
  "Operation not possible due to RF-kill", // ERFKILL
  "Memory page has hardware error", // EHWPOISON
];

/**
 * What glibc's strerror says in the C locale: "No such file or directory"; "Unknown error 999" for
 * a number that is none.
 */
export function strerror(errno: number): string {
  return TEXTS[errno] || `Unknown error ${errno}`;
}
