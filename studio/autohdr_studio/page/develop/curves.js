// The curves after the scene's stages: base curve, Contrast, parametric and point curves
// (`autohdr.develop.stages.base_curve`, `contrast`, `parametric` and `point_curve`).

import { TABLES, clamp, columnsAt, decode, encode, fromGamma, interp } from "./numbers.js";
import { lightToPower, natural, rising, toGamma } from "./numbers.js";
import { SampledCurve } from "./table.js";

const { contrast: CONTRAST, parametric: PARAMETRIC } = TABLES;

function baseCurve() {
  const { roots } = TABLES.baseCurve;
  const spline = natural(roots.map((_, i) => i / (roots.length - 1)), roots);
  return SampledCurve.of((encoded) => encode(spline(Math.sqrt(Math.min(decode(encoded), 1))) ** 2));
}

const BASE = baseCurve();

/** The S curve of Contrast about a pivot; null at rest. */
function contrastCurve(amount, pivot) {
  const strengths = columnsAt(amount, CONTRAST.amounts, CONTRAST.strengths);
  if (strengths.every((x) => x === 0)) return null;
  const strength = natural(CONTRAST.knots, strengths);
  const own = toGamma(clamp(pivot, CONTRAST.lowest, CONTRAST.highest));
  const power = Math.log(toGamma(CONTRAST.chartPivot)) / Math.log(own);
  return SampledCurve.of((value) => {
    const x = lightToPower(value, power);
    return lightToPower(x + x * (1 - x) * (x - CONTRAST.chartPivot) * strength(x), 1 / power);
  });
}

/** The cubic Hermite spline through knots, as a function; beyond them the first or last value. */
function hermite(knots, values, slopes) {
  const last = knots.length - 1;
  return (x) => {
    const inside = clamp(x, knots[0], knots[last]);
    let i = 0;
    while (i < last - 1 && knots[i + 1] <= inside) i++;
    const step = knots[i + 1] - knots[i];
    const t = (inside - knots[i]) / step;
    const s = 1 - t;
    const left = (values[i] * (1 + 2 * t) + slopes[i] * step * t) * s * s;
    return left + (values[i + 1] * (1 + 2 * s) - slopes[i + 1] * step * s) * t * t;
  };
}

function numbersOf(region, amount) {
  const numbers = columnsAt(amount, PARAMETRIC.amounts, PARAMETRIC.regions[region]);
  return [numbers.slice(0, 5), numbers.slice(5)];
}

function darkEnd(amount, split, end) {
  const [value, slope] = numbersOf("shadows", amount);
  const outside = split / end;
  const values = [0, value[1] * 2 * end * (1 / 3 + (outside * 4) / 3), 0];
  return hermite([0, split, end], values, [slope[0], slope[1] * ((outside * 8) / 3 - 1 / 3), 0]);
}

function brightEnd(amount, start, split) {
  const [value, slope] = numbersOf("highlights", amount);
  const outside = (1 - split) / (1 - start);
  const values = [0, value[3] * 2 * (1 - start) * (1 / 3 + (outside * 4) / 3), 0];
  return hermite([start, split, 1], values, [0, slope[3] * ((outside * 8) / 3 - 1 / 3), slope[4]]);
}

/** The parametric curve; null at rest. */
function parametricCurve(p) {
  const { shadows = 0, darks = 0, lights = 0, highlights = 0 } = p;
  if (!(shadows || darks || lights || highlights)) return null;
  const { gap } = PARAMETRIC;
  const middle = clamp((p.midtone_split ?? 50) / 100, 2 * gap, 1 - 2 * gap);
  const low = clamp((p.shadow_split ?? 25) / 100, gap, middle - gap);
  const high = Math.max(Math.min((p.highlight_split ?? 75) / 100, 1 - gap), middle + gap);
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  const [dark, bright] = [darkEnd(shadows, low, middle), brightEnd(highlights, middle, high)];
  const added = [hermite(quarters, ...numbersOf("darks", darks)), hermite(quarters, ...numbersOf("lights", lights))];
  const [own, rest] = [[0, middle, 1], [0, 0.5, 1]];
  const bent = SampledCurve.of((encoded) => {
    const x = toGamma(encoded);
    const place = interp(x + dark(x) + bright(x), own, rest);
    return fromGamma(interp(added.reduce((sum, add) => sum + add(place), place), rest, own));
  });
  rising(bent.outputs);
  return bent;
}

const atRest = (points) => !points || (points.length === 2 && `${points}` === "0,0,255,255");

/** The curve through points (input, output) from 0 to 255. */
function pointCurve(points) {
  const spline = natural(points.map(([x]) => x / 255), points.map(([, y]) => y / 255));
  return SampledCurve.of(spline);
}

/** All curves but those of red, green and blue, as one table: `{table, black}`. */
export function toneTable(contrast, pivot, curves = {}) {
  const later = [
    contrast ? contrastCurve(contrast, pivot) : null,
    parametricCurve(curves.parametric ?? {}),
    atRest(curves.point) ? null : pointCurve(curves.point),
  ];
  return later.reduce((curve, next) => (next ? curve.then(next) : curve), BASE).linear();
}

const LINEAR = [[0, 0], [255, 255]];

/** The curves of red, green and blue as tables, `[{table, black}, ...]`; null where all rest. */
export function channelTables(curves = {}) {
  const points = [curves.red, curves.green, curves.blue];
  return points.every(atRest) ? null : points.map((one) => pointCurve(one ?? LINEAR).linear());
}
