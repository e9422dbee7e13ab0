// White balance, and the numbers that Vibrance and Saturation need (`autohdr.develop.stages.temperature`,
// `white_balance`, `vibrance` and `saturation`).

import { TABLES, clamp, columnsAt, dot } from "./numbers.js";

const { spaces: SPACES, temperature: T, whiteBalance: BALANCE, vibrance: VIBRANCE, saturation: SATURATION } = TABLES;
const ALONG = T.slope.map((slope) => [1 / Math.hypot(1, slope), slope / Math.hypot(1, slope)]);

/** The fourteen numbers of Vibrance, the first of them its sign. */
export function vibranceNumbers(amount) {
  const rows = amount > 0 ? VIBRANCE.above : VIBRANCE.below;
  const numbers = columnsAt(Math.abs(amount), [0, ...VIBRANCE.amounts], [rows[0].map(() => 0), ...rows]);
  return [Math.sign(amount), ...numbers];
}

/** The five numbers of Saturation. */
export const saturationNumbers = (amount) => columnsAt(amount, SATURATION.amounts, SATURATION.fitted);

const apply = (matrix, vector) => matrix.map((row) => dot(row, vector));
const transposed = (matrix) => matrix[0].map((_, k) => matrix.map((row) => row[k]));
const product = (one, other) => one.map((row) => transposed(other).map((column) => dot(row, column)));

function inverse([[a, b, c], [d, e, f], [g, h, i]]) {
  const [x, y, z] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const whole = a * x + b * y + c * z;
  return [
    [x / whole, (c * h - b * i) / whole, (b * f - c * e) / whole],
    [y / whole, (a * i - c * g) / whole, (c * d - a * f) / whole],
    [z / whole, (b * g - a * h) / whole, (a * e - b * d) / whole],
  ];
}

/** The inverse of a matrix of full rank that is 3 wide or 3 high (Moore and Penrose). */
function pseudoInverse(matrix) {
  const turned = transposed(matrix);
  if (matrix.length < matrix[0].length) return product(turned, inverse(product(matrix, turned)));
  return product(inverse(product(turned, matrix)), turned);
}

const xyzOf = ([x, y]) => [x / y, 1, (1 - x - y) / y];

/** Bradford's matrix, from XYZ under one white to XYZ under another. */
function adaptation(source, target) {
  const [from, to] = [source, target].map((xy) => apply(SPACES.bradford, xyzOf(xy)));
  return product(inverse(SPACES.bradford), SPACES.bradford.map((row, k) => row.map((x) => (x * to[k]) / from[k])));
}

/** Inverse temperature, the locus's (u, v), and the direction of the isotherm, part of the way to the next one. */
function isotherm(below, share) {
  const mixed = (numbers) => (1 - share) * numbers[below] + share * numbers[below + 1];
  const along = [0, 1].map((k) => mixed(ALONG.map((one) => one[k])));
  const size = Math.hypot(...along);
  return { mired: mixed(T.mired), u: mixed(T.u), v: mixed(T.v), along: along.map((x) => x / size) };
}

/** Temperature, kelvin, and Tint of a chromaticity (x, y). */
export function temperatureAndTint([x, y]) {
  const scale = 1.5 - x + 6 * y;
  const [u, v] = [(2 * x) / scale, (3 * y) / scale];
  const distance = T.u.map((own, i) => (v - T.v[i]) * ALONG[i][0] - (u - own) * ALONG[i][1]);
  let above = 1;
  while (above < 30 && distance[above] > 0) above++;
  const span = distance[above - 1] - Math.min(distance[above], 0);
  const at = isotherm(above - 1, span > 0 ? clamp(distance[above - 1] / span, 0, 1) : 0);
  const tint = ((u - at.u) * at.along[0] + (v - at.v) * at.along[1]) * T.perDuv;
  return [1e6 / Math.max(at.mired, T.leastMired), tint];
}

/** The chromaticity (x, y) of a Temperature, kelvin, and a Tint. */
function chromaticity(temperature, tint) {
  const mired = clamp(1e6 / temperature, 0, T.mired[30]);
  let below = 0;
  while (below < 29 && T.mired[below + 1] <= mired) below++;
  const at = isotherm(below, (mired - T.mired[below]) / (T.mired[below + 1] - T.mired[below]));
  const [u, v] = [at.u, at.v].map((x, k) => x + (at.along[k] * tint) / T.perDuv);
  const scale = u - 4 * v + 2;
  return [(1.5 * u) / scale, v / scale];
}

