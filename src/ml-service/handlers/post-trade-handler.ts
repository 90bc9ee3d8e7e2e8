import { createHash } from 'node:crypto';
import { ServiceError } from '../../runtime/index.js';
import { BaseHandler, Command, type RequestContext } from '../../service-framework/index.js';
import { type DeciderService, feedbackOf } from '../decider/index.js';
import { type Learned, MAX_REWARD_BPS, Marked, MarkRequest, Trade, TradeFeedback } from '../dto/index.js';

/** The key under which `rl.learn` keeps what was asked here under `key`: of fixed length, and never one of a caller's own. */
function learnKey(key: string): string {
  return `post_trade.analyze:${createHash('sha256').update(key).digest('hex')}`;
}

function checkPlausible(trade: Trade, feedback: TradeFeedback): void {
  const rewards = feedback.rewardsBps ?? { buy: feedback.realisedBps, hold: 0, sell: 0 };
  for (const rewardBps of [feedback.realisedBps, rewards.buy, rewards.sell]) {
    if (Math.abs(rewardBps) <= MAX_REWARD_BPS) continue;
    throw new ServiceError(
      'INVALID_ARGUMENT',
      `exitPrice: ${trade.exitPrice} after entryPrice ${trade.entryPrice} with feesPaid ${trade.feesPaid} is a return ` +
        `of ${rewardBps} bps; must be within ${MAX_REWARD_BPS}`,
      { field: 'exitPrice' },
    );
  }
}

/** Turns what became of a decision into a reward and has it learned. */
export class PostTradeHandler extends BaseHandler {
  readonly #decider: DeciderService;

  constructor(decider: DeciderService) {
    super();
    this.#decider = decider;
  }

  @Command('post_trade.analyze', {
    request: Trade,
    response: TradeFeedback,
    key: 'required',
    summary: 'Net return of a trade and of the actions not taken, learned exactly once',
  })
  async analyze(trade: Trade, context: RequestContext): Promise<TradeFeedback> {
    const decision = this.#decider.decision(trade.decisionId);
    const feedback = feedbackOf(trade, decision.costs);
    checkPlausible(trade, feedback);
    // The effect and its answer are one record of rl.learn; asked again, this recomputes the same feedback and
    // gets that answer, and a changed trade is a changed body there.
    const key = context.key === undefined ? {} : { key: learnKey(context.key) };
    const learned = await context.call<Learned>('rl.learn', feedback, {
      timeoutMs: context.remainingMs(),
      ...key,
    });
    return Object.assign(feedback, learned);
  }

  @Command('post_trade.mark', {
    request: MarkRequest,
    response: Marked,
    key: 'required',
    summary: 'Tells from market data what became of the open decisions on a symbol, and has it learned',
  })
  async mark(request: MarkRequest, context: RequestContext): Promise<Marked> {
    const { outcomes, ...reply } = await this.#decider.mark(request, context.idempotency);
    for (const { feedback, symbol, seq } of outcomes)
      context.publish(`outcome.${symbol}`, { ...feedback, seq });
    return Object.assign(new Marked(), reply);
  }
}
