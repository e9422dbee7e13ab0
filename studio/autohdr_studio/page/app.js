/** The studio's page: what the server tells goes into the store, and what the photographer does goes to the server. */
import { get, listen, post } from "/page/api.js";
import { Developer } from "/page/develop/index.js";
import * as dialogs from "/page/dialogs.js";
import * as grid from "/page/grid.js";
import * as look from "/page/look.js";
import { filters, order, put, state, tell } from "/page/store.js";
import * as thumbs from "/page/thumbs.js";

const byId = (id) => document.getElementById(id);
const say = (sentence) => { byId("sentence").textContent = sentence ?? ""; };

/** What the server tells before the page is there; null once it is. */
let early = [];
const gone = "The studio does not answer; start it again with autohdr studio.";

async function start() {
  const developer = await Developer.create();
  const handlers = {
    photo: (photo) => put([photo]), photos: (told) => put(told.photos), progress, learnt, wrote, note: (told) => say(told.sentence), reload: () => location.reload(),
    stopped: () => say("The studio has stopped. Start it again with autohdr studio."),
  };
  // Heard before the shoot is asked for: nothing that happens in between is missed, nor while the line was broken.
  listen(
    Object.fromEntries(Object.entries(handlers).map(([type, act]) => [type, (told) => (early ? early.push(() => act(told)) : act(told))])),
    () => whole(developer).catch((error) => say(error.message)),
    () => say(gone),
  );
}

/** Shows the shoot as it is now; the first time the page is made. */
async function whole(developer) {
  const shoot = await get("/api/shoot");
  Object.assign(state, { name: shoot.name, sliders: shoot.sliders, balance: shoot.balance, further: shoot.further, style: shoot.style, mode: shoot.mode, readonly: shoot.readonly });
  if (early) {
    byId("name").textContent = shoot.name;
    document.title = `${shoot.name} – autohdr studio`;
    thumbs.use(developer);
    grid.start(look.open);
    look.start(developer, (id) => grid.focus(id));
    buttons();
  }
  put(shoot.photos);
  progress(shoot.progress);
  choices();
  say(shoot.learning ? "Learning …" : shoot.readonly ? "Another autohdr works in this shoot: nothing can be saved here." : shoot.sentence);
  notes(shoot);
  curve(shoot.curve);
  const waiting = early ?? [];
  early = null;
  for (const act of waiting) act();
}

let listed = "";
function choices() {
  const found = filters(), told = JSON.stringify(found);
  if (told === listed) return;
  listed = told;
  byId("filter").replaceChildren(...found.map(([value, words]) => new Option(words, value, false, value === state.filter)));
}

/** Says what is to be known of the photos. */
function notes({ notes: told }) {
  byId("notes").textContent = told.join(" ");
  byId("notes").hidden = !told.length;
}

function progress(told) {
  if (!told) return;
  const { done, total, failed, rate, left } = told;
  const all = done >= total;
  const words = all ? `${total} photos` : `${done} of ${total} photos read`;
  const speed = all || !rate ? "" : `, ${Math.round(rate)} a minute${left == null ? "" : `, ${Math.ceil(left)} s left`}`;
  byId("progress").textContent = `${words}${speed}${failed ? `, ${failed} failed` : ""}`;
  choices();
}

/** A style was solved again: every label that is not the photographer's own changes at once. */
function learnt(told) {
  state.style = told.style;
  const changed = [];
  for (const [id, label, errors, difference, settings, beside] of told.labels) {
    const photo = state.photos.get(id);
    if (!photo) continue;
    const own = photo.whose === "photographer" || photo.whose === "correction";
    if (!own && JSON.stringify([photo.label, photo.beside.label]) !== JSON.stringify([label, beside.label])) changed.push(id);
    state.photos.set(id, { ...photo, label, errors, difference, settings: settings ?? photo.settings, beside, values: own ? photo.values : label });
  }
  tell(state.sort === "time" && state.filter === "all" ? "photos" : "list", told.labels.map(([id]) => id));
  grid.flash(changed);
  say(told.sentence);
  curve(told.curve);
  document.body.dataset.learnt = String(Number(document.body.dataset.learnt ?? 0) + 1);
}

function wrote({ kind, done, total, counts, reason, ended, then }) {
  const verb = kind === "write" ? "Applied" : "Taken back";
  const sums = Object.entries(counts).sort(([, one], [, other]) => other - one).map(([status, count]) => `${count} ${status}`).join(", ");
  if (ended) document.body.dataset.ended = `${kind} ${sums}`;
  const next = then ?? (kind === "write" ? "In Lightroom, select these photos and choose Metadata > Read Metadata from Files." : "");
  say(ended ? `${verb}: ${sums || "nothing to do"}. ${reason ? `It ended early: ${reason}. ` : ""}${next}` : `${verb}: ${done} of ${total} …`);
}

function curve(points) {
  byId("curve").hidden = !points || points.length < 2;
  if (byId("curve").hidden) return;
  const most = Math.max(...points.map(([, value]) => value)), last = points.at(-1);
  const from = points[0][0], to = Math.max(last[0], from + 1);
  byId("curve-line").setAttribute("points", points.map(([edits, value]) => `${4 + (152 * (edits - from)) / (to - from)},${42 - (36 * value) / most}`).join(" "));
  byId("curve-caption").textContent = `${last[0]} edits: ±${last[1].toFixed(1)} L* on average`;
}

function buttons() {
  byId("filter").addEventListener("change", () => { state.filter = byId("filter").value; tell("list"); });
  byId("sort").addEventListener("change", () => { state.sort = byId("sort").value; tell("list"); });
  byId("all-before").addEventListener("click", () => {
    const on = byId("all-before").ariaPressed !== "true";
    byId("all-before").ariaPressed = String(on);
    grid.showBefore(on);
  });
  const acts = { next, write: () => dialogs.write(order()), undo: dialogs.undo, "save-style": dialogs.saveStyle, help: dialogs.keys };
  for (const [id, act] of Object.entries(acts)) {
    byId(id).addEventListener("click", async () => {
      try {
        const told = await act();
        if (told?.sentence) say(told.sentence);
      } catch (error) {
        say(error.message);
      }
    });
  }
  for (const id of ["write", "undo", "save-style"]) byId(id).disabled = state.readonly;
  window.addEventListener("focus", () => post("/api/refresh", {}).then(notes).catch(() => {}));
  window.addEventListener("beforeunload", (event) => state.drafts.size && event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.target.matches("input, select") || event.ctrlKey || event.metaKey) return;
    const act = { n: "next", "?": "help", b: "all-before" }[event.key.toLowerCase()];
    if (act) byId(act).click();
  });
}

async function next() {
  const { id } = await get("/api/next");
  if (id) look.open(id);
  else say("No photo is left to edit.");
}

start().catch((error) => {
  byId("empty").hidden = false;
  byId("empty").textContent = error.message;
});
