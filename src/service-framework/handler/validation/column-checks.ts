import type { ColumnOptions } from './column-options.js';

/**
 * One pass over a column that accepts most good ones, and never a bad one; undefined where one pass cannot tell.
 * NaN fails every comparison. Four elements at a time cost less than four times one.
 *
 * @param min that every element must reach; @param max that none may exceed
 */
export function quickCheckOf(
  options: ColumnOptions,
  min: number,
  max: number,
): ((column: Float64Array) => boolean) | undefined {
  const { strictlyIncreasing, nonDecreasing, strictlyDecreasing, integer, oneOf, allowNonFinite } = options;
  if (integer || allowNonFinite) return undefined;
  const orders = [strictlyIncreasing, nonDecreasing, strictlyDecreasing].filter(Boolean).length;
  if (orders > 1 || (orders === 1 && oneOf)) return undefined;
  if (oneOf) {
    const [first, second = first] = oneOf.filter((value) => value >= min && value <= max);
    return first === undefined || second === undefined
      ? undefined
      : (column) => holdsOnly(column, first, second);
  }
  if (strictlyIncreasing) return (column) => increases(column) && endsWithin(column, min, max);
  if (nonDecreasing) return (column) => doesNotDecrease(column) && endsWithin(column, min, max);
  if (strictlyDecreasing) return (column) => decreases(column) && endsWithin(column, min, max);
  return max === Number.MAX_VALUE
    ? (column) => reachesAndIsFinite(column, min)
    : (column) => liesWithin(column, min, max);
}

/** Of an ordered column that is all there is to ask. */
function endsWithin(column: Float64Array, min: number, max: number): boolean {
  const { length } = column;
  if (length === 0) return true;
  const first = column[0] as number;
  const last = column[length - 1] as number;
  return first >= min && first <= max && last >= min && last <= max;
}

/** A sum with an element that is not finite is not finite either; one of finite elements seldom is. */
function reachesAndIsFinite(column: Float64Array, min: number): boolean {
  const { length } = column;
  let sum = 0;
  let i = 0;
  for (const end = length - 3; i < end; i += 4) {
    const a = column[i] as number;
    const b = column[i + 1] as number;
    const c = column[i + 2] as number;
    const d = column[i + 3] as number;
    if (!(a >= min && b >= min && c >= min && d >= min)) return false;
    sum += a + b + (c + d);
  }
  for (; i < length; i++) {
    const element = column[i] as number;
    if (!(element >= min)) return false;
    sum += element;
  }
  return sum - sum === 0;
}

function liesWithin(column: Float64Array, min: number, max: number): boolean {
  for (let i = 0; i < column.length; i++) {
    const element = column[i] as number;
    if (!(element >= min && element <= max)) return false;
  }
  return true;
}

function holdsOnly(column: Float64Array, one: number, other: number): boolean {
  const { length } = column;
  let i = 0;
  for (const end = length - 1; i < end; i += 2) {
    const a = column[i] as number;
    const b = column[i + 1] as number;
    if ((a !== one && a !== other) || (b !== one && b !== other)) return false;
  }
  return i === length || column[i] === one || column[i] === other;
}

function increases(column: Float64Array): boolean {
  const { length } = column;
  let before = column[0] as number;
  let i = 1;
  for (const end = length - 3; i < end; i += 4) {
    const a = column[i] as number;
    const b = column[i + 1] as number;
    const c = column[i + 2] as number;
    const d = column[i + 3] as number;
    if (!(a > before && b > a && c > b && d > c)) return false;
    before = d;
  }
  for (; i < length; i++) {
    const element = column[i] as number;
    if (!(element > before)) return false;
    before = element;
  }
  return true;
}

function doesNotDecrease(column: Float64Array): boolean {
  const { length } = column;
  let before = column[0] as number;
  let i = 1;
  for (const end = length - 3; i < end; i += 4) {
    const a = column[i] as number;
    const b = column[i + 1] as number;
    const c = column[i + 2] as number;
    const d = column[i + 3] as number;
    if (!(a >= before && b >= a && c >= b && d >= c)) return false;
    before = d;
  }
  for (; i < length; i++) {
    const element = column[i] as number;
    if (!(element >= before)) return false;
    before = element;
  }
  return true;
}

function decreases(column: Float64Array): boolean {
  const { length } = column;
  let before = column[0] as number;
  for (let i = 1; i < length; i++) {
    const element = column[i] as number;
    if (!(element < before)) return false;
    before = element;
  }
  return true;
}
