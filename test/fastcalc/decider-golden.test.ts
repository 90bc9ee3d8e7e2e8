import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Decider } from '#conclave/fastcalc/index.js';

import { ACTIONS, lehmer, vote } from './decider-support.js';

const GOLDEN = new URL('../../../test/fastcalc/golden/decider-run.json', import.meta.url);
const NAMES = ['anomaly@1', 'flow@1', 'flow@2', 'regime@1', 'trend@3', 'zebra@1'] as const;
const ACCURACY = [40, 45, 50, 55, 60, 65] as const;

interface Golden {
  readonly hashes: string[];
  readonly scores: string[];
  readonly probabilities: string[];
  readonly contributions: string[];
  readonly policyVersion: string;
}

describe('the recorded run of the decider', () => {
  // The same run as in crates/fastcalc/tests/decider_golden.rs.
  it('gives the recorded bits through Node', () => {
    const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Golden;
    const draw = lehmer(20_260_101);
    const decider = new Decider();
    const hashes: string[] = [];
    for (let t = 0; t < 400; t += 1) {
      const truth = draw(3);
      const votes = [];
      for (const [expert, slot] of NAMES.entries()) {
        const [awake, right, shift] = [draw(10) > 0, draw(100) < (ACCURACY[expert] ?? 0), draw(2)];
        if (!awake || (expert === 5 && t < 200)) continue;
        votes.push(vote(slot, actionAt(right ? truth : (truth + 1 + shift) % 3)));
      }
      const r = 10 * (1 - truth) + draw(121) - 60;
      const rewardsBps = { buy: r - 2, hold: 0, sell: -r - 2 };
      const action = actionAt(truth);
      const feedback = t % 5 === 0 ? { action, rewardBps: rewardsBps[action] } : { rewardsBps };
      decider.learn(votes, { roundTripBps: 2 }, feedback);
      if (t % 50 === 49) hashes.push(decider.stateHash());
    }
    const all = NAMES.map((slot) => vote(slot, 'buy'));
    const answer = decider.decide(all, { roundTripBps: 2 });
    expect(hashes).to.deep.equal(golden.hashes);
    expect(ACTIONS.map((action) => answer.scores[action])).to.deep.equal(golden.scores.map(Number));
    expect(ACTIONS.map((action) => answer.probabilities[action])).to.deep.equal(
      golden.probabilities.map(Number),
    );
    const contributions = answer.contributions.flatMap((part) => ACTIONS.map((action) => part[action]));
    expect(contributions).to.deep.equal(golden.contributions.map(Number));
    expect(decider.policyVersion).to.equal(golden.policyVersion);
  });
});

function actionAt(index: number): (typeof ACTIONS)[number] {
  return ACTIONS[index] ?? 'hold';
}
