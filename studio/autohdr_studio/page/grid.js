/** Shows all photos as tiles; only the lines that are near the view are there. */
import { post } from "/page/api.js";
import { settingsOf } from "/page/edits.js";
import { groups, order, state, tag, watch } from "/page/store.js";
import * as thumbs from "/page/thumbs.js";

const WIDTH = 232, GAP = 12, TILE = 214, HEADINGS = { 2: 40, 3: 28 }, NEAR = 600;
const scroller = document.getElementById("scroller"), grid = document.getElementById("grid"), empty = document.getElementById("empty");
let lines = [], lineOf = new Map(), height = 0, columns = 1, before = false, current = null, laid = "", open = () => {};
const shown = new Map();
const tiles = new Map();

export function start(onOpen) {
  open = onOpen;
  new ResizeObserver(layOut).observe(scroller);
  scroller.addEventListener("scroll", () => requestAnimationFrame(show), { passive: true });
  grid.addEventListener("click", (event) => event.target.closest(".tile") && open(event.target.closest(".tile").dataset.id));
  grid.addEventListener("keydown", move);
  watch((kind, ids) => {
    if (kind === "list") layOut();
    else update(ids);
  });
}

export function showBefore(on) {
  before = on;
  thumbs.refresh([...tiles.keys()]);
}

/** Puts all photos into lines of tiles, and headings between them; what is in view stays there, unless another list is asked for. */
export function layOut() {
  const list = `${state.sort}|${state.filter}`, held = list === laid ? inView() : null;
  laid = list;
  columns = Math.max(1, Math.floor((scroller.clientWidth - 40 + GAP) / (WIDTH + GAP)));
  lines = [];
  lineOf = new Map();
  height = 12;
  let day = "";
  for (const group of groups()) {
    if (group.day !== day) heading(2, group.day, group.ids[0]);
    if (group.time) heading(3, group.time, group.ids[0]);
    ({ day } = group);
    for (let first = 0; first < group.ids.length; first += columns) {
      const ids = group.ids.slice(first, first + columns);
      for (const id of ids) lineOf.set(id, lines.length);
      put({ key: `${columns}|${ids.join()}`, ids }, TILE, GAP);
    }
  }
  grid.style.height = `${height + 12}px`;
  grid.ariaColCount = columns;
  grid.ariaRowCount = lines.length;
  empty.hidden = lines.length > 0;
  empty.textContent = state.photos.size ? "No photo is like that." : "There is no RAW file here.";
  const line = lines[lineOf.get(held?.id)];
  scroller.scrollTop = line ? line.top - held.below : held ? scroller.scrollTop : 0;
  const focused = document.activeElement?.closest(".tile")?.dataset.id;
  show();
  if (focused && !grid.contains(document.activeElement)) tiles.get(focused)?.focus({ preventScroll: true });
}

function put(line, size, gap = 0) {
  lines.push({ ...line, index: lines.length, top: height, height: size });
  height += size + gap;
}

const heading = (level, title, id) => put({ key: `${level}${title}${id}`, title, level }, HEADINGS[level]);

/** The first photo in view, and how far below the upper edge it is; null at the top. */
function inView() {
  if (scroller.scrollTop <= 0) return null;
  const line = lines.slice(firstBelow(scroller.scrollTop), firstBelow(scroller.scrollTop) + 3).find((one) => one.ids);
  return line ? { id: line.ids[0], below: line.top - scroller.scrollTop } : {};
}

/** The number of the first line that ends below a place. */
function firstBelow(place) {
  let from = 0, to = lines.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (lines[middle].top + lines[middle].height > place) to = middle;
    else from = middle + 1;
  }
  return from;
}

function show() {
  const from = scroller.scrollTop - NEAR, to = scroller.scrollTop + scroller.clientHeight + NEAR;
  const near = [];
  for (let index = firstBelow(from); index < lines.length && lines[index].top < to; index += 1) near.push(lines[index]);
  const keys = new Set(near.map((line) => line.key));
  for (const [key, node] of shown) if (!keys.has(key)) remove(key, node);
  let last = null;
  for (const [place, line] of near.entries()) {
    const node = shown.get(line.key) ?? add(line);
    node.style.top = `${line.top}px`;
    node.ariaRowIndex = String(line.index + 1);
    follow(node, last);
    last = node;
    if (place === 0 && !tiles.has(current)) reach(node);
  }
  want(near);
}

/** Puts a line behind the one above it, for those who go by the order of the page; what has the focus keeps it. */
function follow(node, last) {
  if (node.previousElementSibling === last) return;
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  grid.insertBefore(node, last ? last.nextSibling : grid.firstChild);
  focused?.focus({ preventScroll: true });
}

