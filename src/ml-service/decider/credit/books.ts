import { ACTIONS, type ExpertCredit, type RewardsBps, topAction } from '../../dto/index.js';
import { championEarned } from '../scoring.js';
import type { Ballot, Ballots } from './ballot.js';
import { Agreement3, Calibration, VoteSums } from './tallies.js';

interface Account {
  votes: number;
  contributionBps: number;
  pivotal: number;
  worthBps: number;
  readonly sums: VoteSums;
  readonly calibration: Calibration;
  readonly regimes: Map<string, VoteSums>;
  readonly others: Map<string, Agreement3>;
}

/** The experts' accounts. Outcomes can be taken back, so that corrections count. */
export class CreditBooks {
  readonly #accounts = new Map<string, Account>();

  /** Books a decision: who voted what, with whom, and how it moved the score. */
  decided({ decision, ballots }: Ballots): void {
    for (const ballot of ballots) {
      const account = this.#account(ballot.expert);
      account.votes += 1;
      account.contributionBps += ballot.contributionBps;
      const acted = decision.override ? decision.action : decision.greedy;
      if (ballot.without.action !== acted) account.pivotal += 1;
      for (const other of ballots) {
        if (other.expert === ballot.expert) continue;
        const known = account.others.get(other.expert) ?? new Agreement3();
        account.others.set(other.expert, known);
        known.add(ACTIONS.indexOf(ballot.action), ACTIONS.indexOf(other.action));
      }
    }
  }

  /** Books an outcome, or takes it back. */
  settled({ decision, regime, ballots }: Ballots, rewards: RewardsBps, sign: 1 | -1): void {
    const earned = championEarned(decision, rewards);
    const best = topAction(rewards);
    for (const ballot of ballots) {
      const account = this.#account(ballot.expert);
      account.worthBps += sign * (earned - earnedWithout(ballot, rewards));
      const voted = rewards[ballot.action];
      const hit = ACTIONS.every((action) => rewards[action] <= voted);
      account.sums.add(hit, voted, sign);
      const inRegime = account.regimes.get(regime) ?? new VoteSums();
      account.regimes.set(regime, inRegime);
      inRegime.add(hit, voted, sign);
      const { probabilities } = ballot;
      const squares = ACTIONS.reduce(
        (sum, action) => sum + (probabilities[action] - (action === best ? 1 : 0)) ** 2,
        0,
      );
      const confidence = Math.max(probabilities.buy, probabilities.hold, probabilities.sell);
      account.calibration.add(squares, confidence, ballot.action === best, sign);
    }
  }

  /** The most worthwhile first; of equal ones in the order of their names. */
  league(): ExpertCredit[] {
    const experts = [...this.#accounts].map(([expert, account]) => creditOf(expert, account));
    return experts.sort((a, b) => b.totalWorthBps - a.totalWorthBps || (a.expert < b.expert ? -1 : 1));
  }

  #account(expert: string): Account {
    const known = this.#accounts.get(expert);
    if (known) return known;
    const account: Account = {
      votes: 0,
      contributionBps: 0,
      pivotal: 0,
      worthBps: 0,
      sums: new VoteSums(),
      calibration: new Calibration(),
      regimes: new Map(),
      others: new Map(),
    };
    this.#accounts.set(expert, account);
    return account;
  }
}

function earnedWithout({ without }: Ballot, rewards: RewardsBps): number {
  return without.action === 'hold' ? rewards.hold : without.size * rewards[without.action];
}

function creditOf(expert: string, account: Account): ExpertCredit {
  const { votes, sums, calibration, worthBps } = account;
  const regimes = [...account.regimes]
    .filter(([, { judged }]) => judged > 0)
    .map(([regime, { judged, hitRate, edgeBps }]) => ({ regime, judged, hitRate, edgeBps }));
  const herding = [...account.others].map(([other, { common, agreement, kappa }]) => ({
    expert: other,
    common,
    agreement,
    kappa,
  }));
  return {
    expert,
    votes,
    judged: sums.judged,
    contributionBps: votes === 0 ? 0 : account.contributionBps / votes,
    worthBps: sums.judged === 0 ? 0 : worthBps / sums.judged,
    totalWorthBps: worthBps,
    pivotal: account.pivotal,
    hitRate: sums.hitRate,
    edgeBps: sums.edgeBps,
    brier: calibration.brier,
    ece: calibration.expectedError,
    regimes: regimes.sort((a, b) => b.judged - a.judged || (a.regime < b.regime ? -1 : 1)),
    herding: herding.sort((a, b) => b.kappa - a.kappa || (a.expert < b.expert ? -1 : 1)),
  };
}
