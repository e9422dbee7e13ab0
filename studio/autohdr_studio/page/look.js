/** One photo, large: before and after, its sliders, and what can be done with it. */
import { bytes, get, post } from "/page/api.js";
import * as balance from "/page/balance.js";
import { alike, besideOf, settingsOf } from "/page/edits.js";
import { nearest, relation } from "/page/neighbour.js";
import * as painter from "/page/painter.js";
import * as sliders from "/page/sliders.js";
import { isOwn, order, put, state, tell, watch } from "/page/store.js";
import * as thumbs from "/page/thumbs.js";
import * as zoom from "/page/zoom.js";

const byId = (id) => document.getElementById(id);
const dialog = byId("look"), frame = byId("frame");
const LONELY = "You have edited no other photo yet: there are no sliders to take over.";
let developer = null, loading = null, abort = null, show = "after", sdr = false, closed = () => {};

export function start(made, onClose) {
  developer = made;
  closed = onClose;
  painter.start(developer, settings, zoom.seen);
  developer.addEventListener("screen", () => state.open && told(false));
  zoom.start(() => refine(), () => show === "split");
  sliders.make(drafted, painter.lightAt);
  const acts = {
    previous: () => turn(-1), following: () => turn(1), close, split: () => view(show === "split" ? "after" : "split"),
    rendition: () => { sdr = !sdr; byId("rendition").ariaPressed = String(sdr); painter.paint(); },
    auto, neighbour, label: suggested, restore, save, exclude,
  };
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", () => attempt(act));
  // Pressed by a key, it stays: a screen reader has no other way to hold it.
  byId("hold").addEventListener("click", (event) => event.detail === 0 && view(show === "before" ? "after" : "before"));
  byId("hold").addEventListener("pointerdown", () => view("before"));
  for (const type of ["pointerup", "pointerleave", "blur"]) byId("hold").addEventListener(type, () => show === "before" && view("after"));
  byId("divider").addEventListener("input", () => frame.style.setProperty("--at", `${byId("divider").value}%`));
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
  // A browser closes it by itself where Escape comes twice.
  dialog.addEventListener("close", () => !dialog.open && close());
  // On the document: a button that is disabled once it has done its work loses the focus to nobody.
  document.addEventListener("keydown", (event) => state.open && key(event));
  document.addEventListener("keyup", (event) => state.open && ["b", "\\"].includes(event.key.toLowerCase()) && show === "before" && view("after"));
  watch((kind, ids) => { if (state.open && (kind === "list" || ids.includes(state.open))) told(kind === "photos" && !dirty()); });
}

const photo = () => state.photos.get(state.open);
const dirty = () => state.drafts.has(state.open);
/** Whether nothing can be saved of the photo; one that is `fixed` says why in its note. */
const unsavable = () => state.readonly || photo()?.state !== "ready" || photo().fixed || (!dirty() && isOwn(photo()));

/** Keeps what sliders were moved to until it is saved, also while other photos are looked at. */
function drafted(edit) {
  state.drafts.set(state.open, edit);
  byId("save").disabled = unsavable();
  painter.move();
}

function saved(id) {
  state.drafts.delete(id);
  tell("photos", [id]);
}

export async function open(id) {
  const left = state.open;
  state.open = id;
  if (left) tell("photos", [left]);
  abort?.abort();
  abort = new AbortController();
  painter.use(loading = null);
  if (!dialog.open) dialog.showModal();
  byId("message").textContent = "";
  zoom.use(photo().width, photo().height);
  view("after");
  told(true);
  painter.hint(thumbs.small(id));
  await Promise.all([near(), load()]);
}

/** Fetches the photo's scene, once it is ready. */
async function load() {
  const id = state.open;
  if (photo()?.state !== "ready" || loading === id) return;
  loading = id;
  try {
    const found = await bytes(`/api/photos/${id}/scene?size=1600`, abort.signal);
    if (state.open !== id) return;
    painter.use(developer.load(found));
    if (zoom.active()) refine();
  } catch (error) {
    if (loading === id) loading = null;
    if (error.name !== "AbortError" && state.open === id) byId("message").textContent = error.message;
  }
}

export function close() {
  if (!state.open) return;
  const id = state.open;
  state.open = null;
  abort?.abort();
  painter.use(loading = null);
  dialog.close();
  tell("photos", [id]);
  closed(id);
}

/** Fetches the photo's details, for whoever looks closely. */
async function refine() {
  try {
    await painter.refine(state.open, abort.signal);
    zoom.tell();
  } catch (error) {
    if (error.name !== "AbortError") byId("message").textContent = error.message;
  }
}

/** What the photo is developed with now. */
function settings(unedited) {
  if (!photo()) return null;
  const found = settingsOf(photo(), sliders.edit(), unedited);
  return sdr ? { ...found, rendition: "sdr" } : found;
}

