"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const USED = data.columns.length - 1;
const NAMES = [...new Set(data.records.map((record) => record.name))];
const EDITS = [...new Set(data.records.map((record) => record.edits))].sort((one, other) => one - other);
const PEOPLE = Object.keys(data.photographers);
const MEASURES = {
  r2: "R2, against labels", clean_r2: "R2, against labels without inconsistency",
  mae: "mean error, in the slider's unit", position: "error between mean label (0) and floor (1)",
  times_floor: "mean error, in floors",
};
const state = { photographer: "all", slider: USED, measure: "r2", edits: EDITS.includes(20) ? 20 : EDITS[EDITS.length - 1],
  hidden: new Set(), sort: [1, -1], way: null, network: 0, photo: 0 };

const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
const colour = (name) => `var(--c${NAMES.indexOf(name) % 8})`;
const dash = (name) => ["", "5 3", "2 3"][Math.floor(NAMES.indexOf(name) / 8) % 3];
const known = (value) => value !== null && value !== undefined;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const number = (value, digits = 2) => (known(value) ? value.toFixed(digits).replace("-", "−") : "–");

/* A record's [mean, low, high] of a measure. */
function value(record, measure, column = state.slider) {
  return record.values[data.measures.indexOf(measure)][column];
}
function chosen(more = () => true) {
  return data.records.filter((record) => record.photographer === state.photographer && !state.hidden.has(record.name) && more(record));
}
function digits(measure) {
  return measure.endsWith("mae") && state.slider < USED ? data.sliders[state.slider].digits : 2;
}

/* Round numbers between two ends, about `count` of them. */
function ticks(low, high, count = 5) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((candidate) => candidate >= rough);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) found.push(Math.abs(at) < step / 1e6 ? 0 : at);
  return { found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}
let clips = 0;

/* Lines over numbers. series: [{name, points: [[x, y, low, high]], colour, dash}], limits: [{label, points: [[x, y]]}]. */
function lines({ series, limits = [], across, up, log = false, low, high, width = 760, height = 360 }) {
  const left = 52, right = 16, top = 28, bottom = 40;
  const xs = [...new Set([...series, ...limits].flatMap((one) => one.points.map((point) => point[0])))].sort((a, b) => a - b);
  if (!xs.length) return '<p class="note">Nothing was run for this choice.</p>';
  const place = (x) => (log ? Math.log(x) : x);
  const [first, last] = [place(xs[0]), place(xs[xs.length - 1])];
  const X = (x) => left + (last > first ? (place(x) - first) / (last - first) : 0.5) * (width - left - right);
  const span = (high - low) || 1;
  const Y = (y) => top + (1 - (y - low) / span) * (height - top - bottom);
  const { found, digits: places } = ticks(low, high);
  const clip = `clip${clips++}`;
  const parts = [`<clipPath id="${clip}"><rect x="${left - 6}" y="${top - 6}" width="${width - left - right + 12}" height="${height - top - bottom + 12}"/></clipPath>`];
  for (const at of found) {
    parts.push(`<line class="grid" x1="${left}" x2="${width - right}" y1="${Y(at)}" y2="${Y(at)}"/>`);
    parts.push(`<text x="${left - 8}" y="${Y(at) + 4}" text-anchor="end">${number(at, places)}</text>`);
  }
  const marks = log ? xs : ticks(xs[0], xs[xs.length - 1], 6).found;
  for (const at of marks) parts.push(`<text x="${X(at)}" y="${height - bottom + 18}" text-anchor="middle">${at}</text>`);
  parts.push(`<text x="${(left + width - right) / 2}" y="${height - 4}" text-anchor="middle">${escape(across)}</text>`);
  parts.push(`<g clip-path="url(#${clip})">`);
  const path = (points) => points.map(([x, y], index) => `${index ? "L" : "M"}${X(x).toFixed(1)} ${Y(y).toFixed(1)}`).join("");
  for (const one of series) {
    const band = one.points.filter((point) => known(point[2]));
    if (band.length > 1) {
      const back = [...band].reverse().map((point) => [point[0], point[2]]);
      parts.push(`<path d="${path([...band.map((point) => [point[0], point[3]]), ...back])}Z" fill="${one.colour}" opacity="0.1"/>`);
    }
  }
  for (const one of limits) parts.push(`<path class="ideal" d="${path(one.points)}"/>`);
  for (const one of series) {
    parts.push(`<path d="${path(one.points)}" fill="none" stroke="${one.colour}" stroke-width="2" stroke-dasharray="${one.dash}"/>`);
    if (one.points.length <= 12) for (const [x, y] of one.points) parts.push(`<circle cx="${X(x)}" cy="${Y(y)}" r="3.5" fill="${one.colour}"/>`);
  }
  parts.push("</g>");
  const shown = limits.filter((one) => one.points.length).map((one) => ({ label: one.label, y: Y(one.points[one.points.length - 1][1]) }));
  for (const one of shown) if (one.y > top - 6 && one.y < height - bottom) parts.push(`<text x="${left + 6}" y="${one.y - 5}">${escape(one.label)}</text>`);
  xs.forEach((x, index) => {
    const from = index ? (X(xs[index - 1]) + X(x)) / 2 : left - 10, to = index < xs.length - 1 ? (X(x) + X(xs[index + 1])) / 2 : width - right + 10;
    const rows = [...series, ...limits.map((one) => ({ ...one, name: one.label }))]
      .map((one) => [one.name, one.points.find((point) => point[0] === x)]).filter(([, point]) => point)
      .sort((one, other) => other[1][1] - one[1][1])
      .map(([name, point]) => `${number(point[1], up.digits ?? 2)}${known(point[2]) ? ` (${number(point[2], up.digits ?? 2)} to ${number(point[3], up.digits ?? 2)})` : ""}  ${name}`);
    parts.push(`<rect x="${from}" y="${top}" width="${Math.max(1, to - from)}" height="${height - top - bottom}" fill="transparent" data-tip="${escape([`${x} ${across}`, ...rows].join("\n"))}"/>`);
  });
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(up.label)}"><text class="strong" x="${left}" y="${top - 14}">${escape(up.label)}</text>${parts.join("")}</svg>`;
}

