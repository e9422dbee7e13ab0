// One photo, large: before, after, or both with a divider between them; and its settings.
const large = byId("large");
const frame = byId("frame");
const bright = matchMedia("(dynamic-range: high)");
const limits = CSS.supports("dynamic-range-limit", "standard");
let current = null;
let chosen = "after";
let held = false;

function openLarge(photo) {
  if (large.open) return show(photo);
  large.showModal();
  show(photo);
  byId("name").focus();
}

function show(photo) {
  current = photo;
  const at = shown.indexOf(photo);
  byId("position").textContent = at < 0 ? "" : `${(at + 1).toLocaleString("en")} of ${shown.length.toLocaleString("en")}`;
  byId("previous").disabled = at <= 0;
  byId("next").disabled = at < 0 || at === shown.length - 1;
  byId("name").textContent = place(photo);
  byId("taken").textContent = [when(photo), ...photo.taken].filter(Boolean).join(" · ");
  showPictures(photo);
  showSettings(photo);
  for (const near of [shown[at + 1], shown[at - 1]]) {
    if (near && !near.failed) { new Image().src = picture(near, "after"); new Image().src = picture(near, "before"); }
  }
  history.replaceState(null, "", address(photo));
}

function showPictures(photo) {
  frame.hidden = byId("shows").disabled = Boolean(photo.failed);
  byId("missing").hidden = !photo.failed;
  byId("missing").textContent = photo.failed ? reason(photo) : "";
  if (photo.failed) return;
  frame.style.setProperty("--ratio", photo.width / photo.height);
  frame.style.setProperty("--most", `${Math.round(1.75 * photo.width)}px`);
  frame.style.backgroundImage = `url("${picture(photo, "after-small")}")`;
  for (const which of ["after", "before"]) {
    const shownNow = byId(which);
    shownNow.src = picture(photo, which);
    shownNow.alt = describe(photo, which);
  }
  compare();
}

function compare() {
  frame.dataset.show = held ? "before" : chosen;
  frame.style.setProperty("--at", `${byId("divider").value}%`);
  // What is not seen is not read out either.
  byId("before").ariaHidden = String(frame.dataset.show === "after");
  byId("after").ariaHidden = String(frame.dataset.show === "before");
  byId("divider").disabled = frame.dataset.show !== "split";
}

function choose(which) {
  chosen = which;
  document.querySelector(`input[name=show][value=${which}]`).checked = true;
  compare();
}

function hold(on) {
  held = on;
  if (!large.open) haveBefore();
  document.body.dataset.show = on || byId("all-before").ariaPressed === "true" ? "before" : "after";
  if (large.open) compare();
}

function showRange() {
  const any = photos.some((photo) => photo.hdr);
  const on = byId("hdr").ariaPressed === "true";
  document.documentElement.classList.toggle("sdr", !on);
  byId("hdr").hidden = !(current ? current.hdr : any);
  byId("hdr").disabled = !bright.matches || !limits;
  let told = "";
  if (current && current.hdr) {
    if (!bright.matches) told = "This screen shows the SDR rendition: it has no HDR, or HDR is off.";
    else if (!limits) told = "This browser shows HDR and cannot be asked for the SDR rendition.";
    else if (!on) told = "The SDR rendition is shown.";
  }
  byId("screen").textContent = told;
}

function row(name, text, value, limit, error, decimals) {
  const made = element("tr", value === 0 ? "zero" : "");
  const head = element("th", "", name);
  head.scope = "row";
  const track = element("td");
  if (value !== null) {
    const line = element("span", "track");
    line.ariaHidden = "true";
    const place = (one) => Math.min(100, Math.max(0, 50 + (50 * one) / limit));
    const part = (className, from, to) => {
      const mark = element("i", className);
      mark.style.left = `${Math.min(from, to)}%`;
      if (className !== "dot") mark.style.width = `${Math.abs(to - from)}%`;
      line.append(mark);
    };
    if (error) part("doubt", place(value - error), place(value + error));
    part("fill", 50, place(value));
    part("dot", place(value), place(value));
    track.append(line);
  }
  made.append(head, track, element("td", "value", text), element("td", "error", error ? `± ${error.toFixed(decimals)}` : ""));
  return made;
}

function showSettings(photo) {
  const [word, kind] = photo.passed ? ["Passed over by the run", "warn"] : photo.failed ? ["Failed", "bad"] : [WHOSE[photo.whose], ""];
  byId("state").replaceChildren(element("span", kind, word));
  if (photo.passed && photo.whose) byId("state").append(` · ${WHOSE[photo.whose]}`);
  byId("note").textContent = photo.note || "";
  byId("why").textContent = [why(photo), together(photo)].filter(Boolean).join(" ");
  byId("mode").textContent = photo.mode || "";
  const rows = [];
  const heading = (text) => {
    const made = element("tr", "head");
    const head = element("th", "", text);
    head.colSpan = 4;
    head.scope = "rowgroup";
    made.append(head);
    rows.push(made);
  };
  const [balance, rest] = [[], []];
  for (const other of photo.others) (["Temp", "Tint"].includes(other[0]) ? balance : rest).push(other);
  if (photo.values) {
    if (balance.length) heading("White balance");
    for (const [name, text] of balance) rows.push(row(name, text, null, 1, null, 0));
    page.sliders.forEach((slider, index) => {
      if (slider.name === "Exposure") heading("Tone");
      if (slider.name === "Vibrance") heading("Presence");
      const value = photo.values[index];
      const error = photo.errors ? photo.errors[index] : null;
      rows.push(row(slider.name, spelled(value, slider.decimals), value, slider.limit, error, slider.decimals));
    });
    if (rest.length) heading("Also developed");
    for (const [name, text] of rest) rows.push(row(name, text, null, 1, null, 0));
  }
  byId("sliders").classList.toggle("exact", !photo.errors);
  document.querySelector("#sliders tbody").replaceChildren(...rows);
  document.querySelector("#ignored ul").replaceChildren(...photo.ignored.map((name) => element("li", "", name)));
  byId("ignored").hidden = photo.ignored.length === 0;
  const told = [likeness(photo)];
  if (photo.change !== null) told.push(`Lightness changes by ${photo.change.toFixed(1)} L* on average.`);
  if (photo.errors) told.push(photo.why ? "± is the error that the style expects, from photos that it had not learnt from." : "± is how far photographers’ own edits are from such a label on average.");
  byId("changes").textContent = told.filter(Boolean).join(" ");
  showRange();
}

function turn(step) {
  const next = shown[shown.indexOf(current) + step];
  if (next) show(next);
}
