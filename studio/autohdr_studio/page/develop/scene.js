// A scene as the page holds it: light in half precision, and what was measured of it.

import { numberOf } from "./half.js";
import { Prepared } from "./prepared.js";

const MAGIC = "AHS1";
/** Pixels on every side of a place whose light counts for it. */
const ABOUT = 2;

/** Reads a scene file: `{header, light}`, light being 16 bits for each number, row by row, RGB. */
export function parse(buffer) {
  const bytes = new DataView(buffer);
  const word = (at, count) => new TextDecoder().decode(new Uint8Array(buffer, at, count));
  if (buffer.byteLength < 8 || word(0, 4) !== MAGIC) throw new Error("This is no scene: it does not begin with AHS1.");
  const length = bytes.getUint32(4, true);
  if (8 + length > buffer.byteLength) throw new Error("This scene is cut off.");
  const header = JSON.parse(word(8, length));
  const count = header.width * header.height * 3;
  if (!(count > 0) || 8 + length + 2 * count !== buffer.byteLength) {
    throw new Error(`This scene has ${buffer.byteLength} bytes, which do not fit its header.`);
  }
  return { header, light: new Uint16Array(buffer, 8 + length, count) };
}

/** Holds the light of one photo; `Developer.load` makes it. */
export class Scene {
  constructor(buffer, like) {
    Object.assign(this, parse(buffer));
    this.prepared = like?.prepared ?? new Prepared(this);
    this.settings = this.texture = this.gpu = null;
  }

  get width() {
    return this.header.width;
  }

  get height() {
    return this.header.height;
  }

  /** Binds the light to a texture unit, to be read `between` its pixels, too; it is uploaded once to each context. */
  bind(gpu, unit, between = false) {
    const { gl } = gpu;
    gl.activeTexture(gl.TEXTURE0 + unit);
    if (this.texture && this.gpu === gpu) gl.bindTexture(gl.TEXTURE_2D, this.texture);
    else this.#upload(gpu);
    if (this.between === between) return;
    this.between = between;
    for (const which of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, which, between ? gl.LINEAR : gl.NEAREST);
    }
  }

  #upload(gpu) {
    const { gl } = gpu;
    this.gpu = gpu;
    this.texture = gpu.texture();
    this.between = false;
    const { width, height } = this;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB16F, width, height, 0, gl.RGB, gl.HALF_FLOAT, this.light);
  }

  /** The mean light about a place, from 0 to 1 of both sides: linear ProPhoto, balanced as shot. */
  lightAt(x, y) {
    const { width, height, light } = this;
    const [left, top] = [x * width, y * height].map((at) => Math.floor(at) - ABOUT);
    const sum = [0, 0, 0];
    let count = 0;
    for (let row = Math.max(0, top); row <= Math.min(height - 1, top + 2 * ABOUT); row++) {
      for (let column = Math.max(0, left); column <= Math.min(width - 1, left + 2 * ABOUT); column++, count++) {
        for (let band = 0; band < 3; band++) sum[band] += numberOf(light[3 * (row * width + column) + band]);
      }
    }
    return sum.map((all) => all / count);
  }

  /** Gives its memory back; it cannot be drawn after that. */
  free() {
    if (this.texture) this.gpu.gl.deleteTexture(this.texture);
    this.texture = this.gpu = this.light = this.prepared = null;
  }
}
