/** What part of the open photo is seen: all of it, or pixel by pixel, moved by hand and by keys. */
import * as painter from "/page/painter.js";

const byId = (id) => document.getElementById(id);
const frame = byId("frame"), stage = frame.parentElement, divider = byId("divider");
/** Pixels of the screen for one of the photo. */
const LARGEST = 8, STEPS = [1, 2, 4, 8];
/** Pixels of the page: a pointer that moves less clicks, and one so near to the divider's line moves that. */
const CLICK = 4, NEAR = 14;
/** What a key moves, and with Shift, in parts of what is seen. */
const STEP = 0.1, FAR = 0.5;
const FIT = { scale: null, x: 0.5, y: 0.5 };
/** `scale` is null where all is seen; `x` and `y` are the middle of what is seen, from 0 to 1. */
let view = { ...FIT }, whole = [3, 2], began = () => {}, split = () => false;

/** `onDetail()` is called as details are wanted, `isSplit()` says whether before stands beside after. */
export function start(onDetail, isSplit) {
  [began, split] = [onDetail, isSplit];
  new ResizeObserver(() => active() && changed()).observe(stage);
  frame.addEventListener("pointerdown", pressed);
  frame.addEventListener("dblclick", (event) => event.preventDefault());
  stage.addEventListener("wheel", wheel, { passive: false });
  byId("zoom").addEventListener("click", () => toggle());
}

/** Another photo is shown, of so many pixels: all of it. */
export function use(width, height) {
  whole = [width || 3, height || 2];
  frame.style.setProperty("--ratio", String(whole[0] / whole[1]));
  fit();
}

export const active = () => view.scale !== null;

/** What is seen, in pixels of the photo with its details: {whole, part: [left, top, width, height], size}; null for all. */
export function seen() {
  if (!active()) return null;
  const size = screenSize();
  const span = size.map((pixels) => pixels / view.scale);
  // At whole pixels, so that one of the photo is exactly one of the screen.
  const start = [view.x, view.y].map((middle, k) => Math.round(middle * whole[k] - span[k] / 2));
  return { whole, part: [...start, ...span], size };
}

const dots = () => globalThis.devicePixelRatio || 1;
const room = () => [stage.clientWidth, stage.clientHeight];

/** Pixels of the screen that the picture has: those of the stage, or fewer where the photo has. */
const screenSize = () => room().map((size, k) => Math.max(1, Math.min(Math.floor(size * dots()), Math.round(whole[k] * view.scale))));

/** Pixels of the screen for one of the photo where all of it is seen. */
const fitting = () => Math.min(...room().map((size, k) => (size * dots()) / whole[k]));

export function fit() {
  if (active()) painter.paint();
  view = { ...FIT };
  frame.style.width = frame.style.height = "";
  tell();
}

/** All of it, or pixel by pixel, about a place from 0 to 1. */
export function toggle(x = 0.5, y = 0.5) {
  if (active()) fit();
  else to(1, x, y);
}

function to(scale, x = view.x, y = view.y) {
  if (scale <= fitting() && scale < 1) return fit();
  view = { scale: Math.min(scale, LARGEST), x, y };
  began();
  return changed();
}

/** Keeps the view within the photo, and draws it. */
function changed() {
  const size = screenSize();
  [frame.style.width, frame.style.height] = size.map((pixels) => `${pixels / dots()}px`);
  const half = size.map((pixels, k) => pixels / view.scale / whole[k] / 2);
  [view.x, view.y] = [view.x, view.y].map((middle, k) => Math.min(1 - half[k], Math.max(half[k], middle)));
  tell();
  painter.move(true);
}

/** Says in words how large the photo is seen. */
export function tell() {
  const on = active(), percent = Math.round(100 * (view.scale ?? 1));
  frame.classList.toggle("zoomed", on);
  byId("zoom").ariaPressed = String(on);
  const size = whole.map((pixels) => pixels.toLocaleString("en")).join(" × ");
  const state = painter.refined() ? "" : "; its details are being read";
  const words = on ? `${percent} % of the ${size} pixels that are developed here${state}` : "";
  if (byId("zoom-note").textContent !== words) byId("zoom-note").textContent = words;
}

/** Moves what is seen by parts of it. */
function pan(x, y) {
  const size = screenSize();
  view.x += (x * size[0]) / view.scale / whole[0];
  view.y += (y * size[1]) / view.scale / whole[1];
  changed();
}

/** Zooms by a factor about a place of the frame (0 to 1), which stays where it is. */
function about(factor, x, y) {
  const from = view.scale ?? fitting(), scale = Math.min(from * factor, LARGEST);
  const size = active() ? screenSize() : whole.map((pixels) => pixels * from);
  const place = [x, y].map((at, k) => [view.x, view.y][k] + ((at - 0.5) * size[k]) / from / whole[k]);
  const later = room().map((room_, k) => Math.min(room_ * dots(), whole[k] * scale));
  to(scale, ...place.map((at, k) => at - (([x, y][k] - 0.5) * later[k]) / scale / whole[k]));
}

function step(up) {
  const now = view.scale ?? fitting();
  const next = up ? STEPS.find((one) => one > now * 1.01) : STEPS.findLast((one) => one < now * 0.99 && one > fitting());
  if (next) to(next);
  else if (!up) fit();
}

function placeOf(event) {
  const box = frame.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

function wheel(event) {
  if (!event.ctrlKey) return;
  event.preventDefault();
  about(2 ** (-event.deltaY / 200), ...placeOf(event).map((at) => Math.min(1, Math.max(0, at))));
}

/** A pointer clicks, or moves the photo, or, near its line, the divider. */
function pressed(event) {
  if (event.button || (event.target === divider && !active())) return;
  const line = split() && Math.abs(placeOf(event)[0] - divider.value / 100) * frame.clientWidth < NEAR;
  let last = event, far = 0;
  const moved = (now) => {
    far = Math.max(far, Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY));
    if (line) {
      divider.value = String(100 * placeOf(now)[0]);
      divider.dispatchEvent(new Event("input"));
    } else if (active()) pan((last.clientX - now.clientX) / frame.clientWidth, (last.clientY - now.clientY) / frame.clientHeight);
    last = now;
  };
  const ended = () => {
    frame.removeEventListener("pointermove", moved);
    if (far < CLICK && !line) toggle(...placeOf(event));
  };
  frame.setPointerCapture(event.pointerId);
  frame.addEventListener("pointermove", moved);
  frame.addEventListener("pointerup", ended, { once: true });
}

/** Does what a key means here; false where it means nothing. Arrows move a photo only where it is not all seen. */
export function key({ key: name, shiftKey }, typing) {
  const far = shiftKey ? FAR : STEP;
  const arrows = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] };
  if (arrows[name] && active() && !typing) pan(...arrows[name]);
  else if (name === "Escape" && active()) fit();
  else if (name.toLowerCase() === "z") toggle();
  else if (name === "+" || name === "=") step(true);
  else if (name === "-") step(false);
  else return false;
  return true;
}
