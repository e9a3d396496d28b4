/**
 * Numbers as the server's commands round them (Python): correctly from the number's exact value, ties to the even digit.
 * Never -0.
 */

const EXACT_DIGITS = 60; // enough for every number of metres above a nanometre

/** Rounded to a number of decimals. */
export function round(value: number, decimals: number): number {
  const rounded = Number(value.toFixed(decimals));
  return tied(value.toFixed(EXACT_DIGITS), decimals) && odd(rounded, decimals)
    ? Number((rounded - Math.sign(value) * 10 ** -decimals).toFixed(decimals)) + 0
    : rounded + 0;
}

/** Rounded to a number of significant digits. */
export function significant(value: number, digits: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const decimals = digits - 1 - exponent;
  return decimals >= 0 && decimals <= EXACT_DIGITS - 1 ? round(value, decimals) : Number(value.toPrecision(digits)) + 0;
}

/** Whether the digits after the last one that stays are exactly 5000... */
function tied(exact: string, decimals: number): boolean {
  return /^50*$/.test(exact.slice(exact.indexOf(".") + 1 + decimals));
}

function odd(rounded: number, decimals: number): boolean {
  return Number(rounded.toFixed(decimals).at(-1)) % 2 === 1;
}
