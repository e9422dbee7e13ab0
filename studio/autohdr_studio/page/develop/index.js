// Develops photos in the page, with WebGL2: the same approximation of Camera Raw as `autohdr.develop`.
//
//   const developer = await Developer.create(canvas);
//   const scene = developer.load(await (await fetch(address)).arrayBuffer());
//   developer.draw(scene, { values: [0.5, 12, -40, 30, 5, -10, 8, 0], hdr: true, headroom: 4 });

import { Gpu } from "./gl.js";
import { histogram } from "./histogram.js";
import { beginAnother, render } from "./render.js";
import { Scene } from "./scene.js";

import { Screen, Sheet, hdrDevice, onChange, resize, screenOf } from "./screen.js";

export { neutral } from "./colour.js";

const NEEDED = "Developing needs WebGL 2, which this browser does not give; its settings or another browser may.";
const NO_FLOATS = "HDR edit, shown as its SDR rendition: this computer's graphics draw nothing brighter than white.";
/** Longer edge of what a histogram counts, pixels. */
const COUNTED = 512;
/** Pixels of a scene up to which it is a thumbnail: a page holds many, and what is made of them takes more memory than
 * they do, so it is kept for those alone that were drawn last. */
const SMALL = 512 * 512;
const KEPT = 64;

const later = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 50));

export class Developer extends EventTarget {
  /**
   * Makes a developer that draws on a canvas (also an OffscreenCanvas; one of its own if none is given). It tells by
   * the events `lost` and `restored` that the browser took its memory away and gave it back: then, draw again; and by
   * `screen` that it can show HDR now, or no longer: then, canvases that were made by `screen` have to be made anew.
   * @param {{primaries?: "srgb" | "display-p3"}} [options] the primaries of what it draws; those of the screen if not
   *   given.
   * @throws {Error} a sentence, where there is no WebGL2.
   */
  static async create(canvas = new OffscreenCanvas(1, 1), options = {}) {
    const developer = new Developer(canvas, options);
    developer.#start();
    await developer.#look();
    return developer;
  }

  /** Looks whether HDR can be shown, now and whenever that changes. */
  async #look() {
    const found = await hdrDevice();
    if (!this.#floats) Object.assign(found, { device: null, without: found.without ?? NO_FLOATS });
    Object.assign(this, found);
    onChange(this.device, async () => {
      await this.#look();
      this.dispatchEvent(new Event("screen"));
    });
  }

