// Canvases in a page that show what a developer draws: finished bitmaps as they are, or, where the screen can, pictures
// brighter than white. Those need a WebGPU canvas in half precision, to which pixels are copied: WebGL has none yet.

/** Gives a canvas a size, where it has another one. */
export function resize(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
}

/** Holds a canvas that takes bitmaps over without a copy. */
export class Sheet {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("bitmaprenderer");
  }

  show(bitmap) {
    resize(this.canvas, bitmap.width, bitmap.height);
    this.context.transferFromImageBitmap(bitmap);
  }
}

/** Holds a canvas that shows HDR; `screenOf` makes it. */
export class Screen {
  constructor(canvas, context, device) {
    Object.assign(this, { canvas, context, device });
  }

  /** Shows pixels: half-precision RGBA from the top, encoded, 1 being white. */
  show(pixels, width, height) {
    resize(this.canvas, width, height);
    const texture = this.context.getCurrentTexture();
    this.device.queue.writeTexture({ texture }, pixels, { bytesPerRow: 8 * width }, [width, height]);
  }
}

let asked = null;

/** The device that HDR is shown with; null where the screen or the browser has no HDR. */
export function hdrDevice() {
  if (!globalThis.matchMedia?.("(dynamic-range: high)").matches) return Promise.resolve(null);
  asked ??= (async () => (await (await navigator.gpu?.requestAdapter())?.requestDevice()) ?? null)().catch(() => null);
  return asked;
}

/** Makes a canvas one that shows HDR; null where the browser cannot do that. */
export function screenOf(canvas, device, primaries) {
  const context = device && canvas.getContext("webgpu");
  if (!context) return null;
  context.configure({
    device,
    format: "rgba16float",
    usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
    colorSpace: primaries,
    alphaMode: "opaque",
    toneMapping: { mode: "extended" },
  });
  return new Screen(canvas, context, device);
}
