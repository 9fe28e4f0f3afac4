/** Exit codes of s6-rc's own programs. Source: s6-rc, doc/*.html. Pure. */

/** No service of that name. */
export const EXIT_UNKNOWN = 3;
/** The database is none, or is damaged. */
export const EXIT_INVALID = 4;
/** The service is of another type than was asked for. */
export const EXIT_WRONG_TYPE = 5;
/** A name that was given twice. */
export const EXIT_TWICE = 6;