function drawLearning() {
  const measure = state.measure;
  const made = (name, from) => chosen((record) => record.name === name).sort((a, b) => a.edits - b.edits)
    .map((record) => [record.edits, ...value(record, from)]).filter((point) => known(point[1]));
  const series = NAMES.filter((name) => !state.hidden.has(name))
    .map((name) => ({ name, points: made(name, measure), colour: colour(name), dash: dash(name) })).filter((one) => one.points.length);
  const limit = (label, from) => ({ label, points: EDITS.map((edits) => {
    const record = data.records.find((one) => one.edits === edits && one.photographer === state.photographer);
    return [edits, typeof from === "number" ? from : record && value(record, from)[0]];
  }).filter((point) => known(point[1])) });
  const pairs = { r2: ["mean_r2", "best_r2"], clean_r2: ["mean_r2", 1], mae: ["mean_mae", "floor_mae"], position: [0, 1], times_floor: [null, 1] };
  const [worst, best] = pairs[measure];
  const limits = [...(worst === null ? [] : [limit("mean label", worst)]), limit("best possible", best)];
  const ys = [...series, ...limits].flatMap((one) => one.points.map((point) => point[1]));
  const bounded = !["mae", "times_floor"].includes(measure);
  const low = bounded ? Math.max(-0.5, Math.min(0, ...ys)) : 0, high = bounded ? 1 : Math.max(...ys, 0) * 1.05;
  $("learning").innerHTML = measure === "mae" && state.slider === USED
    ? '<p class="note">Sliders have different units: choose one above, or another measure.</p>'
    : lines({ series, limits, across: "edits", up: { label: MEASURES[measure], digits: digits(measure) }, log: true, low, high });
}

