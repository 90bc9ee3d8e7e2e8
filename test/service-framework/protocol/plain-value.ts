import fc from 'fast-check';
import { isForbiddenKey } from '#conclave/service-framework/index.js';

/** Plain values that both codecs and the reference library carry unchanged. */
export const plainValue = fc.letrec<{ value: unknown; leaf: unknown; list: unknown; map: unknown }>(
  (tie) => ({
    leaf: fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.integer({ min: -300, max: 70_000 }),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    ),
    list: fc.array(tie('value'), { maxLength: 20 }),
    map: fc.dictionary(
      fc.string({ maxLength: 40 }).filter((key) => !isForbiddenKey(key)),
      tie('value'),
      { maxKeys: 20, noNullPrototype: true },
    ),
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 6, withCrossShrink: true },
      tie('leaf'),
      tie('list'),
      tie('map'),
    ),
  }),
).value;
