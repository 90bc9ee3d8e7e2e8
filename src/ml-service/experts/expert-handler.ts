import { BaseHandler, type CommandSpec, type RequestContext } from '../../service-framework/index.js';
import { asOfMs, barMs, MarketQuestion, Vote } from '../dto/index.js';
import type { Abstained, Opinion } from './opinion.js';

const UNDECIDED = { buy: 1 / 3, hold: 1 / 3, sell: 1 / 3 } as const;

/**
 * An expert in one file: say who you are and implement `vote()`. Put the file under `experts/`, or name it with
 * `--expert`, and the committee asks it from the next start on.
 *
 * @example
 * export class Momentum extends ExpertHandler {
 *   readonly expert = 'momentum';
 *   readonly version = '1.0.0';
 *   vote({ candles: { close } }: MarketQuestion): Opinion {
 *     const rising = close[close.length - 1]! > close[0]!;
 *     return { probabilities: probabilitiesOfLean(rising ? 0.5 : -0.5), confidence: 0.5, label: 'momentum', evidence: {} };
 *   }
 * }
 */
export abstract class ExpertHandler extends BaseHandler {
  /** Lower snake case; unique in the committee. */
  abstract readonly expert: string;
  /** Semantic version. Another major number is another expert to the decider, which starts it afresh. */
  abstract readonly version: string;
  readonly summary: string = 'An expert of the committee';

  /** The command it answers. */
  get command(): string {
    return `${this.expert}.predict`;
  }

  /**
   * The opinion on one question. It must depend on nothing but the rows given (same rows, same vote), and never
   * on a row later than those.
   * @throws anything; the committee then counts an abstention with the error's message
   */
  abstract vote(
    question: MarketQuestion,
    context: RequestContext,
  ): Opinion | Abstained | Promise<Opinion | Abstained>;

  override getCommands(): readonly CommandSpec[] {
    return [{ name: this.command, request: MarketQuestion, response: Vote, summary: this.summary }];
  }

  override async handleRequest(_command: string, payload: unknown, context: RequestContext): Promise<Vote> {
    const question = payload as MarketQuestion;
    const opinion = await this.vote(question, context);
    return this.#asVote(question, opinion);
  }

  #asVote(question: MarketQuestion, opinion: Opinion | Abstained): Vote {
    const abstained = 'abstain' in opinion;
    return Object.assign(new Vote(), {
      expert: this.expert,
      version: this.version,
      symbol: question.symbol,
      asOfMs: asOfMs(question),
      probabilities: abstained ? { ...UNDECIDED } : { ...opinion.probabilities },
      confidence: abstained ? 0 : opinion.confidence,
      label: abstained ? (opinion.label ?? 'abstained') : opinion.label,
      evidence: { ...opinion.evidence },
      validForMs: (abstained ? undefined : opinion.validForMs) ?? barMs(question),
      ...(abstained ? { abstain: opinion.abstain } : {}),
      ...(opinion.alerts === undefined ? {} : { alerts: [...opinion.alerts] }),
    });
  }
}
