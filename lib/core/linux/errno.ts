/**
 * Error numbers of Linux and, below them, the texts that glibc has for them.
 *
 * Our own copy, since the texts stand in messages and must not depend on a library or a locale.
 * Source: errno(3), <asm-generic/errno.h>, strerror(3). Pure.
 */

export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const E2BIG = 7;
export const ENOEXEC = 8;
export const EBADF = 9;
export const ECHILD = 10;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const ENOTBLK = 15;
export const EBUSY = 16;
export const EEXIST = 17;
export const EXDEV = 18;
export const ENODEV = 19;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const ENFILE = 23;
export const EMFILE = 24;
export const ENOTTY = 25;
export const ETXTBSY = 26;
export const EFBIG = 27;
export const ENOSPC = 28;
export const ESPIPE = 29;
export const EROFS = 30;
export const EMLINK = 31;
export const EPIPE = 32;
export const EDOM = 33;
export const ERANGE = 34;
export const EDEADLK = 35;
export const ENAMETOOLONG = 36;
export const ENOLCK = 37;
export const ENOSYS = 38;
export const ENOTEMPTY = 39;
export const ELOOP = 40;
export const ENOMSG = 42;
export const EIDRM = 43;
export const ECHRNG = 44;
export const EL2NSYNC = 45;
export const EL3HLT = 46;
export const EL3RST = 47;
export const ELNRNG = 48;
export const EUNATCH = 49;
export const ENOCSI = 50;
export const EL2HLT = 51;
export const EBADE = 52;
export const EBADR = 53;
export const EXFULL = 54;
export const ENOANO = 55;
export const EBADRQC = 56;
export const EBADSLT = 57;
export const EBFONT = 59;
export const ENOSTR = 60;
export const ENODATA = 61;
export const ETIME = 62;
export const ENOSR = 63;
export const ENONET = 64;
export const ENOPKG = 65;
export const EREMOTE = 66;
export const ENOLINK = 67;
export const EADV = 68;
export const ESRMNT = 69;
export const ECOMM = 70;
export const EPROTO = 71;
export const EMULTIHOP = 72;
export const EDOTDOT = 73;
export const EBADMSG = 74;
export const EOVERFLOW = 75;
export const ENOTUNIQ = 76;
export const EBADFD = 77;
export const EREMCHG = 78;
export const ELIBACC = 79;
export const ELIBBAD = 80;
export const ELIBSCN = 81;
export const ELIBMAX = 82;
export const ELIBEXEC = 83;
export const EILSEQ = 84;
export const ERESTART = 85;
export const ESTRPIPE = 86;
export const EUSERS = 87;
export const ENOTSOCK = 88;
export const EDESTADDRREQ = 89;
export const EMSGSIZE = 90;
export const EPROTOTYPE = 91;
export const ENOPROTOOPT = 92;
export const EPROTONOSUPPORT = 93;
export const ESOCKTNOSUPPORT = 94;
export const EOPNOTSUPP = 95;
export const EPFNOSUPPORT = 96;
export const EAFNOSUPPORT = 97;
export const EADDRINUSE = 98;
export const EADDRNOTAVAIL = 99;
export const ENETDOWN = 100;
export const ENETUNREACH = 101;
export const ENETRESET = 102;
export const ECONNABORTED = 103;
export const ECONNRESET = 104;
export const ENOBUFS = 105;
export const EISCONN = 106;
export const ENOTCONN = 107;
export const ESHUTDOWN = 108;
export const ETOOMANYREFS = 109;
export const ETIMEDOUT = 110;
export const ECONNREFUSED = 111;
export const EHOSTDOWN = 112;
export const EHOSTUNREACH = 113;
export const EALREADY = 114;
export const EINPROGRESS = 115;
export const ESTALE = 116;
export const EUCLEAN = 117;
export const ENOTNAM = 118;
export const ENAVAIL = 119;
export const EISNAM = 120;
export const EREMOTEIO = 121;
export const EDQUOT = 122;
export const ENOMEDIUM = 123;
export const EMEDIUMTYPE = 124;
export const ECANCELED = 125;
export const ENOKEY = 126;
export const EKEYEXPIRED = 127;
export const EKEYREVOKED = 128;
export const EKEYREJECTED = 129;
export const EOWNERDEAD = 130;
export const ENOTRECOVERABLE = 131;
export const ERFKILL = 132;
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
