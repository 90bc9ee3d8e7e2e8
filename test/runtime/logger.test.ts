import { expect } from 'chai';
import fc from 'fast-check';
import { createLogger, scrubber, silentLogger } from '#conclave/runtime/index.js';

/** A logger and the lines it wrote. */
function recording(secrets: readonly string[] = []): {
  lines: string[];
  logger: ReturnType<typeof createLogger>;
} {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'trace',
    name: 'test',
    secrets,
    destination: { write: (line) => lines.push(line) },
  });
  return { lines, logger };
}

describe('createLogger', () => {
  it('writes one JSON line a call, with level, time, name and fields', () => {
    const { lines, logger } = recording();
    logger.info({ command: 'a.b' }, 'served');
    logger.child({ requestId: 7 }).warn('slow');
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).to.include({ level: 'info', name: 'test', command: 'a.b', msg: 'served' });
    expect(new Date(first?.['time'] as string).toISOString()).to.equal(first?.['time']);
    expect(second).to.include({ level: 'warn', requestId: 7, msg: 'slow' });
    for (const line of lines) expect(line.indexOf('\n')).to.equal(line.length - 1);
  });

  it('keeps silent below its level', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'warn', destination: { write: (line) => lines.push(line) } });
    logger.info('no');
    logger.error('yes');
    silentLogger().fatal('no');
    expect(lines).to.have.length(1);
  });

  it('lets no secret out, wherever it hides: texts, depth, errors, causes, URLs', () => {
    const secret = 's3cr3t/key+with "quotes"';
    const { lines, logger } = recording([secret]);
    const error = Object.assign(
      new Error(`GET https://x/?sign=${encodeURIComponent(secret)}`, { cause: new Error(secret) }),
      {
        request: { headers: { 'X-Key': secret } },
      },
    );
    logger.info(`with ${secret}`);
    logger.info({ a: { b: { c: [secret] } }, [secret]: 1 }, 'deep');
    logger.error({ err: error }, 'failed');
    logger.info({ basic: Buffer.from(secret).toString('base64') });
    const text = lines.join('');
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ])
      expect(text).not.to.include(form);
    expect(text).to.include('[scrubbed]');
    for (const line of lines) expect(() => JSON.parse(line)).not.to.throw();
  });
});

describe('scrubber', () => {
  it('removes every secret from any line', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ0189/+-_'), minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(secret, { maxLength: 4 }), fc.array(fc.string()), (secrets, rest) => {
        const line = [...rest, ...secrets, ...rest].join(' ');
        const scrubbed = scrubber(secrets)(line);
        for (const each of secrets) expect(scrubbed).not.to.include(each);
      }),
    );
  });

  it('takes the longer of two secrets first, so that no part of it stays', () => {
    expect(scrubber(['abcdef', 'abcdefghij'])('x abcdefghij y')).to.equal('x [scrubbed] y');
  });

  it('leaves lines without secrets alone, and ignores secrets too short to be any', () => {
    expect(scrubber(['abc', ''])('abc is fine')).to.equal('abc is fine');
  });
});
