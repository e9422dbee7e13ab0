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

const SCREEN = "HDR edit, shown as its SDR rendition: this screen shows no HDR as it is set up now.";
const BROWSER = "HDR edit, shown as its SDR rendition: this browser lets no page show HDR (Chrome and Edge do from 131 on).";
const BRIGHT = "(dynamic-range: high)";

/** Finds what HDR is shown with: `{device, without}`; without a device the second is a sentence that says why. */
export async function hdrDevice() {
  if (!globalThis.matchMedia?.(BRIGHT).matches) return { device: null, without: SCREEN };
  try {
    const device = await (await navigator.gpu?.requestAdapter())?.requestDevice();
    if (device && extends_(device)) return { device, without: null };
  } catch { /* a browser may know the names and have nothing behind them */ }
  return { device: null, without: BROWSER };
}

/** Calls `act()` when the window comes to a screen of another kind, or the device is gone. */
export function onChange(device, act) {
  const media = globalThis.matchMedia?.(BRIGHT), ended = new AbortController();
  const changed = () => {
    if (!ended.signal.aborted) act();
    ended.abort();
  };
  media?.addEventListener?.("change", changed, { signal: ended.signal });
  device?.lost.then(changed);
}

/** Whether canvases of a device go beyond white: a browser that does not know how leaves the wish out. */
function extends_(device) {
  const context = new OffscreenCanvas(1, 1).getContext("webgpu");
  configure(context, device, "srgb");
  return context.getConfiguration?.()?.toneMapping?.mode === "extended";
}

function configure(context, device, primaries) {
  context.configure({
    device,
    format: "rgba16float",
    usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
    colorSpace: primaries,
    alphaMode: "opaque",
    toneMapping: { mode: "extended" },
  });
}

/** Makes a canvas one that shows HDR; null where the browser cannot do that. */
export function screenOf(canvas, device, primaries) {
  const context = device && canvas.getContext("webgpu");
  if (!context) return null;
  configure(context, device, primaries);
  return new Screen(canvas, context, device);
}