let asked = "";

/** Tells the server which photos are seen: they are prepared before all others. */
function want(near) {
  const ids = near.flatMap((line) => line.ids ?? []).filter((id) => state.photos.get(id).state === "waiting");
  if (!ids.length || ids.join() === asked) return;
  asked = ids.join();
  post("/api/want", { ids }).catch(() => {});
}

function reach(node) {
  const first = node.querySelector(".tile");
  if (first && !grid.querySelector('.tile[tabindex="0"]')) first.tabIndex = 0;
}

function add(line) {
  const node = document.createElement("div");
  node.className = "line-of-grid";
  node.role = "row";
  node.style.height = `${line.height}px`;
  if (line.title !== undefined) {
    node.classList.add("heading", `level-${line.level}`);
    const cell = document.createElement("div"), words = document.createElement(`h${line.level}`);
    cell.role = "gridcell";
    cell.ariaColSpan = String(columns);
    words.textContent = line.title;
    cell.append(words);
    node.append(cell);
  } else {
    node.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    node.append(...line.ids.map(tile));
  }
  shown.set(line.key, node);
  grid.append(node);
  return node;
}

function remove(key, node) {
  for (const one of node.querySelectorAll(".tile")) {
    thumbs.forget(one.querySelector("canvas"));
    if (tiles.get(one.dataset.id) === one) tiles.delete(one.dataset.id);
  }
  node.remove();
  shown.delete(key);
}

function tile(id) {
  const node = document.createElement("button");
  node.type = "button";
  node.role = "gridcell";
  node.className = "tile";
  node.dataset.id = id;
  node.tabIndex = id === current ? 0 : -1;
  const frame = document.createElement("span"), canvas = document.createElement("canvas"), waiting = document.createElement("span");
  frame.className = "shown";
  waiting.className = "waiting";
  canvas.width = canvas.height = 1;
  frame.append(canvas, waiting);
  const caption = document.createElement("span"), name = document.createElement("span"), told = document.createElement("span");
  caption.className = "caption";
  told.className = "tag";
  caption.append(name, told);
  node.append(frame, caption);
  tiles.set(id, node);
  fill(node);
  thumbs.draw(id, canvas, () => settingsOf(state.photos.get(id), undefined, before));
  return node;
}

function fill(node) {
  const photo = state.photos.get(node.dataset.id);
  const [frame, caption] = node.children;
  const ready = photo.state === "ready";
  frame.firstChild.hidden = !ready;
  frame.lastChild.hidden = ready;
  frame.lastChild.textContent = photo.state === "failed" ? photo.note ?? "cannot be read" : "…";
  const [word, kind] = tag(photo);
  caption.firstChild.textContent = photo.name;
  caption.lastChild.textContent = word;
  caption.lastChild.className = `tag ${kind}`;
  caption.lastChild.title = word.includes("±") ? "Its suggestion may be this much lighter or darker than an edit of yours (L*, 0 to 100)" : "";
  node.classList.toggle("excluded", Boolean(photo.excluded));
  node.ariaLabel = [photo.name, word, photo.state === "failed" ? photo.note : ""].filter(Boolean).join(", ");
}

function update(ids) {
  for (const id of ids) {
    const node = tiles.get(id);
    if (node) fill(node);
  }
  thumbs.refresh(ids);
}

/** Shows that these photos' labels are other ones now. */
export function flash(ids) {
  for (const id of ids) {
    const node = tiles.get(id);
    if (!node) continue;
    node.classList.remove("changed");
    void node.offsetWidth;
    node.classList.add("changed");
  }
}

export function focus(id) {
  const line = lines[lineOf.get(id)];
  if (!line) return;
  if (line.top < scroller.scrollTop || line.top + line.height > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = Math.max(0, line.top - scroller.clientHeight / 3);
  }
  show();
  for (const one of grid.querySelectorAll('.tile[tabindex="0"]')) one.tabIndex = -1;
  current = id;
  const node = tiles.get(id);
  if (node) {
    node.tabIndex = 0;
    node.focus({ preventScroll: true });
  }
}

function move(event) {
  const from = event.target.closest(".tile")?.dataset.id;
  const all = order();
  const at = all.indexOf(from);
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -at, End: all.length - 1 - at }[event.key];
  if (at < 0 || step === undefined) return;
  event.preventDefault();
  focus(all[Math.min(all.length - 1, Math.max(0, at + step))]);
}
