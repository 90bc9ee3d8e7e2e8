import { expect } from 'chai';
import { type Figure, reached } from '../../bench/soak/figure.js';
import { clients } from '../../bench/soak/steps/clients.js';
import { endurance } from '../../bench/soak/steps/endurance.js';
import { hung, killed, stale } from '../../bench/soak/steps/failure.js';
import { fuzz } from '../../bench/soak/steps/fuzz.js';
import { network } from '../../bench/soak/steps/network.js';
import { overload } from '../../bench/soak/steps/overload.js';
import { drain, rolling } from '../../bench/soak/steps/restart.js';

/** Times and sizes are those of a machine that does other things too; `make soak` holds them to their bars. */
const GENEROUS = 10;

function promised(figure: Figure): boolean {
  const { measured, atLeast, value, bar } = figure;
  if (!measured) return reached(figure);
  return atLeast ? value >= bar / GENEROUS : value <= bar * GENEROUS;
}

describe('the soak, in short', function () {
  this.timeout(120_000);
  for (const step of [overload, fuzz, clients, endurance, killed, stale, hung, network, drain, rolling])
    it(`${step.name} keeps what is promised`, async () => {
      const figures = await step.run('short');
      expect(figures).to.not.be.empty;
      expect(figures.filter((figure) => !promised(figure))).to.deep.equal([]);
    });
});
