// The local gain of Highlights and Shadows, in numbers for a small copy of the photo
// (`autohdr.develop.stages.base_level`, `regional_level`, `local_tone` and `local_tone_tables`).

import { TABLES, clamp, exp2, interp, natural } from "./numbers.js";
import { reducedCopy, roundHalfToEven } from "./half.js";

const { baseLevel: BASE, regionalLevel: REGION, localTone: LOCAL } = TABLES;
const AT = Float64Array.from(
  { length: LOCAL.samples },
  (_, i) => LOCAL.lowest + (i * (LOCAL.highest - LOCAL.lowest)) / (LOCAL.samples - 1),
);
export const LEVELS = (REGION.levels - 1) * LOCAL.finer + 1;
const sampled = new Map();

/** A family's levels, and its gains there for each slider position, the first of them 0. */
function splinesOf(family) {
  if (!sampled.has(family)) {
    const [first, last, step] = family.levels;
    const count = roundHalfToEven((last - first) * LOCAL.fineness);
    const levels = Float64Array.from({ length: count + 1 }, (_, i) => first + (i * (last - first)) / count);
    const knots = family.gains[0].map((_, i) => first + i * step);
    const rows = family.gains.map((row) => levels.map(natural(knots, row)));
    sampled.set(family, [levels, [new Float64Array(levels.length), ...rows]]);
  }
  return sampled.get(family);
}

/** The gain in EV as a function of the level, for one slider position; 0 where it goes in the other direction. */
function gainOf(name, amount) {
  const family = LOCAL.families[name];
  const [levels, rows] = splinesOf(family);
  const positions = [0, ...family.amounts.map(Math.abs)];
  const reach = clamp(amount * Math.sign(family.amounts[0]), 0, positions[positions.length - 1]);
  let i = 0;
  while (i < rows.length - 2 && positions[i + 1] <= reach) i++;
  const part = (reach - positions[i]) / (positions[i + 1] - positions[i]);
  const row = levels.map((_, k) => rows[i][k] + (rows[i + 1][k] - rows[i][k]) * part);
  const last = family.last ?? Infinity;
  return (level) => interp(Math.min(level, last), levels, row);
}

/**
 * Looks at a small copy of a photo after Exposure.
 * @returns base level's coefficients, their size, the photo's keys, and log2 of the copy.
 */
export function levelsOf({ data, height, width }, factor) {
  const levels = new Float32Array(data.length);
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const light = Math.max(data[i] * factor, BASE.floor);
    sum += light;
    levels[i] = Math.log2(light);
  }
  const [low, high] = ranked(levels, [0.01, 0.75]);
  return {
    height,
    width,
    levels,
    base: baseLevel(levels, height, width),
    shadows: Math.log2(Math.max(sum / data.length, BASE.floor)),
    highlights: 0.5 * high + 0.5 * low,
  };
}

/** The levels that these shares of all lie below: exactly, from the bin that each lies in. */
function ranked(levels, shares) {
  const least = Math.log2(BASE.floor) - 1;
  const counts = new Uint32Array(64 * 128);
  const bins = new Uint16Array(levels.length);
  for (let i = 0; i < levels.length; i++) {
    bins[i] = Math.min((levels[i] - least) * 64, counts.length - 1);
    counts[bins[i]]++;
  }
  return shares.map((share) => {
    const rank = Math.floor((levels.length - 1) * share);
    let [bin, below] = [0, 0];
    while (below + counts[bin] <= rank) below += counts[bin++];
    const inside = new Float32Array(counts[bin]);
    for (let i = 0, k = 0; i < levels.length; i++) if (bins[i] === bin) inside[k++] = levels[i];
    return inside.sort()[rank - below];
  });
}

/** Coefficients of the guided filter, in fours: a and b of a pixel, and of the one to its right. */
function baseLevel(levels, height, width) {
  const radius = Math.max(1, roundHalfToEven(BASE.radius * Math.max(height, width)));
  const count = levels.length;
  const squares = new Float32Array(count);
  for (let i = 0; i < count; i++) squares[i] = levels[i] * levels[i];
  const [mean, meanSquare] = [box(levels, height, width, radius), box(squares, height, width, radius)];
  const [slopes, starts] = [squares, meanSquare];
  for (let i = 0; i < count; i++) {
    const variance = Math.max(meanSquare[i] - mean[i] * mean[i], 0);
    slopes[i] = variance / (variance + BASE.epsilon);
    starts[i] = mean[i] - slopes[i] * mean[i];
  }
  const [a, b] = [box(slopes, height, width, radius), box(starts, height, width, radius)];
  const out = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const right = (i + 1) % width ? i + 1 : i;
    out[4 * i] = a[i];
    out[4 * i + 1] = b[i];
    out[4 * i + 2] = a[right];
    out[4 * i + 3] = b[right];
  }
  return out;
}

/** Means over a square window, the border repeated, by running sums. */
function box(picture, height, width, radius) {
  const out = new Float32Array(picture.length);
  const sums = new Float64Array(width);
  const scale = 1 / (2 * radius + 1) ** 2;
  for (let k = -radius; k <= radius; k++) {
    const from = clamp(k, 0, height - 1) * width;
    for (let x = 0; x < width; x++) sums[x] += picture[from + x];
  }
  for (let y = 0; y < height; y++) {
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += sums[clamp(k, 0, width - 1)];
    const comes = Math.min(y + radius + 1, height - 1) * width;
    const goes = Math.max(y - radius, 0) * width;
    for (let x = 0, to = y * width; x < width; x++, to++) {
      out[to] = sum * scale;
      sum += sums[Math.min(x + radius + 1, width - 1)] - sums[Math.max(x - radius, 0)];
    }
    for (let x = 0; x < width; x++) sums[x] += picture[comes + x] - picture[goes + x];
  }
  return out;
}

