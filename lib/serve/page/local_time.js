/** Stamps in the time of the person who reads them. Pure, but for the time zone of the browser. */

/**
 * `06:30:04.335`.
 *
 * @param {Date} date
 * @returns {string}
 */
export function localTime(date) {
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"));
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/**
 * `2026-11-30`.
 *
 * @param {Date} date
 * @returns {string}
 */
export function localDate(date) {
  const [month, day] = [date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"));
  return `${date.getFullYear()}-${month}-${day}`;
}
