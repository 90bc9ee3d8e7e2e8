import { expect } from 'chai';
import { defineConfig, ServiceError } from '#conclave/runtime/index.js';

const help = 'A setting.';

describe('defineConfig', () => {
  it('lists the settings depth first, a setting named type included', () => {
    const schema = defineConfig({
      b: { type: { type: 'string', optional: true, help }, a: { type: 'integer', default: 1, help } },
      c: { type: 'boolean', default: true, help },
    });
    expect(schema.settings.map(({ path }) => path)).to.deep.equal(['b.type', 'b.a', 'c']);
  });

  it('refuses a default that breaks its own rule', () => {
    expect(() => defineConfig({ a: { type: 'integer', min: 5, default: 1, help } })).to.throw(
      ServiceError,
      'a.default: 1; must be an integer of at least 5',
    );
    expect(() => defineConfig({ a: { type: 'enum', values: ['x'], default: 'y', help } })).to.throw(
      'a.default',
    );
    expect(() =>
      defineConfig({ a: { type: 'list', items: { type: 'integer' }, default: [1.5], help } }),
    ).to.throw('a.default');
    expect(() =>
      defineConfig({ a: { type: 'string', minLength: 99, secret: true, default: 'hunter2', help } }),
    ).to.throw(/^(?!.*hunter2)/);
  });

  it('refuses names, flags and variables of the wrong form', () => {
    expect(() => defineConfig({ 'not-camel': { type: 'boolean', optional: true, help } })).to.throw(
      'camelCase',
    );
    expect(() => defineConfig({ ['__proto__']: { type: 'boolean', optional: true, help } })).to.throw(
      'camelCase',
    );
    expect(() => defineConfig({ a: { type: 'boolean', optional: true, flag: '--Bad', help } })).to.throw(
      'a.flag',
    );
    expect(() => defineConfig({ a: { type: 'boolean', optional: true, env: 'low', help } })).to.throw(
      'a.env',
    );
  });

  it('refuses a flag or variable that is already taken', () => {
    const one = { type: 'string', optional: true, flag: '--x', env: 'X', help } as const;
    expect(() => defineConfig({ a: one, b: { ...one, env: 'Y' } })).to.throw('b.flag: "--x"; must be free');
    expect(() => defineConfig({ a: one, b: { ...one, flag: '--y' } })).to.throw('b.env: "X"; must be free');
    expect(() => defineConfig({ a: { ...one, flag: '--config' } })).to.throw('the configuration file');
    expect(() =>
      defineConfig({
        a: { ...one, flag: '--no-y' },
        b: { type: 'boolean', default: true, flag: '--y', help },
      }),
    ).to.throw('b.flag: "--no-y"');
  });
});
