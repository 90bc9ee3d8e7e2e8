/**
 * An array of any content, for results that are about to be written whole. Filling it with zeros first would
 * take as long as many an indicator. What a call that throws leaves in it is for nobody to see.
 */
export function unfilled(length: number): Float64Array {
  const { buffer } = Buffer.allocUnsafeSlow(length * Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(buffer, 0, length);
}
