// The curves that follow a photo's levels: white point with Whites, default black with Blacks, and HDR's encoding
// (`autohdr.develop.stages.white_point`, `blacks` and `display`).

import { TABLES, clamp, exp2, interp, rising, straight } from "./numbers.js";
import { sample } from "./table.js";

const WHITE = TABLES.whitePoint;
const BLACKS = TABLES.blacks;
const { reach: REACH, whites: WHITES } = TABLES.display;
const OUTPUTS = WHITE.columns.output.map(Math.log2);

/** The row at a place that may lie between two; beyond the first and the last, those. */
function between(rows, at) {
  const place = clamp(at, 0, rows.length - 1);
  const i = Math.min(Math.floor(place), rows.length - 2);
  return rows[i].map((x, k) => x + (rows[i + 1][k] - x) * (place - i));
}

function whitePoint(sensor, brightest) {
  return sensor < 0 ? Math.max(sensor, -1) : Math.min(sensor, Math.max(brightest + 1, 0), WHITE.highest);
}

/** log2 of the inputs of the default curve at a white point (log2). */
function defaultInputs(white) {
  const rows = WHITE.columns.default;
  if (white <= WHITE.last) return between(rows, white - WHITE.first);
  const last = rows.length - 1;
  return rows[last].map((x, k) => x + ((x - rows[last - 2][k]) * (white - WHITE.last)) / 2);
}

function curveThrough(inputs) {
  const xs = rising([...inputs]);
  return (level) => exp2(Math.min(straight(Math.log2(Math.max(level, 1e-12)), xs, OUTPUTS), 0));
}

/** What Whites at -100 adds to the inputs of the default curve. */
function lowered(white) {
  const shift = between(WHITE.columns["-100"], white / 2);
  if (white >= 0) return shift;
  const [own, whole] = [defaultInputs(white), defaultInputs(0)];
  return shift.map((x, k) => x * Math.min((white - own[k]) / Math.max(-whole[k], 1e-9), 1));
}

/** log2 of the inputs at Whites +100 of a photo whose white point is `white`, stretched toward `top`. */
function stretched(white, reached, top) {
  const before = defaultInputs(reached);
  const shift = between(WHITE.columns["+100"], reached / 2);
  const after = rising(before.map((x, k) => x + shift[k]));
  if (white === reached && reached === top) return after;
  const own = curveThrough(defaultInputs(white));
  const alone = curveThrough(before);
  const wide = 2 ** (reached - top);
  const last = after[after.length - 1];
  const toWhite = last + top - reached;
  const strength = (2 ** reached - 2 ** toWhite) / (2 ** reached - 2 ** last);
  const levels = Array.from({ length: 1024 }, (_, i) => toWhite - 16 + i / 64);
  const outs = levels.map((level) => {
    const x = exp2(level);
    const added = exp2(straight(Math.log2(x * wide), after, before)) - x * wide;
    const missing = (1 - alone(x + strength * added)) / Math.max(1 - alone(x), 1e-9);
    return 1 - (1 - own(x)) * clamp(missing, 0, 1);
  });
  const xs = [...rising(outs).map(Math.log2), 0];
  levels.push(toWhite);
  return OUTPUTS.map((output) => Math.min(straight(output, xs, levels), toWhite));
}

/** The curve of a photo from scene levels after Exposure to levels from 0 to 1. */
export function whiteCurve(measures, exposure, whites) {
  const white = whitePoint(measures.sensor_white + exposure, measures.brightest + exposure);
  const amount = clamp(whites / 100, -1, 1);
  let inputs = defaultInputs(white);
  if (amount < 0) {
    const most = lowered(white);
    const half = WHITE.columns["-50"];
    inputs = inputs.map((x, k) => {
      const share = amount >= -0.5 ? -2 * amount * half[k] : half[k] - (2 * amount + 1) * (1 - half[k]);
      return x + share * most[k];
    });
  } else if (amount > 0) {
    const sensor = measures.sensor_white;
    const top = Math.max(Math.min(measures.bright + 1, sensor), sensor - WHITE.farthest) + exposure;
    const most = stretched(white, whitePoint(sensor + exposure, top), top);
    const half = WHITE.columns["+50"];
    inputs = inputs.map((x, k) => x + amount ** -Math.log2(half[k]) * (most[k] - x));
  }
  return curveThrough(inputs);
}