/** Shows what is known of the photo; its sliders too, where the photographer has not moved any. */
function told(values) {
  const one = photo();
  if (!one) return close();
  const ids = order(), at = ids.indexOf(one.id);
  byId("position").textContent = at < 0 ? "" : `${at + 1} of ${ids.length}`;
  byId("previous").disabled = at <= 0;
  byId("following").disabled = at < 0 || at >= ids.length - 1;
  byId("look-name").textContent = one.name;
  byId("taken").textContent = (one.taken ?? []).join(" · ");
  const whose = {
    photographer: "Your own edit.", correction: "Your correction of autohdr's edit.", autohdr: "autohdr's edit, as it was applied.", nobody: "A suggestion, not written yet.",
  }[one.whose] ?? "";
  byId("whose").textContent = [whose, one.state === "ready" ? one.note : ""].filter(Boolean).join(" ");
  byId("stage-note").hidden = one.state === "ready";
  byId("stage-note").textContent = one.state === "failed" ? one.note ?? "It cannot be read." : "Being read …";
  byId("exclude").ariaPressed = String(Boolean(one.excluded));
  byId("label").disabled = !one.label;
  lend(nearest(one));
  byId("restore").disabled = state.readonly || !one.undoable;
  byId("save").disabled = unsavable();
  const hdr = (one.mode ?? state.mode).hdr;
  byId("rendition").hidden = !developer.hdr || !hdr;
  byId("hdr-note").textContent = (hdr && developer.without) || "";
  byId("others").replaceChildren(...(one.others ?? []).flatMap(([name, value]) => [text("dt", name), text("dd", value)]));
  if (values) { sliders.tell(one); painter.paint(); }
  load();
}

/** Says whose sliders can be taken over. */
function lend(other) {
  byId("neighbour").disabled = !other;
  byId("neighbour").title = other ? `Take the sliders of ${relation(photo(), other)}, your own edit that is nearest in time (U)` : LONELY;
}

function text(kind, words) {
  const node = document.createElement(kind);
  node.textContent = words;
  return node;
}

async function near() {
  const id = state.open;
  const section = byId("why");
  section.hidden = true;
  const [found, whole] = await Promise.all([get(`/api/photos/${id}/near`), get(`/api/photos/${id}`)]).catch(() => []);
  if (!found || state.open !== id) return;
  for (const canvas of byId("near").querySelectorAll("canvas")) thumbs.forget(canvas);
  const shown = found.near.filter((other) => other.id && other.id !== id).slice(0, 3);
  section.hidden = !whole.why?.unlike && !shown.length;
  byId("why-words").textContent = whole.why?.unlike ?? "In light and tones like these edits of yours:";
  byId("near").replaceChildren(...shown.map(({ id: other, name }) => {
    const item = document.createElement("li"), button = document.createElement("button"), canvas = document.createElement("canvas");
    button.type = "button";
    button.append(canvas, text("span", name));
    button.addEventListener("click", () => attempt(() => open(other)));
    thumbs.draw(other, canvas, () => settingsOf(state.photos.get(other)));
    item.append(button);
    return item;
  }));
}

function view(how) {
  show = how;
  frame.dataset.show = how;
  byId("before").hidden = how === "after";
  for (const id of ["divider", "line"]) byId(id).hidden = how !== "split";
  byId("split").ariaPressed = String(how === "split");
  byId("hold").ariaPressed = String(how === "before");
}

/** Moves sliders to an edit, if there is one. */
function move(edit) {
  if (!edit?.values) return;
  sliders.set(photo(), edit);
  drafted(sliders.edit());
}

/** The eight as Lightroom's Auto has them; all else stays as it was moved. */
const auto = async () => move({ ...sliders.edit(), values: (await get(`/api/photos/${state.open}/auto`)).values });

const suggested = () => move(alike(photo(), photo().label, photo().beside.label));

function neighbour() {
  const other = nearest(photo());
  if (!other) throw new Error(LONELY);
  move(alike(photo(), other.values, besideOf(other, { also: {} })));
  byId("message").textContent = `The sliders are those of ${relation(photo(), other)}. Nothing is saved yet.`;
}

function turn(step) {
  const ids = order(), next = ids[ids.indexOf(state.open) + step];
  if (next) open(next);
}

async function save() {
  const id = state.open;
  put([await post(`/api/photos/${id}/edit`, sliders.edit())]);
  saved(id);
  if (state.open !== id) return;
  const next = (await get("/api/next")).id;
  if (state.open !== id) return;
  byId("message").textContent = "Saved.";
  if (next && next !== id) open(next);
  else told(true);
}

async function restore() {
  const id = state.open;
  put([await post(`/api/photos/${id}/restore`, {})]);
  saved(id);
  told(true);
}

async function exclude() {
  put([await post(`/api/photos/${state.open}/exclude`, { excluded: !photo().excluded })]);
}

async function attempt(act) {
  byId("message").textContent = "";
  try {
    await act();
  } catch (error) {
    byId("message").textContent = error.message;
  }
}

function key(event) {
  const typing = event.target.matches("input");
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) { event.preventDefault(); return attempt(restore); }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=text]")) return undefined;
  if (zoom.key(event, typing)) return event.preventDefault();
  if (["b", "\\"].includes(event.key.toLowerCase()) && !event.repeat) return view("before");
  const acts = {
    y: () => view(show === "split" ? "after" : "split"), h: () => byId("rendition").click(), a: auto, u: neighbour, l: suggested, x: exclude, w: () => balance.picking(!balance.active()),
    n: async () => { const next = (await get("/api/next")).id; if (next) open(next); },
  };
  if (!typing) Object.assign(acts, { arrowleft: () => turn(-1), arrowright: () => turn(1) });
  if (!event.target.matches("button")) acts.enter = () => !byId("save").disabled && save();
  const act = acts[event.key.toLowerCase()];
  if (!act) return undefined;
  event.preventDefault();
  return attempt(act);
}
