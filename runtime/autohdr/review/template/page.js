// Puts the page together, and listens to keys.
byId("title").textContent = page.title;
byId("made").textContent = `The pictures are ${page.approximation}: near what Lightroom shows, not the same.`;
byId("about").textContent = `Made by autohdr ${page.version}. The pictures are ${page.approximation}: near what Lightroom shows, not the same. ΔL* is the mean change of lightness, 0 to 100.`;
if (photos.every((photo) => photo.difference == null)) {
  const option = document.querySelector('#sort [value="doubt"]');
  option.disabled = true;
  option.textContent = "doubt (needs a style)";
}
makeFilters();
// Where a photo is worth a look, these come first.
if (photos.some(toCheck)) byId("sort").value = "doubt";
arrange(byId("sort").value, "all");

byId("sort").addEventListener("change", () => arrange(byId("sort").value, kindNow()));
byId("all-before").addEventListener("click", () => {
  byId("all-before").ariaPressed = String(byId("all-before").ariaPressed !== "true");
  hold(false);
});
byId("close").addEventListener("click", () => large.close());
byId("previous").addEventListener("click", () => turn(-1));
byId("next").addEventListener("click", () => turn(1));
byId("shows").addEventListener("change", (event) => choose(event.target.value));
byId("divider").addEventListener("input", compare);
byId("hdr").addEventListener("click", () => {
  byId("hdr").ariaPressed = String(byId("hdr").ariaPressed !== "true");
  showRange();
});
bright.addEventListener("change", showRange);
large.addEventListener("close", () => {
  const left = cards.get(current);
  history.replaceState(null, "", " ");
  if (!left || !left.isConnected) return;
  left.scrollIntoView({ block: "nearest" });
  left.firstElementChild.focus();
});
// Holding the picture itself shows what it was, as holding B does.
frame.addEventListener("pointerdown", (event) => { if (chosen === "after" && event.button === 0) hold(true); });
for (const name of ["pointerup", "pointercancel", "blur"]) addEventListener(name, () => { if (held) hold(false); });

// Arrows go from card to card, as in any overview.
function walk(event, key) {
  const item = document.activeElement.closest("#photos > li");
  const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
  const step = { arrowright: 1, arrowleft: -1, arrowdown: columns, arrowup: -columns }[key];
  if (!item || !step) return;
  const next = list.children[[...list.children].indexOf(item) + step];
  if (next) next.firstElementChild.focus();
  event.preventDefault();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
  const key = event.key.toLowerCase();
  if (key === "b" && !event.repeat) hold(true);
  if (!large.open) return walk(event, key);
  const inside = event.target.matches("input");
  if (key === "arrowright" && !inside) turn(1);
  else if (key === "arrowleft" && !inside) turn(-1);
  else if (key === "home" && !inside && shown.length) show(shown[0]);
  else if (key === "end" && !inside && shown.length) show(shown[shown.length - 1]);
  else if (key === "s" && !current.failed) choose(chosen === "split" ? "after" : "split");
  else if (key === "h" && !byId("hdr").hidden && !byId("hdr").disabled) byId("hdr").click();
  else return;
  event.preventDefault();
});
addEventListener("keyup", (event) => { if (event.key.toLowerCase() === "b") hold(false); });

// Paper has no scrolling: what it shows has to be there, and browsers wait for some pictures only.
function prepared() {
  haveBefore();
  put(Infinity);
  const pictures = [...list.querySelectorAll("img")];
  for (const one of pictures) one.loading = "eager";
  return Promise.allSettled(pictures.map((one) => one.complete || new Promise((done) => { one.onload = one.onerror = done; })));
}
addEventListener("beforeprint", prepared);
async function printAll() {
  byId("print").disabled = true;
  await prepared();
  byId("print").disabled = false;
  print();
}
byId("print").addEventListener("click", printAll);
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "p") {
    event.preventDefault();
    printAll();
  }
});

const named = location.hash && photos.find((photo) => address(photo) === location.hash);
if (named) openLarge(named);