/** The matrix from XYZ to camera colours for a light of that temperature. */
function matrixAt(camera, kelvin) {
  const known = camera.temperatures.map((t, i) => [t, camera.camera_from_xyz[i]]).sort((a, b) => a[0] - b[0]);
  for (let i = 0; i + 1 < known.length; i++) {
    const [[low, warm], [high, cool]] = [known[i], known[i + 1]];
    if (kelvin > high) continue;
    const share = clamp((1 / kelvin - 1 / high) / (1 / low - 1 / high), 0, 1);
    return warm.map((row, k) => row.map((x, j) => share * x + (1 - share) * cool[k][j]));
  }
  return known[known.length - 1][1];
}

/** The chromaticity of the light in which a camera's neutral is neutral. */
function whiteOf(camera) {
  let white = SPACES.d50;
  for (let round = 0; round < BALANCE.rounds; round++) {
    const matrix = pseudoInverse(matrixAt(camera, temperatureAndTint(white)[0]));
    const xyz = apply(matrix, camera.neutral).map((x) => Math.max(x, 1e-6));
    const sum = xyz[0] + xyz[1] + xyz[2];
    const [x, y] = [xyz[0] / sum, xyz[1] / sum];
    if (Math.abs(x - white[0]) + Math.abs(y - white[1]) < 1e-7) break;
    white = [x, y];
  }
  return white;
}

/** The camera's answer to a neutral in light of that chromaticity; green is 1. */
function neutralOf(camera, white) {
  const answer = apply(matrixAt(camera, temperatureAndTint(white)[0]), xyzOf(white)).map((x) => Math.max(x, 1e-6));
  return answer.map((x) => x / answer[1]);
}

/** The matrix from camera colours to linear ProPhoto. */
function prophotoFromCamera(camera) {
  const white = whiteOf(camera);
  const xyz = pseudoInverse(matrixAt(camera, temperatureAndTint(white)[0]));
  const scale = Math.max(...camera.neutral) / apply(xyz, camera.neutral)[1];
  const adapted = product(product(inverse(SPACES.toXyz), adaptation(white, SPACES.d50)), xyz);
  return adapted.map((row) => row.map((x) => x * scale));
}

const reachOf = (camera) => Math.max(...camera.neutral) / Math.min(...camera.neutral);

/** Temperature, kelvin, and Tint of the white that a scene is balanced for. */
export const asShot = (header) => temperatureAndTint(header.camera ? whiteOf(header.camera) : SPACES.d50);

/** Levels of the camera's colours, 1 at saturation, between which light tells its colour. */
const [DARK, CLIPPED] = [0.002, 0.97];

/** Temperature, kelvin, and Tint in which such light of a scene is neutral; null where it is too dark, or clipped. */
export function neutral({ camera, sensor_white: white }, light) {
  if (!camera) return null;
  const baseline = white / reachOf(camera);
  const levels = apply(pseudoInverse(prophotoFromCamera(camera)), light).map((level) => level / baseline);
  if (Math.min(...levels) < DARK || Math.max(...levels) > CLIPPED) return null;
  const [kelvin, tint] = temperatureAndTint(whiteOf({ ...camera, neutral: levels.map((level) => level / levels[1]) }));
  return [clamp(Math.round(kelvin), ...T.range), clamp(Math.round(tint), -T.largestTint, T.largestTint)];
}

/**
 * Finds what takes a scene to another white balance.
 * @returns {{matrix: number[][], blown: number, slope: number, white: number} | null} null for As Shot.
 */
export function balanceOf(header, temperature, tint) {
  if (temperature == null && tint == null) return null;
  const own = asShot(header);
  const kelvin = clamp(temperature ?? own[0], ...T.range);
  const white = chromaticity(kelvin, clamp(tint ?? own[1], -T.largestTint, T.largestTint));
  let matrix;
  let sensorWhite = header.sensor_white;
  if (header.camera) {
    const camera = { ...header.camera, neutral: neutralOf(header.camera, white) };
    matrix = product(prophotoFromCamera(camera), pseudoInverse(prophotoFromCamera(header.camera)));
    sensorWhite *= reachOf(camera) / reachOf(header.camera);
  } else {
    matrix = product(product(inverse(SPACES.toXyz), adaptation(white, SPACES.d50)), SPACES.toXyz);
  }
  const blown = BALANCE.blown * header.sensor_white;
  const slope = 1 / ((BALANCE.wholly - BALANCE.blown) * header.sensor_white);
  return { matrix, blown, slope, white: sensorWhite };
}
