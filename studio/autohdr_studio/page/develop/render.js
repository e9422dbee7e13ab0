// Runs the pass over the pixels: chooses the program, and gives it its numbers and tables.

import { TABLES } from "./numbers.js";
import { LEVELS } from "./local_tone.js";
import { FOURS, VERTEX, fragment } from "./shader.js";

/** Settings by name; those that are missing rest. */
export function named(settings) {
  const values = Object.fromEntries(TABLES.sliders.names.map((name, i) => [name, settings.values[i] || 0]));
  return { ...settings, ...values, hdr: settings.hdr ?? false, headroom: settings.headroom ?? 4 };
}

/** Begins the program for a choice of what acts, and returns its name. */
function begin(gpu, choice) {
  const name = Object.values(choice).join();
  gpu.begin(name, () => [VERTEX, fragment(choice)]);
  return name;
}

/** Begins one program that the next move of a slider may need, beside one in use; false once all have begun. */
export function beginAnother(gpu, choice) {
  const known = gpu.programs.size;
  for (const local of [0, 1, 2]) {
    for (const vibrance of [0, 1, 2]) {
      for (const saturation of [false, true]) {
        begin(gpu, { ...choice, local, vibrance, saturation });
        if (gpu.programs.size > known) return true;
      }
    }
  }
  return false;
}

/**
 * Draws a scene, or a part of it, to the framebuffer that is bound; returns the choice of what acts in it.
 * @param {{primaries: string, width: number, height: number, part?: number[], bright?: boolean, fromTop?: boolean}} how
 *   at which size, for which display; `part` is [left, top, width, height] in pixels of the scene, all of it if not
 *   given; `bright` is for an HDR edit's HDR rendition, `fromTop` for rows from the top, `sampled` for pixels as
 *   they are at another size, too.
 */
export function render(gpu, scene, settings, how) {
  const { gl } = gpu;
  const all = named(settings);
  const made = scene.prepared.of(all);
  const dark = made.dim ? 2 : 1;
  const choice = {
    local: made.local ? (made.local.byPlace ? 2 : 1) : 0,
    hdr: all.hdr ? (how.bright ? 3 : dark) : 0,
    balance: Boolean(made.balance),
    channels: Boolean(made.channels),
    vibrance: made.vibrance ? (made.vibrance[0] > 0 ? 1 : 2) : 0,
    saturation: Boolean(made.saturation),
    primaries: how.primaries,
  };
  const places = gpu.use(begin(gpu, choice));
  const part = how.part ?? [0, 0, scene.width, scene.height];
  // At another size than its own a picture is drawn from means of neighbours.
  scene.bind(gpu, places.units.scene, !how.sampled && (part[2] !== how.width || part[3] !== how.height));
  gl.uniform4fv(places.numbers, numbersOf(scene, made, all, { ...how, part }));
  if (made.balance) {
    const { matrix, blown, slope, white } = made.balance;
    gl.uniformMatrix3fv(places.balance, true, matrix.flat());
    gl.uniform3f(places.blown, blown, slope, white);
  }
  if (made.channels) gl.uniform3fv(places.lifts, made.channels.lifts);
  tables(gpu, places.units, made, choice);
  if (made.local) localGain(gpu, places.units, made.local);
  gpu.cover(how.width, how.height);
  return choice;
}

/** The numbers that are the same for all pixels, in the order that the shader knows them by. */
function numbersOf({ width, height }, { factor, lift, local, vibrance, saturation }, { headroom }, how) {
  const [left, top, across, down] = how.part;
  const [origin, stride] = how.fromTop ? [top, down / how.height] : [top + down, -down / how.height];
  const cells = local ? [local.found.width, local.found.height, local.columns ?? 1, local.rows ?? 1] : [1, 1, 1, 1];
  const colour = [...(vibrance ?? Array(14).fill(0)).slice(1), ...(saturation ?? Array(5).fill(0))];
  const first = [width, height, left, origin, across / how.width, stride, factor, lift];
  const all = new Float32Array(4 * FOURS);
  all.set([...first, ...cells, 2 ** headroom, 0, 0, 0, ...colour]);
  return all;
}

function tables(gpu, units, made, choice) {
  const { gl } = gpu;
  const form = { internal: gl.RGBA32F, format: gl.RGBA, type: gl.FLOAT };
  const curves = { ...form, width: 128, height: 52 };
  gpu.bind(units.curves, "curves", made.curves, curves);
  if (choice.channels) gpu.bind(units.channels, "channels", made.channels.pairs, curves);
  const row = { ...form, width: TABLES.display.nodes - 1, height: 1 };
  if (choice.hdr > 1) gpu.bind(units.bright, "bright", made.bright, row);
  if (choice.hdr === 2) gpu.bind(units.dim, "dim", made.dim, row);
}

function localGain(gpu, units, { found, byPlace, gains, rows, columns }) {
  const { gl } = gpu;
  const form = { internal: gl.RGBA32F, format: gl.RGBA, type: gl.FLOAT, width: found.width, height: found.height };
  gpu.bind(units.base, "base", found.base, form);
  if (byPlace) {
    gpu.bind(units.gains, "places", gains, { ...form, width: LEVELS, height: rows * columns });
  } else {
    const pairs = { ...form, internal: gl.RG32F, format: gl.RG, width: TABLES.localTone.samples, height: 1 };
    gpu.bind(units.gains, "gains", gains, pairs);
  }
}