  constructor(canvas, { primaries }) {
    super();
    const how = { alpha: false, antialias: false, depth: false, stencil: false, powerPreference: "high-performance" };
    this.canvas = canvas;
    this.gl = canvas.getContext("webgl2", how);
    if (!this.gl) throw new Error(NEEDED);
    const wide = "drawingBufferColorSpace" in this.gl && globalThis.matchMedia?.("(color-gamut: p3)").matches;
    this.device = null;
    this.without = null;
    this.recent = new Set();
    this.expecting = false;
    this.primaries = primaries ?? (wide ? "display-p3" : "srgb");
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.gpu = null;
      this.dispatchEvent(new Event("lost"));
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.#start();
      this.dispatchEvent(new Event("restored"));
    });
  }

  #start() {
    this.gpu = new Gpu(this.gl);
    if ("drawingBufferColorSpace" in this.gl) this.gl.drawingBufferColorSpace = this.primaries;
  }

  /** Whether pixels brighter than white can be read back. */
  get #floats() {
    return this.gl.getExtension("EXT_color_buffer_float") !== null;
  }

  /** Whether HDR can be shown, by canvases that `screen` makes; if not, the sentence `without` says why. */
  get hdr() {
    return this.device !== null;
  }

  /**
   * Makes a canvas in the page, which has no context yet, a target of `draw` that takes less time than a 2D canvas, and
   * shows HDR where that is possible.
   */
  screen(canvas) {
    const plain = () => ("transferToImageBitmap" in this.canvas ? new Sheet(canvas) : canvas);
    return screenOf(canvas, this.device, this.primaries) ?? plain();
  }

  /** Whether the browser has its memory now. */
  get ready() {
    return this.gpu !== null && !this.gl.isContextLost();
  }

  /**
   * Takes a scene file; its light goes to the graphics memory when it is drawn first.
   * @param {Scene} [like] another scene of the same photo: what is measured of a whole photo is taken from that one.
   */
  load(buffer, like) {
    return new Scene(buffer, like);
  }

  /**
   * Draws a scene with settings: on its own canvas, which gets the scene's size, and then onto the target.
   * @param {Scene} scene
   * @param {{values: number[], hdr?: boolean, headroom?: number, temperature?: number, tint?: number,
   *   rendition?: "hdr" | "sdr", sdr?: {brightness?: number, contrast?: number, highlights?: number, shadows?: number},
   *   curves?: {point?, red?, green?, blue?, parametric?}}} settings `values` in the order of the sliders; points of
   *   curves are [input, output] from 0 to 255. `rendition` says which one of an HDR edit a screen shows, the HDR one
   *   if it is not given; anything else than a screen gets the SDR one.
   * @param target a 2D canvas, its context, or what `screen` made, which get the picture's size; `"bitmap"` for an
   *   ImageBitmap as the answer (a promise of one where the own canvas is in the page).
   * @param {{part?: number[], width?: number, height?: number}} [size] `part` of the scene, [left, top, width, height]
   *   in its pixels, and the picture's size; all of it, and pixel by pixel, if not given. A size of half the pixels is
   *   drawn from means of four.
   * @returns {boolean | ImageBitmap | Promise<ImageBitmap>} false while the context is lost.
   */
  draw(scene, settings, target, size = {}) {
    if (!this.ready) return false;
    const { canvas, primaries } = this;
    const [, , across, down] = size.part ?? [0, 0, scene.width, scene.height];
    const how = { part: size.part, width: size.width ?? across, height: size.height ?? down };
    scene.settings = settings;
    if (target instanceof Screen) {
      target.show(this.#halves(scene, how), how.width, how.height);
      return true;
    }
    resize(canvas, how.width, how.height);
    this.#render(scene, how);
    if (target === "bitmap") return canvas.transferToImageBitmap?.() ?? createImageBitmap(canvas);
    if (target instanceof Sheet) target.show(canvas.transferToImageBitmap());
    else if (target) copy(canvas, target, primaries);
    return true;
  }

  #render(scene, how) {
    const choice = render(this.gpu, scene, scene.settings, { ...how, primaries: this.primaries });
    if (scene.width * scene.height <= SMALL) this.#remember(scene);
    else this.#expect(choice);
  }

  /** Makes the programs that moving a slider may need while there is nothing else to do: a driver may take long. */
  #expect(choice) {
    if (this.expecting) return;
    this.expecting = true;
    later(() => {
      this.expecting = false;
      if (this.ready && beginAnother(this.gpu, choice)) this.#expect(choice);
    });
  }

  /** Keeps what was made of a thumbnail, and forgets what was made of the one that was not drawn for longest. */
  #remember(scene) {
    this.recent.delete(scene);
    this.recent.add(scene);
    if (this.recent.size <= KEPT) return;
    const [oldest] = this.recent;
    this.recent.delete(oldest);
    oldest.prepared?.forget();
  }

  /** Resolves once everything that was drawn until now is there. */
  async done() {
    await this.gpu?.done();
  }

  /**
   * Counts what was drawn last of a scene, all of it, of an HDR edit its SDR rendition: 256 bins each of red, green,
   * blue and luminance, one after the other. The page goes on while graphics draw.
   * @param {number} [edge] pixels of the longer edge of what is counted.
   * @returns {Promise<Uint32Array>}
   */
  async histogram(scene, edge = COUNTED) {
    if (!this.ready || !scene.settings) return new Uint32Array(4 * 256);
    const { gl, gpu } = this;
    const scale = Math.max(1, Math.max(scene.width, scene.height) / edge);
    const [width, height] = [scene.width, scene.height].map((size) => Math.max(1, Math.floor(size / scale)));
    const pixels = new Uint8Array(4 * width * height);
    const held = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, held);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, pixels.length, gl.STREAM_READ);
    this.#read(scene, { width, height, sampled: true }, gl.RGBA8, gl.UNSIGNED_BYTE, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await gpu.done();
    if (!this.ready) return new Uint32Array(4 * 256);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, held);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, pixels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(held);
    return histogram(pixels, this.primaries);
  }

  /** The rendition that a screen shows, in half precision, from the top. */
  #halves(scene, how) {
    const { RGBA16F, HALF_FLOAT } = this.gl;
    const pixels = new Uint16Array(4 * how.width * how.height);
    const bright = scene.settings.rendition !== "sdr";
    this.#read(scene, { ...how, bright, fromTop: true }, RGBA16F, HALF_FLOAT, pixels);
    return pixels;
  }

  /** Draws a scene apart from the canvas, with the settings that it was drawn with last, and reads it to a place. */
  #read(scene, how, form, type, to) {
    const { gl } = this;
    const [frame, store] = [gl.createFramebuffer(), gl.createRenderbuffer()];
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.bindRenderbuffer(gl.RENDERBUFFER, store);
    gl.renderbufferStorage(gl.RENDERBUFFER, form, how.width, how.height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, store);
    this.#render(scene, how);
    gl.readPixels(0, 0, how.width, how.height, gl.RGBA, type, to);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.deleteFramebuffer(frame);
    gl.deleteRenderbuffer(store);
  }
}

/** Draws a canvas onto a 2D canvas or its context, which gets its size. */
function copy(from, target, primaries) {
  const context = target.getContext ? target.getContext("2d", { alpha: false, colorSpace: primaries }) : target;
  resize(context.canvas, from.width, from.height);
  context.drawImage(from, 0, 0);
}
