/** Objects whose meaning is not in their own enumerable fields. */
const OPAQUE = [Date, Map, Set, WeakMap, WeakSet, Promise, Error, RegExp, ArrayBuffer, SharedArrayBuffer];

/** Whether an object's own fields are all there is to it: a plain object or an instance of a DTO class. */
export function isMapLike(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return !ArrayBuffer.isView(value) && !OPAQUE.some((opaque) => value instanceof opaque);
}