function drawSliders() {
  const records = chosen((record) => record.edits === state.edits);
  const rows = data.columns.map((label, column) => ({ label, column }))
    .filter(({ column }) => records.some((record) => known(value(record, "position", column)[0])));
  if (!rows.length) { $("sliders").innerHTML = '<p class="note">Nothing was run for this choice.</p>'; return; }
  const width = 760, left = 110, right = 16, top = 24, step = Math.max(34, 10 + 7 * records.length), height = top + rows.length * step + 34;
  const values = rows.flatMap(({ column }) => records.map((record) => value(record, "position", column)[0])).filter(known);
  const low = Math.max(-1, Math.min(0, ...values)), high = Math.max(1, ...values);
  const X = (x) => left + (Math.min(Math.max(x, low), high) - low) / (high - low) * (width - left - right);
  const parts = [];
  const scale = ticks(low, high, 6);
  for (const at of scale.found) parts.push(`<line class="${at === 0 || at === 1 ? "ideal" : "grid"}" x1="${X(at)}" x2="${X(at)}" y1="${top}" y2="${height - 30}"/><text x="${X(at)}" y="${height - 12}" text-anchor="middle">${number(at, scale.digits)}</text>`);
  parts.push(`<text x="${X(0)}" y="${top - 8}" text-anchor="middle">mean label</text><text x="${X(1)}" y="${top - 8}" text-anchor="end">floor</text>`);
  rows.forEach(({ label, column }, row) => {
    const middle = top + (row + 0.5) * step;
    parts.push(`<text class="strong" x="${left - 12}" y="${middle + 4}" text-anchor="end">${escape(label)}</text>`);
    if (row) parts.push(`<line class="grid" x1="${left}" x2="${width - right}" y1="${middle - step / 2}" y2="${middle - step / 2}"/>`);
    records.forEach((record, index) => {
      const [at, from, to] = value(record, "position", column);
      if (!known(at)) return;
      const y = middle + (index - (records.length - 1) / 2) * Math.min(8, (step - 10) / records.length);
      const unit = column < USED ? data.sliders[column] : null;
      const error = unit ? `\nerror ${number(value(record, "mae", column)[0], unit.digits)} ${unit.unit}, mean label ${number(value(record, "mean_mae", column)[0], unit.digits)}, floor ${number(value(record, "floor_mae", column)[0], unit.digits)}` : "";
      const tip = `${label}: ${record.name}\n${number(at)}${known(from) ? ` (${number(from)} to ${number(to)})` : ""}${error}`;
      if (known(from)) parts.push(`<line x1="${X(from)}" x2="${X(to)}" y1="${y}" y2="${y}" stroke="${colour(record.name)}" opacity="0.5"/>`);
      parts.push(`<circle cx="${X(at)}" cy="${y}" r="4" fill="${colour(record.name)}" data-tip="${escape(tip)}"/>`);
    });
  });
  $("sliders").innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Error of each slider between the mean label's and the floor's">${parts.join("")}</svg>`;
}

function drawCurves() {
  const curves = data.curves.filter((one) => one.edits === state.edits && !state.hidden.has(one.name) && (state.photographer === "all" || one.photographer === state.photographer));
  for (const [id, key, label] of [["loss", "loss", "training loss, in the recipe's own unit"], ["watched", "r2", "R2 on scored photos"]]) {
    const series = NAMES.map((name) => {
      const own = curves.filter((one) => one.name === name);
      const steps = [...new Set(own.flatMap((one) => one.curve.map((point) => point.step)))].sort((a, b) => a - b);
      const points = steps.map((step) => [step, own.flatMap((one) => one.curve.filter((point) => point.step === step && known(point[key])).map((point) => point[key]))])
        .filter(([, all]) => all.length).map(([step, all]) => [step, mean(all)]);
      return { name, points, colour: colour(name), dash: dash(name) };
    }).filter((one) => one.points.length);
    const ys = series.flatMap((one) => one.points.map((point) => point[1]));
    const low = key === "r2" ? Math.max(-1, Math.min(0, ...ys)) : 0, high = key === "r2" ? 1 : Math.max(...ys, 0) * 1.05;
    $(id).innerHTML = lines({ series, across: "steps", up: { label, digits: 3 }, low, high, width: 480, height: 300 });
  }
}

const HEADS = ["Way", "Edits", "R2", "R2, clean labels", "Error", "of the mean label", "of the floor", "Position", "× floor", "Runs", "Seconds", "Threads"];
function drawTable() {
  const unit = state.slider < USED ? data.sliders[state.slider].unit : "", places = digits("mae");
  const rows = chosen((record) => known(value(record, "r2")[0])).map((record) => {
    const [r2, clean, mae, before, floor, position, times] = ["r2", "clean_r2", "mae", "mean_mae", "floor_mae", "position", "times_floor"].map((measure) => value(record, measure));
    const interval = ([, from, to], count) => (known(from) ? ` <span class="quiet">${number(from, count)} to ${number(to, count)}</span>` : "");
    return [[record.name, escape(record.name)], [record.edits, record.edits], [r2[0], number(r2[0]) + interval(r2, 2)], [clean[0], number(clean[0])],
      [mae[0], `${number(mae[0], places)} ${known(mae[0]) ? unit : ""}${interval(mae, places)}`], [before[0], number(before[0], places)], [floor[0], number(floor[0], places)],
      [position[0], number(position[0]) + interval(position, 2)], [times[0], number(times[0])], [record.count, record.count], [record.seconds, number(record.seconds, 1)], [record.threads, escape(record.threads)]];
  });
  const [by, way] = state.sort;
  rows.sort((one, other) => {
    const [a, b] = [one[by][0], other[by][0]];
    if (!known(a) || !known(b)) return known(b) - known(a);
    return way * (typeof a === "string" ? a.localeCompare(b) : a - b) || other[2][0] - one[2][0];
  });
  const head = HEADS.map((label, index) => `<th scope="col" aria-sort="${index === by ? (way > 0 ? "ascending" : "descending") : "none"}"><button type="button" data-sort="${index}">${label}</button></th>`).join("");
  $("table").innerHTML = `<thead><tr>${head}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell[1]}</td>`).join("")}</tr>`).join("")}</tbody>`;
}

