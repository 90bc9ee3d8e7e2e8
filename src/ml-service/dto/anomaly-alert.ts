import { IsIn } from 'class-validator';
import { IsFiniteNumber, IsUnixMs } from '../../service-framework/index.js';
import { IsSymbol, IsText } from './fields.js';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something in the market or in its data that is not as usual. */
export class AnomalyAlert {
  @IsSymbol()
  symbol!: string;

  @IsUnixMs()
  asOfMs!: number;

  /** `flash_move`, `volume_burst`, `crossed_book` … */
  @IsText(64)
  kind!: string;

  @IsIn(SEVERITIES)
  severity!: Severity;

  /** What was looked at: `return`, `range`, `volume`, `spread`, `gap`, `feed`. */
  @IsText(64)
  channel!: string;

  /** How unusual, in the channel's own scale: robust standard deviations, or a ratio. */
  @IsFiniteNumber()
  score!: number;

  @IsText(500)
  message!: string;
}
