import { ServiceError } from '../../runtime/index.js';
import type { ExpertStatus } from '../dto/index.js';
import { type Member, MemberRecord } from './member.js';

interface Seat {
  member: Member;
  readonly record: MemberRecord;
}

/** Who sits in the committee. Members join and leave while it runs. */
export class Roster {
  readonly #seats = new Map<string, Seat>();

  /**
   * Gives a member its seat. A remote one may take the place of an earlier remote one of the same id, which is
   * how an expert moves or is upgraded; what it is known for goes on.
   * @throws ServiceError ALREADY_EXISTS when a built-in expert has that id
   */
  async seat(member: Member): Promise<void> {
    const taken = this.#seats.get(member.expert);
    this.checkFree(member.expert);
    if (taken) {
      const before = taken.member;
      taken.member = member;
      await before.close();
      return;
    }
    this.#seats.set(member.expert, { member, record: new MemberRecord() });
  }

  /** @throws ServiceError ALREADY_EXISTS when a built-in expert has that id */
  checkFree(expert: string): void {
    if (this.#seats.get(expert)?.member.kind === 'builtin') {
      throw new ServiceError(
        'ALREADY_EXISTS',
        `expert: "${expert}" is a built-in expert; choose another id`,
        {
          field: 'expert',
        },
      );
    }
  }

  has(expert: string): boolean {
    return this.#seats.has(expert);
  }

  /** The members to ask about a symbol. */
  asked(symbol: string): { readonly member: Member; readonly record: MemberRecord }[] {
    return [...this.#seats.values()].filter(({ member }) => member.covers(symbol));
  }

  /** Every member, by id. */
  status(): ExpertStatus[] {
    return [...this.#seats.values()]
      .map(({ member: { expert, version, kind }, record }) => ({ expert, version, kind, ...record.status() }))
      .sort((a, b) => (a.expert < b.expert ? -1 : 1));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#seats.values()].map(({ member }) => member.close()));
  }
}
