import fc from 'fast-check';

/**
 * A check that decides whether a change may land must give the same verdict twice: under CI every property
 * test starts from one seed. Elsewhere each run explores new ground; PROPERTY_SEED repeats one.
 */
const CI_SEED = 20_261_120;

const chosen = process.env['PROPERTY_SEED'] ?? (process.env['CI'] ? String(CI_SEED) : undefined);
if (chosen !== undefined) {
  const seed = Number(chosen);
  if (!Number.isSafeInteger(seed))
    throw new RangeError(`PROPERTY_SEED: ${chosen}; must be an integer below 2^53`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}
