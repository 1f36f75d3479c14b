import { tInterval } from "./stats";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number for reading: `digits` significant digits (default 3), powers of ten written out where it is very large or small. */
export function numberWords(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return minus(String(value));
  const power = exponent(Number(value.toExponential(digits - 1)));
  if (power >= -3 && power < 6)
    return minus(Number(value.toPrecision(digits)).toFixed(Math.max(0, digits - 1 - power)));
  return minus(`${value.toExponential(digits - 1).split("e")[0]} × ${tenTo(power)}`);
}

/** A number as somebody gave it (a guess, a bound): no digits are added, at most six are shown. */
export function givenWords(value: number): string {
  const power = value === 0 ? 0 : exponent(value);
  return Number.isFinite(value) && power >= -4 && power < 6
    ? minus(String(Number(value.toPrecision(6))))
    : numberWords(value);
}

/**
 * Mean ± half-width of the 95 % interval over `values`, e.g. "17.7 ± 0.3"; a single value stands alone.
 * Both are rounded to the same place: three digits of the larger one, more where the half-width would vanish.
 */
export function spreadWords(values: readonly number[]): string {
  if (values.length === 0) return "no values";
  if (values.length === 1 || !values.every(Number.isFinite))
    return values.map((value) => numberWords(value)).join(", ");
  const { mean, high } = tInterval(values);
  const half = high - mean;
  const size = Math.max(Math.abs(mean), half);
  const power = size === 0 ? 0 : exponent(size);
  const scaled = power < -3 || power >= 6;
  const unit = scaled ? Number(`1e${String(power)}`) : 1;
  const places = decimals(size / unit, half / unit);
  const text = `${(mean / unit).toFixed(places)} ± ${(half / unit).toFixed(places)}`;
  return minus(scaled ? `(${text}) × ${tenTo(power)}` : text);
}

function exponent(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

function tenTo(power: number): string {
  const digits = Array.from(String(Math.abs(power)), (digit) => superscripts.charAt(Number(digit))).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}

function decimals(size: number, half: number): number {
  const least = Math.max(0, 2 - (size === 0 ? 0 : exponent(size)));
  const wanted = [0, 1, 2].map((more) => least + more).find((places) => Number(half.toFixed(places)) !== 0);
  return half === 0 ? least : (wanted ?? least);
}

function minus(text: string): string {
  return text.replaceAll("-", "−");
}
