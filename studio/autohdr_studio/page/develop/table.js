// Tone curves as tables over linear levels, 128 nodes to an octave, which are read by the bits of a float32
// (`autohdr.develop.kernels.rgb_tone`); and curves of encoded values (`sampled_curve`).

import { TABLES, clamp, decode, encode, rising } from "./numbers.js";

const { lowestPower, highestPower, shift: SHIFT, curveSamples: SAMPLES } = TABLES.nodes;
export const FIRST = (127 + lowestPower) << 23;
export const SIZE = ((highestPower - lowestPower) << (23 - SHIFT)) + 1;
export const LOWEST = 2 ** lowestPower;
export const HIGHEST = 2 ** highestPower;
export { SHIFT };
const REST = (1 << SHIFT) - 1;
const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/** The linear levels at which a curve is sampled. */
export const NODES = new Float32Array(Int32Array.from({ length: SIZE }, (_, i) => FIRST + (i << SHIFT)).buffer);
const ENCODED = Float64Array.from(NODES, encode);

/** Samples a function of linear levels; an output smaller than one before is held at that one. */
export const sample = (curve) => rising(Float32Array.from(NODES, curve));

/** Which node a level is at or above. */
export function nodeOf(level) {
  floats[0] = clamp(level, LOWEST, HIGHEST);
  return (bits[0] - FIRST) >> SHIFT;
}

/** Reads a table at a level: straight between nodes, straight to 0 below the first, held above the last. */
export function read(table, level) {
  const place = Math.min(nodeOf(level), SIZE - 2);
  const part = level >= HIGHEST ? 1 : (bits[0] & REST) / (REST + 1);
  const inside = table[place] + (table[place + 1] - table[place]) * part;
  const out = inside * (Math.min(level, LOWEST) / LOWEST);
  return level >= 0 ? out : Math.max(out, level);
}

const LAST = SAMPLES - 1;

/** Holds a curve from encoded values to encoded values, sampled. */
export class SampledCurve {
  constructor(outputs) {
    this.outputs = outputs;
  }

  /** Samples a function of an encoded value, held between 0 and 1. */
  static of(curve) {
    return new SampledCurve(Float32Array.from({ length: SAMPLES }, (_, i) => clamp(curve(i / LAST), 0, 1)));
  }

  at(value) {
    const place = clamp(value, 0, 1) * LAST;
    const i = Math.min(Math.floor(place), LAST - 1);
    const inside = this.outputs[i] + (this.outputs[i + 1] - this.outputs[i]) * (place - i);
    return inside * Math.max(value, 1);
  }

  /** Joins both curves into one, this one first. */
  then(later) {
    return new SampledCurve(this.outputs.map((value) => later.at(value)));
  }

  /** The curve as a table of linear levels, less what it makes of black. */
  linear() {
    const black = decode(this.at(0));
    return { table: Float32Array.from(ENCODED, (value) => decode(this.at(value)) - black), black };
  }
}
