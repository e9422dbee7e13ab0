// The overview: a card for each photo, in the order and of the kind that is asked for.
const list = byId("photos");
const cards = new Map();
let shown = [];
const [FIRST, REST] = [60, 200];
let waiting = [];
let timer = 0;
let both = false;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function image(photo, which) {
  const made = element("img", which);
  made.loading = "lazy";
  made.decoding = "async";
  made.width = photo.width;
  made.height = photo.height;
  made.alt = describe(photo, which);
  made.src = picture(photo, `${which}-small`);
  return made;
}

function card(photo) {
  const item = element("li");
  const button = element("button", "card");
  button.type = "button";
  const pair = element("span", "pair");
  if (photo.failed) pair.append(element("span", "none", reason(photo)));
  else pair.append(image(photo, "after"));
  const caption = element("span", "caption");
  const name = element("span", "name", photo.name);
  name.title = place(photo);
  const change = photo.change === null ? "" : `ΔL* ${photo.change.toFixed(1)}`;
  const side = element("span", "side", change);
  side.title = "Mean change of lightness between before and after";
  const exposure = values(photo)[0];
  const [word, kind] = status(photo);
  const off = kind ? "" : doubt(photo, 0); // there is room for one of the two
  const first = photo.failed ? [] : [exposure && `Exposure ${exposure[1]}${off}`, photo.hdr && "HDR"];
  caption.append(
    name, side,
    element("span", "line2", first.filter(Boolean).join(" · ")),
    element("span", `tag ${kind}`, word),
  );
  caption.lastElementChild.title = [why(photo), likeness(photo)].filter(Boolean).join(" ");
  const settings = [...values(photo), ...photo.others].map((pair) => pair.join(" ")).join(", ");
  const paper = [settings, photo.mode, photo.note].filter(Boolean).join(". ");
  caption.append(element("span", "print-only", photo.failed || paper));
  button.append(pair, caption);
  button.addEventListener("click", () => openLarge(photo));
  item.append(button);
  return item;
}

const ORDERS = {
  time: (photo) => (photo.captured === null ? Infinity : photo.captured),
  doubt: (photo) => (photo.difference == null ? Infinity : -photo.difference - (toCheck(photo) ? 1000 : 0)),
  change: (photo) => (photo.change === null ? Infinity : -photo.change),
};

function addBefore(photo) {
  const pair = cards.get(photo).querySelector(".pair");
  if (!photo.failed && !pair.querySelector(".before")) pair.append(image(photo, "before"));
}

// Most people look at the overview as it is: the pictures of before come when they are first asked for.
function haveBefore() {
  if (both) return;
  both = true;
  for (const photo of cards.keys()) addBefore(photo);
}

// The first screens are there at once; the browser gets on with other things before each further part.
function put(number) {
  const items = document.createDocumentFragment();
  for (const photo of waiting.splice(0, number)) {
    if (!cards.has(photo)) cards.set(photo, card(photo));
    if (both) addBefore(photo);
    items.append(cards.get(photo));
  }
  list.append(items);
  clearTimeout(timer);
  if (waiting.length) timer = setTimeout(put, 0, REST);
}

function arrange(order, kind) {
  const key = ORDERS[order];
  const wanted = KINDS.find((one) => one[0] === kind)[2];
  const sorted = photos.map((photo, index) => [key(photo), index, photo]);
  sorted.sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1));
  shown = sorted.map((one) => one[2]).filter(wanted);
  list.replaceChildren();
  waiting = shown.slice();
  put(FIRST);
  byId("none").hidden = shown.length > 0;
  byId("count").textContent = shown.length === photos.length ? count(photos.length) : `${shown.length.toLocaleString("en")} of ${count(photos.length)}`;
}

function makeFilters() {
  const fieldset = byId("filters");
  const found = KINDS.map(([key, word, holds]) => [key, word, photos.filter(holds).length]).filter((one) => one[2]);
  // One kind besides "all" holds all: there is nothing to choose.
  if (found.length < 3) { fieldset.hidden = true; return; }
  for (const [key, word, number] of found) {
    const label = element("label");
    const radio = element("input");
    Object.assign(radio, { type: "radio", name: "kind", value: key, checked: key === "all" });
    label.append(radio, element("span", "", key === "all" ? word : `${word} ${number.toLocaleString("en")}`));
    fieldset.append(label);
  }
  fieldset.addEventListener("change", () => arrange(byId("sort").value, kindNow()));
}

function kindNow() {
  const radio = document.querySelector("input[name=kind]:checked");
  return radio ? radio.value : "all";
}
