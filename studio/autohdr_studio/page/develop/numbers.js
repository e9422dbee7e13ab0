// Small mathematics that the stages share: interpolation, splines, and transfer functions, as in `autohdr.develop`.

/** The constants of `autohdr.develop`: scripts/studio_tables.py writes them from Python. */
export const TABLES = await (await fetch(new URL("tables.json", import.meta.url))).json();

export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/** The last index whose number is at most x, within 0 and count - 2. */
function before(xs, x) {
  let low = 0;
  let high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** Linear interpolation as `numpy.interp`: beyond both ends the first and the last value, or what is given. */
export function interp(x, xs, ys, left = ys[0]) {
  const last = xs.length - 1;
  if (x < xs[0]) return left;
  if (x >= xs[last]) return ys[last];
  const i = before(xs, x);
  return ys[i] + ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])) * (x - xs[i]);
}

/** Interpolation that goes on with a slope of 1 at both ends. */
export function straight(x, xs, ys) {
  const last = xs.length - 1;
  return interp(x, xs, ys) + Math.min(x - xs[0], 0) + Math.max(x - xs[last], 0);
}

/** Interpolates each column of rows between slider positions. */
export const columnsAt = (amount, amounts, rows) =>
  rows[0].map((_, i) => interp(amount, amounts, rows.map((row) => row[i])));

/** Holds each number at the largest one before it, in place. */
export function rising(numbers) {
  for (let i = 1; i < numbers.length; i++) if (numbers[i] < numbers[i - 1]) numbers[i] = numbers[i - 1];
  return numbers;
}

/** The sum of products of two lists. */
export const dot = (one, other) => one.reduce((sum, x, i) => sum + x * other[i], 0);

/** The natural cubic spline through points, as a function; outside of the knots it holds the first and last value. */
export function natural(knots, values) {
  const curvature = curvatures(knots, values);
  const last = knots.length - 1;
  return (at) => {
    const x = clamp(at, knots[0], knots[last]);
    const i = before(knots, x);
    const step = knots[i + 1] - knots[i];
    const b = (x - knots[i]) / step;
    const a = 1 - b;
    const bend = a * (a * a - 1) * curvature[i] + b * (b * b - 1) * curvature[i + 1];
    return a * values[i] + b * values[i + 1] + (bend * step * step) / 6;
  };
}

/** Second derivatives at the knots, 0 at both ends, by elimination in a tridiagonal system. */
function curvatures(x, y) {
  const count = x.length;
  const out = new Float64Array(count);
  const diagonal = new Float64Array(count);
  const right = new Float64Array(count);
  const step = (i) => x[i + 1] - x[i];
  const slope = (i) => (y[i + 1] - y[i]) / step(i);
  for (let i = 1; i < count - 1; i++) {
    diagonal[i] = (step(i - 1) + step(i)) / 3;
    right[i] = slope(i) - slope(i - 1);
    if (i > 1) {
      const factor = step(i - 1) / 6 / diagonal[i - 1];
      diagonal[i] -= (factor * step(i - 1)) / 6;
      right[i] -= factor * right[i - 1];
    }
  }
  for (let i = count - 2; i > 0; i--) out[i] = (right[i] - (step(i) / 6) * out[i + 1]) / diagonal[i];
  return out;
}

/** x ** y for x from 0, in a third of the time. */
const power = (x, y) => Math.exp(y * Math.log(x));

/** 2 ** x, likewise. */
export const exp2 = (x) => Math.exp(x * Math.LN2);

/** Encodes linear light by the sRGB function; below 0 counts as 0. */
export function encode(linear) {
  return linear <= 0.0031308 ? 12.92 * Math.max(linear, 0) : 1.055 * power(linear, 1 / 2.4) - 0.055;
}

/** Decodes sRGB-encoded values to linear light; below 0 counts as 0. */
export function decode(encoded) {
  return encoded <= 0.04045 ? Math.max(encoded, 0) / 12.92 : power((encoded + 0.055) / 1.055, 2.4);
}

export const toGamma = (encoded) => power(decode(encoded), 1 / 2.2);
export const fromGamma = (value) => encode(power(Math.max(value, 0), 2.2));

/** A curve of encoded values that raises light to a power. */
export const lightToPower = (encoded, exponent) => encode(power(decode(encoded), exponent));
