// HDR's two renditions as tables of gain and colour over the square root of luminance
// (`autohdr.develop.stages.display`).

import { TABLES, clamp } from "./numbers.js";
import { shouldered, unshouldered } from "./scene_tone.js";

const D = TABLES.display;
const COUNT = D.nodes;
const SQUARES = Float64Array.from({ length: COUNT }, (_, i) => (i / (COUNT - 1)) ** 2);

const kept = (level) => 1 - (D.fade * level) / (1 + level);

/** Luminance in SDR of an HDR rendition's. */
function sdrCurve(level, headroom, { brightness = 0, contrast = 0, highlights = 0, shadows = 0 }) {
  const square = level * level;
  let stops = D.brightness * brightness + (D.shadows * shadows) / (1 + level / 0.15);
  stops += (D.highlights * highlights * square) / (square + 0.35);
  const out = Math.min(shouldered(level * 2 ** (stops / 100), 2 ** headroom), 1);
  const bend = Math.tanh(Math.log2(Math.max(out, 1e-9) / 0.2) / 1.5) * (1 - out * out);
  return Math.min(out * 2 ** (((D.contrast * contrast) / 100) * bend), 1);
}

/** Tables in pairs for a texture: gain and the next one's, colour and the next one's, COUNT - 1 times. */
function table(last, levels, colour) {
  const gains = levels.map((level, i) => level / (last * SQUARES[i]));
  gains[0] = gains[1];
  const pairs = new Float32Array(4 * (COUNT - 1));
  for (let i = 0; i < COUNT - 1; i++) pairs.set([gains[i], gains[i + 1], colour[i], colour[i + 1]], 4 * i);
  return pairs;
}

function hdrTable() {
  const levels = SQUARES.map((square) => unshouldered(square, D.reach));
  return table(1, levels, levels.map((level) => 1 / kept(level)));
}

/** The table from encoded light to the HDR rendition. */
export const HDR_TABLE = hdrTable();

/** The table from the HDR rendition to the SDR one; null where encoded light is the SDR rendition already. */
export function sdrTable(headroom, settings = {}) {
  const { brightness = 0, contrast = 0, highlights = 0, shadows = 0 } = settings;
  const resting = !(brightness || contrast || highlights || shadows);
  if (resting && 2 ** headroom === D.reach) return null;
  const levels = SQUARES.map((square) => square * 2 ** headroom);
  const clamped = levels.map((level) => clamp(sdrCurve(level, headroom, settings), 0, 1));
  return table(2 ** headroom, clamped, levels.map(kept));
}