/* Sliders by photo, in Lightroom's unit, from base64; NaN where there is none. */
function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)), view = new DataView(bytes.buffer), rows = [];
  for (let at = 0; at < bytes.length; at += 16) rows.push(data.limits.map((limit, slider) => {
    const steps = view.getInt16(at + 2 * slider, true);
    return steps === -32768 ? NaN : (steps / (data.resolution / 2)) * limit;
  }));
  return rows;
}

function drawPhotos() {
  const person = state.photographer === "all" ? PEOPLE[0] : state.photographer, { uses, labels } = data.photographers[person];
  $("whose").textContent = `Photographer ${person}, ${state.edits} edits.`;
  const found = data.predictions.find((one) => one.photographer === person && one.name === state.way && one.edits === state.edits);
  if (!found) { $("scatter").innerHTML = '<p class="note">Nothing was run for this choice.</p>'; $("worst").innerHTML = ""; return; }
  const truth = unpack(labels), predicted = unpack(found.values);
  const sliders = data.sliders.map((slider, index) => ({ ...slider, index })).filter(({ index }) => uses[index]);
  const spread = sliders.map(({ index }) => {
    const own = truth.map((row) => row[index]).filter((one) => !Number.isNaN(one)), middle = mean(own);
    return Math.sqrt(mean(own.map((one) => (one - middle) ** 2))) || 1;
  });
  $("scatter").innerHTML = sliders.map(({ name, unit, index }) => {
    const pairs = truth.map((row, photo) => [row[index], predicted[photo][index], photo]).filter(([one]) => !Number.isNaN(one));
    const all = pairs.flatMap(([one, other]) => [one, other]), low = Math.min(...all), high = Math.max(...all), side = 220, pad = 34;
    const at = (one) => (one - low) / (high - low || 1) * (side - pad - 8);
    const { found: round, digits: places } = ticks(low, high, 4);
    const axis = round.map((one) => `<text x="${pad - 5}" y="${side - pad - at(one) + 4}" text-anchor="end">${number(one, places)}</text><text x="${pad + at(one)}" y="${side - pad + 15}" text-anchor="middle">${number(one, places)}</text>`).join("");
    const dots = pairs.map(([one, other, photo]) => `<circle cx="${(pad + at(one)).toFixed(1)}" cy="${(side - pad - at(other)).toFixed(1)}" r="2.5" fill="${colour(state.way)}" opacity="0.55" data-tip="${escape(`${data.places[photo]}\ntrue ${number(one)} ${unit}\npredicted ${number(other)} ${unit}`)}"/>`).join("");
    return `<svg viewBox="0 0 ${side} ${side}" role="img" aria-label="${name}: predicted against true"><text class="strong" x="${pad}" y="12">${name}${unit ? `, ${unit}` : ""}</text><line class="ideal" x1="${pad}" y1="${side - pad}" x2="${side - 8}" y2="8"/>${axis}${dots}</svg>`;
  }).join("");
  const errors = truth.map((row, photo) => {
    const own = sliders.map(({ index }, order) => Math.abs(predicted[photo][index] - row[index]) / spread[order]).filter((one) => !Number.isNaN(one));
    return { photo, error: own.length ? mean(own) : 0 };
  }).sort((one, other) => other.error - one.error);
  $("worst").innerHTML = errors.slice(0, 6).map(({ photo, error }) => {
    const rows = sliders.map(({ name, unit, index, digits: places }) => `<tr><td>${name}</td><td>${number(predicted[photo][index], places - 1)} ${unit}</td><td class="quiet">${Number.isNaN(truth[photo][index]) ? "–" : number(truth[photo][index], places - 1)}</td></tr>`).join("");
    return `<figure><img alt="A photo of ${escape(data.places[photo])}" src="${data.photos[photo]}"><figcaption>${escape(data.places[photo])}, ${number(error, 1)} spreads off<table><tr><td></td><td>predicted</td><td class="quiet">true</td></tr>${rows}</table></figcaption></figure>`;
  }).join("");
}

