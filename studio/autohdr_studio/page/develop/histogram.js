// Counts a picture's levels.

import { TABLES, decode, encode } from "./numbers.js";

const FINE = 4095;
const BINS = Uint8Array.from({ length: FINE + 1 }, (_, i) => Math.round(255 * encode(i / FINE)));
const LIGHT = Float64Array.from({ length: 256 }, (_, i) => FINE * decode(i / 255));

/** 256 bins each of red, green, blue and luminance (encoded), of bytes RGBA. */
export function histogram(pixels, primaries) {
  const counts = new Uint32Array(4 * 256);
  const [red, green, blue] = TABLES.spaces.displays[primaries].luminance;
  for (let i = 0; i < pixels.length; i += 4) {
    const [r, g, b] = [pixels[i], pixels[i + 1], pixels[i + 2]];
    const level = red * LIGHT[r] + green * LIGHT[g] + blue * LIGHT[b];
    counts[r]++;
    counts[256 + g]++;
    counts[512 + b]++;
    counts[768 + BINS[Math.min(FINE, Math.round(level))]]++;
  }
  return counts;
}
