/** Keys that could reach a prototype in careless code; refused in every map of every message. */
export function isForbiddenKey(key: string): boolean {
  // The lengths are 9, 11 and 9: nearly every key is passed by the first comparison.
  if (key.length !== 9 && key.length !== 11) return false;
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}
