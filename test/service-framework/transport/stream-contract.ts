import { expect } from 'chai';
import { ServiceError } from '#conclave/runtime/index.js';
import type {
  CallReply,
  OutgoingStream,
  StreamControl,
} from '#conclave/service-framework/transport/index.js';
import { errorOf, until } from '../support/test-host.js';
import type { TransportUnderTest } from './transport-contract.js';

/** A stream as its receiver sees it. */
interface Heard {
  readonly items: unknown[];
  readonly control: StreamControl;
  readonly ended: Promise<CallReply>;
}

/** What every way to a host must do about streamed replies; run against each of them. */
export function streamContract(name: string, open: () => Promise<TransportUnderTest>): void {
  describe(`${name} (stream contract)`, () => {
    let test: TransportUnderTest;
    beforeEach(async () => {
      test = await open();
    });
    afterEach(() => test.close());

    const stream = (payload: unknown, more: Partial<OutgoingStream> = {}): Heard => {
      const items: unknown[] = [];
      let control: StreamControl = { grant: () => undefined };
      const ended = new Promise<CallReply>((replied, failed) => {
        const { command = 'test.stream', ...options } = more;
        control = test.transport.stream(
          { command, payload, timeoutMs: 5_000, credit: 100, ...options },
          { item: (item) => items.push(item), replied, failed },
        );
      });
      ended.catch(() => undefined);
      return { items, control, ended };
    };
    /** Everything that was under way has arrived: a later request has been answered. */
    const settle = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) await test.transport.request({ command: 'service.ping', timeoutMs: 2_000 });
    };

    it('brings the items in order, then the reply that ends them', async () => {
      const { items, ended } = stream({ count: 50 });
      expect((await ended).body).to.deep.equal({ yielded: 50 });
      expect(items).to.deep.equal(Array.from({ length: 50 }, (_, i) => ({ i: i + 1 })));
    });

    it('brings nothing but the reply of an empty stream', async () => {
      const { items, ended } = stream({ count: 0 });
      expect((await ended).body).to.deep.equal({ yielded: 0 });
      expect(items).to.deep.equal([]);
    });

    it('sends no more than was granted, and the handler makes no more than one ahead', async () => {
      const { items, control, ended } = stream({ count: 10 }, { credit: 3 });
      await until(() => items.length === 3);
      await settle();
      expect(items).to.have.length(3);
      expect(test.handler.yielded).to.equal(4);
      control.grant(2);
      await until(() => items.length === 5);
      await settle();
      expect(items).to.have.length(5);
      control.grant(100);
      expect((await ended).body).to.deep.equal({ yielded: 10 });
      expect(items).to.have.length(10);
    });

    it('needs no credit to end', async () => {
      const { items, ended } = stream({ count: 3 }, { credit: 3 });
      expect((await ended).body).to.deep.equal({ yielded: 3 });
      expect(items).to.have.length(3);
    });

    it('carries columns in items', async () => {
      const { items, ended } = stream({ count: 1, bytes: 3 });
      await ended;
      // In JSON a column is an array of numbers.
      expect(items.map((item) => Array.from((item as { padding: Uint8Array }).padding))).to.deep.equal([
        [0, 0, 0],
      ]);
    });

    it('ends with the error that the handler throws, after the items before it', async () => {
      const { items, ended } = stream({ count: 3, end: 'fail' });
      const error = await errorOf(ended);
      expect(error).to.include({ code: 'NOT_FOUND', message: 'no more of it' });
      expect(error.details).to.deep.equal({ count: 3 });
      expect(items).to.have.length(3);
      expect(await errorOf(stream({ count: 1, end: 'throw' }).ended)).to.include({ code: 'INTERNAL' });
    });

    it('ends with INTERNAL at an item that cannot travel', async () => {
      const { items, ended } = stream({ count: 2, end: 'unsendable' });
      expect(await errorOf(ended)).to.include({ code: 'INTERNAL' });
      expect(items).to.have.length(2);
      await until(() => test.handler.log.includes('stream ended'));
      expect(await errorOf(stream(undefined, { command: 'test.stream_of_nothing' }).ended)).to.include({
        code: 'INTERNAL',
      });
    });

    it('refuses a stream where there is none, and one piece where there is a stream', async () => {
      const asked = await errorOf(stream({ body: 1 }, { command: 'test.echo' }).ended);
      expect(asked).to.include({ code: 'INVALID_ARGUMENT', field: 'stream' });
      const whole = await errorOf(
        test.transport.request({ command: 'test.stream', payload: { count: 1 }, timeoutMs: 500 }),
      );
      expect(whole).to.include({ code: 'INVALID_ARGUMENT', field: 'stream' });
      expect(await errorOf(stream({}, { command: 'no.such' }).ended)).to.include({ code: 'UNIMPLEMENTED' });
      expect(await errorOf(stream({ count: 'many' }).ended)).to.include({
        code: 'INVALID_ARGUMENT',
        field: 'count',
      });
    });

    it('refuses credit that is none', async () => {
      for (const credit of [0, -1, 1.5, Number.NaN, 65_537])
        expect(await errorOf(stream({ count: 1 }, { credit }).ended), `${credit}`).to.include({
          code: 'INVALID_ARGUMENT',
          field: 'credit',
        });
      const over = stream({ count: 1, end: 'wait' }, { credit: 65_536 });
      await until(() => over.items.length === 1);
      over.control.grant(2);
      expect(await errorOf(over.ended)).to.include({ code: 'INVALID_ARGUMENT', field: 'credit' });
    });

    it('ends the handler when the caller gives up, wherever it stands', async () => {
      for (const payload of [{ count: 1e9 }, { count: 1, end: 'wait' }, { count: 1e9, everyMs: 2 }]) {
        test.handler.log.length = 0;
        const giveUp = new AbortController();
        const { items, ended } = stream(payload, { signal: giveUp.signal });
        await until(() => items.length > 0);
        giveUp.abort();
        expect(await errorOf(ended)).to.include({ code: 'CANCELLED' });
        await until(() => test.handler.log.includes('stream ended'));
      }
      expect(test.handler.lastAbort).to.be.instanceOf(ServiceError).and.include({ code: 'CANCELLED' });
    });

    it('ends by the deadline, with credit and without', async () => {
      for (const credit of [1, 1_000]) {
        const { ended } = stream({ count: 5, end: 'wait' }, { timeoutMs: 60, credit });
        expect(await errorOf(ended)).to.include({ code: 'DEADLINE_EXCEEDED' });
      }
      await until(() => test.handler.log.filter((line) => line === 'stream ended').length === 2);
    });

    it('lets others be served beside a handler that never waits', async () => {
      const { items, control, ended } = stream({ count: 1e9 }, { credit: 60_000 });
      await until(() => items.length > 0);
      await settle();
      expect(items.length).to.be.below(60_000);
      control.grant(0);
      expect(await errorOf(ended)).to.include({ code: 'INVALID_ARGUMENT' });
    });

    it('keeps streams side by side apart', async () => {
      const streams = Array.from({ length: 40 }, (_, i) => stream({ count: i }, { credit: 50 }));
      for (const [i, { items, ended }] of streams.entries()) {
        expect((await ended).body).to.deep.equal({ yielded: i });
        expect(items.map((item) => (item as { i: number }).i)).to.deep.equal(
          Array.from({ length: i }, (_, k) => k + 1),
        );
      }
    });

    it('ends what is under way with CANCELLED when it is closed', async () => {
      const { items, ended } = stream({ count: 1, end: 'wait' });
      await until(() => items.length === 1);
      await test.transport.close();
      expect(await errorOf(ended)).to.include({ code: 'CANCELLED' });
      expect(await errorOf(stream({ count: 1 }).ended)).to.include({ code: 'CANCELLED' });
    });
  });
}