/** Reinhard's shoulder: light from 0 to `white` becomes 0 to 1. */
export const shouldered = (level, white) => (level * (1 + level / white ** 2)) / (1 + level);

/** The inverse of `shouldered`. */
export function unshouldered(level, white) {
  const rest = 1 - level;
  return (2 * level) / (rest + Math.sqrt(rest * rest + (4 * level) / white ** 2));
}

/** The curve from scene levels to encoded ones that an HDR edit has in place of its white point. */
function hdrWhiteCurve(measures, exposure, whites) {
  const bright = Math.log2(shouldered(2 ** (measures.bright + exposure), REACH));
  const curve = whiteCurve({ sensor_white: 0, brightest: 0, bright }, 0, WHITES * whites);
  return (level) => curve(shouldered(level, REACH));
}

/** The white curve as a table. */
export const whiteTable = (measures, exposure, whites, hdr) =>
  sample((hdr ? hdrWhiteCurve : whiteCurve)(measures, exposure, whites));

/** How much of the default black is taken at a level; 0 from where it has faded away. */
function fade(w) {
  const left = 1 - Math.sqrt(Math.max(w, 0)) / BLACKS.faded;
  return left > 0 ? left ** BLACKS.fading : 0;
}

/** The curve of the default black, over the white curve's levels. */
function defaultBlack(measures, exposure) {
  const factor = 2 ** exposure;
  const darkest = 2 ** Math.min(measures.dark, BLACKS.brightestDark);
  const depth = factor * Math.min(darkest / 2, BLACKS.most);
  const start = whiteCurve(measures, exposure, 0)(darkest * factor);
  const whole = Math.max(fade(start), 0.05);
  const less = (w) => w - (depth * fade(w)) / whole;
  const ratio = Math.max(less(start) / Math.max(start, 1e-9), 0.02);
  return (w) => (w < start ? w * ratio : Math.max(less(w), Math.min(w, start) * ratio));
}

/** Square roots of the inputs of negative Blacks, for a darkest scene level (log2). */
function negativeInputs(key, name) {
  const [dark, bright] = BLACKS.columns[name];
  const { lowestKey, highestKey, lastKey } = BLACKS;
  const part = (clamp(key, lowestKey, lastKey) - lowestKey) / (highestKey - lowestKey);
  return dark.map((x, k) => Math.min(x + (bright[k] - x) * part, 1));
}

function blackInputs(measures, exposure, blacks) {
  const size = Math.min(Math.abs(blacks) / 100, 1);
  const { root } = BLACKS.columns;
  const curve = defaultBlack(measures, exposure);
  const fine = Array.from({ length: BLACKS.fine }, (_, i) => i / (BLACKS.fine - 1));
  const made = fine.map((x) => Math.sqrt(curve(x * x)));
  const names = blacks < 0 ? ["-50", "-100"] : ["+50", "+100"];
  const key = measures.darkest + exposure;
  const ends = names.map((name) => (blacks < 0 ? negativeInputs(key, name) : BLACKS.columns[name]));
  const places = [root.map((x) => interp(x, made, fine)), ...ends];
  const i = Math.min(Math.floor(size * 2), 1);
  return places[i].map((x, k) => x + (places[i + 1][k] - x) * (size * 2 - i));
}

/** The black curve as a table, over the white curve's levels. */
export function blackTable(measures, exposure, blacks) {
  if (!blacks) return sample(defaultBlack(measures, exposure));
  const inputs = blackInputs(measures, exposure, blacks);
  const { root } = BLACKS.columns;
  return sample((w) => interp(Math.sqrt(clamp(w, 0, 1)), inputs, root, 0) ** 2 + Math.max(w - 1, 0));
}
