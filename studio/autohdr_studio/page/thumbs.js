/** Draws small pictures: their scenes are fetched when they are seen, a few at a time, and the least used ones go. */
import { bytes } from "/page/api.js";
import { state } from "/page/store.js";

const KEPT = 240, AT_ONCE = 4, AGAIN = 2000;
const scenes = new Map();
const wanted = new Map();
let developer = null, busy = 0, planned = false;
const redraw = new Set();

/** How many scenes are held; never more than `KEPT`, however many photos are scrolled past. */
export const held = () => scenes.size;

export function use(made) {
  developer = made;
  developer.addEventListener("restored", () => refresh([...scenes.keys()]));
}

/** Draws a photo into a canvas as soon as its scene is here; `shows()` says what, and whether it is still wanted. */
export function draw(id, canvas, shows) {
  wanted.set(canvas, { id, shows });
  if (scenes.has(id)) later(canvas);
  else fetchNext();
}

/** The small scene of a photo, where it is here. */
export const small = (id) => scenes.get(id);

export function forget(canvas) {
  wanted.delete(canvas);
  redraw.delete(canvas);
}

function later(canvas) {
  redraw.add(canvas);
  if (planned) return;
  planned = true;
  requestAnimationFrame(paint);
}

/** Draws what fits into a frame; the rest waits for the next one, so that scrolling stays smooth. */
function paint() {
  planned = false;
  const end = performance.now() + 12;
  for (const canvas of redraw) {
    redraw.delete(canvas);
    const want = wanted.get(canvas);
    if (!want) continue;
    const scene = touched(want.id), settings = want.shows();
    if (scene && settings) developer.draw(scene, settings, canvas);
    if (performance.now() > end) break;
  }
  if (redraw.size) {
    planned = true;
    requestAnimationFrame(paint);
  }
}

function touched(id) {
  const scene = scenes.get(id);
  if (scene) {
    scenes.delete(id);
    scenes.set(id, scene);
  }
  return scene;
}

const loading = new Set();

async function fetchNext() {
  if (!developer || busy >= AT_ONCE) return;
  const next = [...wanted.values()].find((want) => !scenes.has(want.id) && !loading.has(want.id) && state.photos.get(want.id)?.state === "ready");
  if (!next) return;
  busy += 1;
  loading.add(next.id);
  try {
    keep(next.id, developer.load(await bytes(`/api/photos/${next.id}/scene?size=256`)));
    for (const [canvas, want] of wanted) if (want.id === next.id) later(canvas);
  } catch {
    setTimeout(fetchNext, AGAIN);
  } finally {
    busy -= 1;
    loading.delete(next.id);
  }
  fetchNext();
  fetchNext();
}

function keep(id, scene) {
  scenes.set(id, scene);
  for (const [oldest, gone] of scenes) {
    if (scenes.size <= KEPT) break;
    scenes.delete(oldest);
    gone.free();
  }
}

/** A photo is ready, or its settings are other ones. */
export function refresh(ids) {
  const changed = new Set(ids);
  for (const [canvas, want] of wanted) if (changed.has(want.id) && scenes.has(want.id)) later(canvas);
  fetchNext();
}
