/** White balance: Temperature and Tint, As Shot at rest, and a spot of the picture that shall be grey. */
import { get } from "/page/api.js";
import { besideOf } from "/page/edits.js";
import { neutral } from "/page/develop/index.js";
import { Line } from "/page/slider.js";
import { state } from "/page/store.js";

const byId = (id) => document.getElementById(id);
const frame = byId("frame"), message = byId("message");
const HINT = "Click on something that is grey or white, and not blown out.";
const UNKNOWN = "Its file does not tell in what light it was shot, so it stays as it is.";
const lines = new Map();
/** What was moved, by key, both null for As Shot; the light as shot; what the label has, or null of As Shot; the photo. */
let also = {}, light = null, resting = null, of = null, changed = () => {}, lightAt = () => null;

/** `onChange()` is called as it moves, `onPick(x, y)` for the light at a place of the picture, from 0 to 1. */
export function make(onChange, onPick) {
  [changed, lightAt] = [onChange, onPick];
  const acts = { moved: () => move(shown()), rested: () => move(resting), cleared: () => move(null) };
  for (const slider of state.balance) lines.set(slider.key, new Line(slider, acts));
  byId("balance-sliders").replaceChildren(...[...lines.values()].map(({ item }) => item));
  byId("as-shot").addEventListener("click", () => move(null));
  byId("balance-auto").addEventListener("click", auto);
  byId("pick").addEventListener("click", () => picking(!active()));
  // Before all others: a click of it neither zooms nor moves the divider, and Escape leaves nothing else.
  frame.addEventListener("pointerdown", picked, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && active() && (stop(event), picking(false)), true);
}

export const moved = () => also;

const numbers = (values) => Object.fromEntries(state.balance.map(({ key }, index) => [key, values?.[index] ?? null]));
const shown = () => state.balance.map(({ key }) => lines.get(key).now);
const inOrder = (found) => (found?.[state.balance[0].key] == null ? null : state.balance.map(({ key }) => found[key]));

/** Moves to a Temperature and a Tint; null is As Shot. */
function move(values) {
  if (!light) return;
  also = numbers(values);
  show(values);
  changed();
}

function show(values) {
  byId("as-shot").ariaPressed = String(!values);
  byId("balance-sliders").hidden = !values && !light;
  state.balance.forEach(({ key }, index) => lines.get(key).show((values ?? light)?.[index] ?? 0));
  for (const line of lines.values()) line.item.classList.toggle("resting", !values);
}

export function set(photo, draft) {
  light = photo.light;
  also = Object.fromEntries(Object.entries(draft).filter(([key]) => lines.has(key)));
  show(inOrder(besideOf(photo, { also })));
}

/** Shows what the label has, how far it may be off, and whether it can be moved at all. */
export function tell(photo) {
  if (of !== photo.id || !light) picking(false);
  of = photo.id;
  resting = inOrder(photo.beside?.label);
  state.balance.forEach(({ key }, index) => {
    const line = lines.get(key);
    line.tell(photo.beside?.label[key], photo.beside?.errors[key]);
    line.mark(light?.[index] ?? line.now);
    line.disabled = !light;
  });
  for (const id of ["as-shot", "balance-auto", "pick"]) byId(id).disabled = !light;
  byId("balance-note").hidden = Boolean(light) || photo.state !== "ready";
  byId("balance-note").textContent = UNKNOWN;
}

async function auto() {
  const id = state.open;
  try {
    const { balance } = await get(`/api/photos/${id}/auto`);
    if (balance && state.open === id) move(balance);
  } catch (error) {
    message.textContent = error.message;
  }
}

export const active = () => frame.classList.contains("picking");

/** Begins to wait for a click into the picture, or ends it. */
export function picking(on) {
  frame.classList.toggle("picking", on && Boolean(light));
  byId("pick").ariaPressed = String(active());
  if (active()) message.textContent = HINT;
  else if (message.textContent === HINT) message.textContent = "";
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function picked(event) {
  if (!active() || event.button) return;
  stop(event);
  const box = frame.getBoundingClientRect();
  const found = lightAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  const values = found && neutral(found.header, found.light);
  message.textContent = values ? "" : "This spot is too dark or blown out; pick another one.";
  if (!values) return;
  picking(false);
  move(values);
}
