// What is measured of a whole photo: of one as shot the scene's header says it, of one in another white balance it is
// measured here (`autohdr.develop.measures`, and the pivot of `autohdr.develop.stages.contrast`).

import { TABLES, clamp, dot, encode } from "./numbers.js";
import { joined, partRows, reduced, reducedCopy, roundHalfToEven } from "./half.js";
import { HIGHEST, LOWEST, NODES, SIZE, nodeOf, read } from "./table.js";
import { blackTable, whiteTable } from "./scene_tone.js";
import { toneTable } from "./curves.js";

const { edge: EDGE, brightestEdge: BRIGHTEST_EDGE, percentiles: PERCENTILES } = TABLES.measures;
const { luminance: LUMINANCE } = TABLES.spaces;
const log2 = (level) => Math.log2(Math.max(level, LOWEST));

/** The copy of a scene that it is measured on, in parts: the same for all white balances. */
export const partsOf = (scene, balance) => reduced(partRows(scene, balance), scene.height, scene.width, 4, EDGE);

/** Measures the parts of a scene in a white balance: `measures`, and `pivot`, a function that finds Contrast's pivot. */
export function measured(parts, balance) {
  const copy = joined(parts, balance);
  const small = reducedCopy(copy, BRIGHTEST_EDGE);
  const counts = new Uint32Array(SIZE);
  const [red, green, blue] = LUMINANCE;
  let darkest = HIGHEST;
  for (let i = 0; i < copy.data.length; i += 3) {
    const luminance = copy.data[i] * red + copy.data[i + 1] * green + copy.data[i + 2] * blue;
    darkest = Math.min(darkest, luminance);
    counts[nodeOf(luminance)]++;
  }
  const [dark, bright] = PERCENTILES.map((percent) => percentile(counts, percent));
  const brightest = log2(small.data.reduce((most, x) => Math.max(most, x), -Infinity));
  const measures = { sensor_white: Math.log2(balance.white), brightest, darkest: log2(darkest), dark, bright };
  let pivot;
  return { measures, pivot: () => (pivot ??= pivotOf(small, measures)) };
}

/** A percentile in log2, from counts between nodes. */
function percentile(counts, percent) {
  const wanted = (percent / 100) * counts.reduce((sum, x) => sum + x, 0);
  let [i, below] = [0, 0];
  while (i < SIZE - 1 && below + counts[i] <= wanted) below += counts[i++];
  const [low, high] = [NODES[i], NODES[i + 1] ?? HIGHEST].map(Math.log2);
  return low + ((wanted - below) / Math.max(counts[i], 1)) * (high - low);
}

/** The luminance of a photo's default rendering, 0 to 1. */
function defaultLuminance({ data, height, width }, measures) {
  const white = whiteTable(measures, 0, 0, false);
  const black = blackTable(measures, 0, 0);
  const { table } = toneTable(0, 0);
  const out = new Float64Array(height * width);
  const colour = [0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    for (let c = 0; c < 3; c++) colour[c] = Math.max(data[3 * i + c], 0);
    onColour(white, colour);
    for (let c = 0; c < 3; c++) colour[c] = read(black, colour[c]);
    onColour(table, colour);
    out[i] = clamp(dot(LUMINANCE, colour), 0, 1);
  }
  return out;
}

/** Applies a curve to the largest and smallest channel of a colour, in place. */
function onColour(table, colour) {
  const [low, high] = [Math.min(...colour), Math.max(...colour)];
  const [to, toHigh] = [read(table, low), read(table, high)];
  const scale = (toHigh - to) / Math.max(high - low, 1e-9);
  for (let c = 0; c < 3; c++) colour[c] = to + (colour[c] - low) * scale;
}

/** The level that Contrast leaves alone. */
function pivotOf(small, measures) {
  const blocks = blockMeans(defaultLuminance(small, measures), small.height, small.width);
  const values = blocks.map((x) => encode(clamp(x, 1e-5, 1))).sort((a, b) => a - b);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const ranked = (share) => {
    const place = share * (values.length - 1);
    const k = Math.min(Math.floor(place), values.length - 2);
    return k < 0 ? values[0] : values[k] + (values[k + 1] - values[k]) * (place - k);
  };
  return 0.577 + 0.568 * mean - (0.689 * (ranked(0.01) + ranked(0.99))) / 2;
}

/** Means over blocks, 48 across and about as many pixels high as wide. */
function blockMeans(picture, height, width) {
  const across = Math.min(TABLES.contrast.blocks, width);
  const down = Math.min(Math.max(1, roundHalfToEven((height * across) / width)), height);
  const edges = (count, size) => Array.from({ length: count + 1 }, (_, i) => Math.floor((i * size) / count));
  const [rows, columns] = [edges(down, height), edges(across, width)];
  const out = [];
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      let sum = 0;
      for (let y = rows[j]; y < rows[j + 1]; y++)
        for (let x = columns[i]; x < columns[i + 1]; x++) sum += picture[y * width + x];
      out.push(sum / ((rows[j + 1] - rows[j]) * (columns[i + 1] - columns[i])));
    }
  }
  return out;
}
