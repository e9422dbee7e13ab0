// What the pass over the pixels needs of a scene and its settings. Each part is kept until something that it depends
// on changes, so a slider makes anew what hangs on it and nothing else.

import { TABLES, clamp } from "./numbers.js";
import { brightnessRows, reduced } from "./half.js";
import { balanceOf, saturationNumbers, vibranceNumbers } from "./colour.js";
import { channelTables, toneTable } from "./curves.js";
import { HDR_TABLE, sdrTable } from "./display.js";
import { gainTable, gainsByPlace, levelsOf } from "./local_tone.js";
import { measured, partsOf } from "./measure.js";
import { blackTable, whiteTable } from "./scene_tone.js";
import { SIZE, read } from "./table.js";

/** Nodes and the next ones, of two curves after two others: texels of four numbers, 128 in each of 52 rows. */
export function pairs(...tables) {
  const out = new Float32Array(8 * (SIZE - 1));
  tables.forEach((table, k) => {
    const to = (k >> 1) * 4 * (SIZE - 1) + 2 * (k & 1);
    for (let i = 0; i < SIZE - 1; i++) {
      out[to + 4 * i] = table[i];
      out[to + 4 * i + 1] = table[i + 1];
    }
  });
  return out;
}

export class Prepared {
  constructor(scene) {
    this.scene = scene;
    this.kept = new Map();
  }

  /** Returns what was made last under this name if its key is the same, else makes it. */
  once(name, key, make) {
    const known = this.kept.get(name);
    const text = JSON.stringify(key);
    if (known?.text === text) return known.value;
    const value = make();
    this.kept.set(name, { text, value });
    return value;
  }

  /** Gives back what can be made again from the scene in some milliseconds; its white balance stays known. */
  forget() {
    for (const name of this.kept.keys()) if (name !== "photo") this.kept.delete(name);
  }

  /** Everything for one picture. */
  of(settings) {
    const { exposure, contrast, highlights, shadows, whites, blacks, vibrance, saturation } = settings;
    const { hdr, headroom, temperature, tint, curves, sdr } = settings;
    const stops = clamp(exposure, TABLES.exposure.lowest, TABLES.exposure.highest);
    const light = [temperature ?? null, tint ?? null];
    const photo = this.once("photo", light, () => this.#photo(...light));
    const white = this.once("white", [light, stops, whites, hdr], () => whiteTable(photo.measures, stops, whites, hdr));
    const black = this.once("black", [light, stops, blacks], () => blackTable(photo.measures, stops, blacks));
    const tone = this.once("tone", [contrast && light, contrast, curves ?? null], () =>
      toneTable(contrast, contrast ? photo.pivot() : 0, curves),
    );
    const levels = [light, stops, whites, hdr, blacks];
    return {
      factor: 2 ** stops,
      balance: photo.balance,
      curves: this.once("curves", [levels, contrast, curves ?? null], () => {
        const blackened = white.map((x) => read(black, x));
        return pairs(white, blackened, blackened.map((x) => read(tone.table, x)), black);
      }),
      lift: tone.black,
      channels: this.once("channels", curves ?? null, () => this.#channels(curves)),
      local: highlights || shadows ? this.#local(light, stops, photo.balance, highlights, shadows) : null,
      vibrance: vibrance ? vibranceNumbers(vibrance) : null,
      saturation: saturation ? saturationNumbers(saturation) : null,
      bright: hdr ? HDR_TABLE : null,
      dim: hdr ? this.once("dim", [headroom, sdr ?? null], () => sdrTable(headroom, sdr)) : null,
    };
  }

  /** The photo in a white balance, with what is measured of it. */
  #photo(temperature, tint) {
    const { header } = this.scene;
    const balance = balanceOf(header, temperature, tint);
    if (!balance) return { balance, measures: header.measures, pivot: () => header.pivot };
    return { balance, ...measured(this.#parts(balance), balance) };
  }

  /** Kept of a scene that is larger than they are, so that the next white balance need not look at its pixels. */
  #parts(balance) {
    const make = () => partsOf(this.scene, balance), { edge } = TABLES.measures;
    return Math.max(this.scene.width, this.scene.height) > edge ? this.once("parts", null, make) : make();
  }

  #channels(curves) {
    const tables = channelTables(curves);
    if (!tables) return null;
    return { pairs: pairs(...tables.map((one) => one.table)), lifts: tables.map((one) => one.black) };
  }

  /** What a pixel's local gain is read from. */
  #local(light, stops, balance, highlights, shadows) {
    const copy = this.once("copy", light, () => {
      const rows = brightnessRows(this.scene, balance, TABLES.spaces.luminance);
      return reduced(rows, this.scene.height, this.scene.width, 1, TABLES.localTone.edge);
    });
    const found = this.once("levels", [light, stops], () => levelsOf(copy, 2 ** stops));
    return this.once("local", [light, stops, highlights, shadows], () => ({
      found,
      byPlace: shadows > 0,
      ...(shadows > 0 ? gainsByPlace : gainTable)(found, highlights, shadows),
    }));
  }
}
