import { expect } from 'chai';
import {
  BaseHandler,
  Command,
  type CommandSpec,
  checkCommandName,
  isCommandName,
  type RequestContext,
} from '#conclave/service-framework/handler/index.js';

class Greeter extends BaseHandler {
  readonly name: string = 'greeter';

  @Command('greeter.hello', { summary: 'Greets.' })
  hello(payload: { who: string }): string {
    return `${this.name} greets ${payload.who}`;
  }

  @Command('greeter.bye', { summary: 'Leaves.' })
  @Command('greeter.farewell', { summary: 'Leaves, formally.' })
  async bye(): Promise<string> {
    return 'bye';
  }
}

const context = {} as RequestContext;

describe('BaseHandler', () => {
  it('lists the commands of its marked methods in reading order', () => {
    const names = new Greeter().getCommands().map((spec) => spec.name);
    expect(names).to.deep.equal(['greeter.hello', 'greeter.bye', 'greeter.farewell']);
  });

  it('dispatches a command to its method, bound to the instance', async () => {
    const greeter = new Greeter();
    expect(greeter.handleRequest('greeter.hello', { who: 'Ada' }, context)).to.equal('greeter greets Ada');
    expect(await greeter.handleRequest('greeter.farewell', undefined, context)).to.equal('bye');
  });

  it('answers commands that are names of Object.prototype with UNIMPLEMENTED', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hello', 'then', 'greeter.hello.more'])
      expect(() => new Greeter().handleRequest(name, undefined, context))
        .to.throw()
        .with.property('code', 'UNIMPLEMENTED');
  });

  it('lets a subclass override a marked method and keep its command', () => {
    class Polite extends Greeter {
      override hello(payload: { who: string }): string {
        return `Good day, ${payload.who}`;
      }
    }
    expect(new Polite().handleRequest('greeter.hello', { who: 'Ada' }, context)).to.equal('Good day, Ada');
    expect(new Polite().getCommands()).to.have.length(3);
  });

  it('lets a subclass replace the mark and add commands without touching its base', () => {
    class Renamed extends Greeter {
      @Command('renamed.hello', { summary: 'Greets.' })
      override hello(): string {
        return 'renamed';
      }
      @Command('renamed.more', { summary: 'More.' })
      more(): string {
        return 'more';
      }
    }
    const names = new Renamed().getCommands().map((spec) => spec.name);
    expect(names).to.have.members(['renamed.hello', 'greeter.bye', 'greeter.farewell', 'renamed.more']);
    expect(new Greeter().getCommands()).to.have.length(3);
  });

  it('lets a handler name its commands at run time', () => {
    class Dynamic extends BaseHandler {
      override getCommands(): readonly CommandSpec[] {
        return [{ name: 'dynamic.one', summary: 'One.' }];
      }
      override handleRequest(command: string): string {
        return command;
      }
    }
    expect(new Dynamic().handleRequest('dynamic.one')).to.equal('dynamic.one');
  });
});

describe('command names', () => {
  it('are service.verb in lower snake case, at most 128 characters', () => {
    for (const name of ['a.b', 'order_flow.predict', `a.${'b'.repeat(126)}`])
      expect(isCommandName(name), name).to.equal(true);
    for (const name of [
      '',
      'a',
      'a.',
      '.b',
      'a.b.c',
      'A.b',
      'a b.c',
      '_a.b',
      `a.${'b'.repeat(127)}`,
      'a.b\n',
    ])
      expect(isCommandName(name), JSON.stringify(name)).to.equal(false);
  });

  it('are checked when a method is marked', () => {
    expect(() => Command('Hello', { summary: '' }))
      .to.throw(/command: "Hello"; must be service\.verb/)
      .with.property('code', 'INVALID_ARGUMENT');
    expect(() => checkCommandName(undefined as unknown as string)).to.throw(/missing/);
  });
});
