/** Draws the open photo: roughly while something moves, fully once it rests, and never faster than graphics follow. */
import { bytes } from "/page/api.js";

/** Milliseconds: without a move for so long a slider rests; and what a whole picture may take to be drawn at each move. */
const REST = 140, QUICK = 30;
/** Pixels of the longer edge of what is counted while something moves. */
const ROUGH = 256;
const byId = (id) => document.getElementById(id);
const frame = byId("frame");
const targets = new Map();
/** What shall be drawn: "after" and "before", and whether roughly. */
let wanted = new Map();
/** What was drawn roughly and shall be drawn fully once it rests. */
const owed = new Set();
let developer = null, scene = null, detail = null, settings = null, viewed = () => null, busy = false, slow = true, timer = 0;

/** `how(unedited)` says what the photo is developed with, `where()` which part of it is seen (as zoom.js has it). */
export function start(made, how, where) {
  [developer, settings, viewed] = [made, how, where];
  screens();
  developer.addEventListener("restored", () => paint());
  developer.addEventListener("screen", () => {
    screens();
    paint();
  });
}

/** Makes the canvases targets of the developer. New ones take the place of those that are: a canvas stays of one kind. */
function screens() {
  for (const name of ["after", "before"]) {
    const canvas = byId(name).cloneNode();
    byId(name).replaceWith(canvas);
    targets.set(name, developer.screen(canvas));
  }
}

/** Shows another photo's scene, or none. */
export function use(next) {
  scene?.free();
  detail?.free();
  [scene, detail] = [next, null];
  if (!next) frame.dataset.drawn = "";
  wanted.clear();
  owed.clear();
  clearTimeout(timer);
  timer = 0;
  if (next) paint();
}

/** Shows a photo by its small scene, where that is here already, until its own comes: no empty frame in between. */
export function hint(small) {
  const told = small && settings(false);
  if (told && developer.draw(small, told, targets.get("after"))) frame.dataset.drawn = "small";
}

/** Takes the scene with all details, once it is here; until then its place is taken by the smaller one. */
export async function refine(id, signal) {
  const mine = scene;
  if (!mine || detail) return;
  const found = await bytes(`/api/photos/${id}/scene?size=4096`, signal);
  if (scene !== mine || detail) return;
  detail = developer.load(found, mine);
  paint();
}

/** Whether everything is drawn that was asked for. */
export const resting = () => !busy && !timer;

export const refined = () => detail !== null;

/** The light at a place of the frame, from 0 to 1, and the header of the scene that it is of; null while there is none. */
export function lightAt(x, y) {
  if (!scene) return null;
  const seen = viewed(), from = seen && detail ? detail : scene;
  const [left, top, wide, high] = seen ? seen.part.map((size, k) => size / seen.whole[k % 2]) : [0, 0, 1, 1];
  return { header: scene.header, light: from.lightAt(left + x * wide, top + y * high) };
}

/** Draws both pictures, or the one without an edit as well, in the next frame, however often it is asked. */
export function paint(both = true) {
  clearTimeout(timer);
  timer = 0;
  wanted.set("after", false);
  if (both) wanted.set("before", false);
  run();
}

/** Draws while a slider moves, or the view: half of the pixels, where all of them take too long, and these afterwards. */
export function move(both = false) {
  for (const name of both ? ["after", "before"] : ["after"]) if (wanted.get(name) !== false) wanted.set(name, slow);
  clearTimeout(timer);
  timer = 0;
  run();
}

async function run() {
  if (busy) return;
  busy = true;
  try {
    while (scene && wanted.size) {
      await new Promise(requestAnimationFrame);
      await frames();
    }
    if (scene && owed.size) timer = setTimeout(settle, REST);
  } finally {
    busy = false;
  }
}

/** Draws all pixels of what was drawn roughly. */
function settle() {
  timer = 0;
  for (const name of owed) wanted.set(name, false);
  run();
}

/** Draws what is wanted, what is seen first, and waits for it. */
async function frames() {
  const now = [...wanted].sort();
  wanted = new Map();
  for (const [name, rough] of now) {
    if (!scene) return;
    const began = performance.now(), mine = scene;
    if (!draw(name, rough)) return;
    if (rough) owed.add(name);
    else owed.delete(name);
    await developer.done();
    if (scene !== mine) continue;
    if (!rough) measured(performance.now() - began);
    if (name !== "after") continue;
    frame.dataset.drawn = rough ? "half" : "whole";
    const bins = await developer.histogram(mine, rough ? ROUGH : undefined);
    if (scene === mine) histogram(bins);
  }
}

/** Told how long a whole picture takes, ms. */
export function measured(time) {
  slow = time > QUICK;
}

function draw(name, rough) {
  const told = settings(name === "before");
  if (!told) return false;
  const seen = viewed(), from = seen && detail ? detail : scene;
  scene.settings = told;
  return developer.draw(from, told, targets.get(name), sized(from, seen, rough ? 2 : 1));
}

/** The part of a scene that is seen and the picture's size; `seen` is as zoom.js has it, null for all of it. */
function sized({ width, height }, seen, rough) {
  const half = (size) => Math.max(1, Math.floor(size / rough));
  if (!seen) return { width: half(width), height: half(height) };
  const [across, down] = [width / seen.whole[0], height / seen.whole[1]];
  const [left, top, wide, high] = seen.part;
  return { part: [left * across, top * down, wide * across, high * down], width: half(seen.size[0]), height: half(seen.size[1]) };
}

function histogram(bins) {
  const canvas = byId("histogram"), context = canvas.getContext("2d");
  const top = Math.max(1, ...bins.filter((_, index) => index % 256 > 1 && index % 256 < 254));
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = "screen";
  ["#a33", "#3a3", "#36c", "#777"].forEach((colour, channel) => {
    context.fillStyle = colour;
    for (let bin = 0; bin < 256; bin += 1) {
      const tall = Math.min(1, bins[channel * 256 + bin] / top) * canvas.height;
      context.fillRect(bin, canvas.height - tall, 1, tall);
    }
  });
  const clipped = (first) => Math.max(bins[first], bins[256 + first], bins[512 + first]);
  const total = bins.slice(768, 1024).reduce((sum, count) => sum + count, 0) || 1;
  canvas.ariaLabel = `Histogram; ${((100 * clipped(0)) / total).toFixed(1)} % black, ${((100 * clipped(255)) / total).toFixed(1)} % white`;
}