/** Where a level lies in a table of AT. */
function readAt(table, level) {
  const scale = (LOCAL.samples - 1) / (LOCAL.highest - LOCAL.lowest);
  const place = clamp((level - LOCAL.lowest) * scale, 0, LOCAL.samples - 1.01);
  const k = Math.floor(place);
  return table[k] + (table[k + 1] - table[k]) * (place - k);
}

const factors = (ev) => Float32Array.from(AT, (level) => exp2(ev(level)));

/** The gain by base level where Shadows is not above 0: a table over AT, in pairs (this level, the next). */
export function gainTable(found, highlights, shadows) {
  const bright = gainOf(highlights > 0 ? "HIGHLIGHTS_UP" : "HIGHLIGHTS_DOWN", highlights);
  const dark = gainOf("SHADOWS_DOWN", shadows);
  const table = factors((level) => bright(level - found.highlights) + dark(level - found.shadows));
  const gains = new Float32Array(2 * table.length);
  for (let k = 0; k < table.length; k++) {
    gains[2 * k] = table[k];
    gains[2 * k + 1] = table[Math.min(k + 1, table.length - 1)];
  }
  return { gains };
}

/** The gain by place and base level where Shadows is above 0: for each place a row of LEVELS fours (here, right, below,
 * below on the right). */
export function gainsByPlace(found, highlights, shadows) {
  found.grid ??= regionGrid(found);
  const { rows, columns, data: grid } = found.grid;
  const bright = gainOf(highlights > 0 ? "HIGHLIGHTS_UP" : "HIGHLIGHTS_DOWN", highlights);
  const table = factors((level) => bright(level - found.highlights));
  const detail = factors(gainOf("SHADOWS_DETAIL", shadows));
  const around = gainOf("SHADOWS_REGION", shadows);
  const region = factors((level) => around(level - found.shadows));
  const own = new Float32Array(rows * columns * LEVELS);
  for (let k = 0; k < LEVELS; k++) {
    const base = REGION.first + k / LOCAL.finer;
    const [bare, before] = [readAt(table, base), Math.min(Math.floor(k / LOCAL.finer), REGION.levels - 2)];
    for (let place = 0; place < rows * columns; place++) {
      const at = place * REGION.levels + before;
      const level = grid[at] + (grid[at + 1] - grid[at]) * (k / LOCAL.finer - before);
      own[place * LEVELS + k] = bare * readAt(detail, base - level) * readAt(region, level);
    }
  }
  return { rows, columns, gains: fours(own, rows, columns) };
}

function fours(own, rows, columns) {
  const out = new Float32Array(4 * own.length);
  for (let row = 0; row < rows; row++) {
    const below = Math.min(row + 1, rows - 1) * columns;
    for (let column = 0; column < columns; column++) {
      const right = Math.min(column + 1, columns - 1);
      const places = [row * columns + column, row * columns + right, below + column, below + right];
      const to = places[0] * LEVELS;
      for (let n = 0; n < 4; n++) {
        const from = places[n] * LEVELS;
        for (let k = 0; k < LEVELS; k++) out[4 * (to + k) + n] = own[from + k];
      }
    }
  }
  return out;
}

/** The regional level on a grid of places and of pixels' own levels. */
function regionGrid({ levels, height, width }) {
  const copy = reducedCopy({ data: levels, height, width, channels: 1 }, LOCAL.edge / 2);
  const longer = Math.max(copy.height, copy.width);
  const [rows, columns] = [copy.height, copy.width].map((size) =>
    Math.max(1, roundHalfToEven((size * REGION.cells) / longer)),
  );
  const smooth = (sums) => {
    const own = along(sums, rows * columns, REGION.levels, 1, REGION.range);
    const across = along(own, rows, columns, REGION.levels, (REGION.spatial * longer * columns) / copy.width);
    return along(across, 1, rows, columns * REGION.levels, (REGION.spatial * longer * rows) / copy.height);
  };
  const [counts, sums] = splat(copy, rows, columns).map(smooth);
  return { rows, columns, data: sums.map((sum, i) => sum / Math.max(counts[i], 1e-20)) };
}

/** Adds each pixel to the nearest cell, shared between the two levels around its own. */
function splat({ data, height, width }, rows, columns) {
  const counts = new Float32Array(rows * columns * REGION.levels);
  const sums = new Float32Array(counts.length);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      const level = data[y * width + x];
      const place = clamp(level - REGION.first, 0, REGION.levels - 1.001);
      const k = Math.floor(place);
      const at = (row + Math.floor((x * columns) / width)) * REGION.levels + k;
      const upper = place - k;
      counts[at] += 1 - upper;
      counts[at + 1] += upper;
      sums[at] += level * (1 - upper);
      sums[at + 1] += level * upper;
    }
  }
  return [counts, sums];
}

/** Smooths by a Gaussian along the middle one of three axes (outer, count, inner). */
function along(numbers, outer, count, inner, sigma) {
  const out = new Float32Array(numbers.length);
  const weight = (_, k) => Math.exp(-0.5 * ((k - count + 1) / sigma) ** 2);
  const weights = Float64Array.from({ length: 2 * count - 1 }, weight);
  for (let o = 0; o < outer; o++) {
    const start = o * count * inner;
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < inner; k++) {
        let sum = 0;
        for (let j = 0, at = start + k; j < count; j++, at += inner) sum += weights[i - j + count - 1] * numbers[at];
        out[start + i * inner + k] = sum;
      }
    }
  }
  return out;
}
