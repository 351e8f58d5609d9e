// Numbers and times as the page shows them.

export const none = '–';

const thousands = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A whole number. */
export const count = n => thousands.format(n);

/** A share in percent; of anything else four digits. */
export function metric(value, isShare) {
  if (value === undefined || value === null) return none;
  return isShare ? `${(100 * value).toFixed(1)} %` : digits(value);
}

/** Four digits. */
export function digits(value) {
  if (value === undefined || value === null) return none;
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** A difference in points with its sign, which nothing has that is written as zero. */
export function signed(value) {
  if (value === undefined || value === null) return none;
  const size = Math.abs(value).toFixed(1);
  return `${Number(size) === 0 ? '' : value > 0 ? '+' : '−'}${size}`;
}

/** A span of time: 42 s, 3 min, 2 h 05 min, 3 d 4 h. */
export function duration(seconds) {
  if (seconds === undefined || seconds === null) return none;
  const s = Math.max(0, Math.round(seconds));
  if (s < 100) return `${s} s`;
  const m = Math.round(s / 60);
  if (m < 100) return `${m} min`;
  const hours = Math.floor(m / 60);
  return hours < 48 ? `${hours} h ${String(m % 60).padStart(2, '0')} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago. */
export const ago = (at, now) => (at === undefined ? none : now - at < 1500 ? 'now' : `${duration((now - at) / 1000)} ago`);

/** A moment, by the reader's clock. */
export function moment(at) {
  if (at === undefined || at === null) return none;
  const time = new Date(at);
  const pad = n => String(n).padStart(2, '0');
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
  return new Date().toDateString() === time.toDateString() ? clock : `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`;
}

/** The name of a metric, for reading. */
export const nameOf = metricName => (metricName === 'seconds' ? 'seconds of an epoch' : metricName.replaceAll('_', ' '));