function drawInside() {
  const inside = data.inside[state.network];
  if (!inside) { $("attention").innerHTML = '<p class="note">No network was looked into.</p>'; $("head").innerHTML = ""; return; }
  const veils = inside.veils[state.photo], side = Math.max(34, Math.min(84, Math.floor(900 / veils[0].length)));
  const maps = veils.map((layer, index) => `<span class="layer">${index + 1}</span>${layer.map((veil, head) => `<div class="map" style="width:${side}px;height:${side}px;background-image:url(${inside.photos[state.photo]})"><img alt="Layer ${index + 1}, head ${head + 1}" src="${veil}"></div>`).join("")}`).join("");
  $("attention").innerHTML = `<div class="photo" style="grid-template-columns:max-content repeat(${veils[0].length},${side}px)">${maps}</div>`;
  $("head").innerHTML = `${data.sliders.map((slider, row) => `<span style="grid-column:1;grid-row:${row + 1}">${slider.name}</span><span style="grid-column:3;grid-row:${row + 1}">norm ${number(inside.norms[row], 3)}</span>`).join("")}<img alt="Weights of ${inside.width} features" src="${inside.weights}">`;
}

function draw() {
  const person = data.photographers[state.photographer];
  $("about").textContent = person ? person.about : `${PEOPLE.length} photographers, each counted once.`;
  $("legend").innerHTML = NAMES.map((name) => `<button type="button" aria-pressed="${!state.hidden.has(name)}" data-name="${escape(name)}"><svg style="width:22px" viewBox="0 0 22 8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" stroke="${colour(name)}" stroke-width="3" stroke-dasharray="${dash(name)}"/></svg>${escape(name)}</button>`).join("");
  drawLearning(); drawSliders(); drawCurves(); drawTable(); drawPhotos(); drawInside();
}

function fill(id, options, key, redraw = draw) {
  $(id).innerHTML = options.map(([option, label]) => `<option value="${escape(option)}"${String(option) === String(state[key]) ? " selected" : ""}>${escape(label)}</option>`).join("");
  $(id).addEventListener("change", (event) => {
    state[key] = typeof state[key] === "number" ? Number(event.target.value) : event.target.value;
    redraw();
  });
}

const ranked = data.records.filter((record) => record.photographer === "all" && record.edits === state.edits && known(value(record, "r2")[0]))
  .sort((one, other) => value(other, "r2")[0] - value(one, "r2")[0]);
state.way = ranked.length ? ranked[0].name : NAMES[0];
fill("photographer", [["all", "all"], ...PEOPLE.map((name) => [name, name])], "photographer");
fill("slider", [[USED, data.columns[USED]], ...data.sliders.map((slider, index) => [index, slider.name])], "slider");
fill("measure", Object.entries(MEASURES), "measure");
fill("edits", EDITS.map((edits) => [edits, edits]), "edits");
fill("way", NAMES.map((name) => [name, name]), "way", drawPhotos);
fill("network", data.inside.map((one, index) => [index, `${one.name}, ${one.photographer}, ${one.edits} edits`]), "network", drawInside);
fill("photo", (data.inside[0] ? data.inside[0].photos : []).map((_, index) => [index, index + 1]), "photo", drawInside);
const [headline, ...rest] = data.summary.split("\n");
$("aim-head").textContent = headline;
$("aim").textContent = rest.join("\n");
$("legend").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const name = button.dataset.name;
  if (!state.hidden.delete(name)) state.hidden.add(name);
  draw();
  [...$("legend").children].find((one) => one.dataset.name === name).focus();
});
$("table").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const by = Number(button.dataset.sort);
  state.sort = [by, state.sort[0] === by ? -state.sort[1] : by === 0 || by === 1 ? 1 : -1];
  drawTable();
  $("table").querySelector(`[data-sort="${by}"]`).focus();
});
document.addEventListener("pointermove", (event) => {
  const told = event.target.closest ? event.target.closest("[data-tip]") : null;
  $("tip").hidden = !told;
  if (!told) return;
  $("tip").textContent = told.dataset.tip;
  const box = $("tip").getBoundingClientRect();
  $("tip").style.left = `${Math.min(event.clientX + 14, innerWidth - box.width - 8)}px`;
  $("tip").style.top = `${Math.min(event.clientY + 14, innerHeight - box.height - 8)}px`;
});
draw();
