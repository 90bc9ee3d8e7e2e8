import { IsInt, IsString, Length, Matches, Max, Min, type ValidationOptions } from 'class-validator';
import { SYMBOL_PATTERN } from '../../market-data/index.js';

/** `order_flow`: the id of an expert, also the first part of its command. */
const EXPERT_PATTERN = /^[a-z][a-z0-9_]*$/;
const VERSION_PATTERN = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)?$/;

/** Several checks under one name. */
function all(...checks: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const check of checks) check(target, property);
  };
}

/** `BTC/USDT`: no spaces, so that it can be part of an event topic. */
export function IsSymbol(options?: ValidationOptions): PropertyDecorator {
  return all(IsString(options), Length(1, 64, options), Matches(SYMBOL_PATTERN, options));
}

/** `order_flow` */
export function IsExpertId(): PropertyDecorator {
  return all(IsString(), Length(1, 64), Matches(EXPERT_PATTERN));
}

/** Semantic version; its major number decides whether the decider treats an expert as the same one. */
export function IsVersion(): PropertyDecorator {
  return all(IsString(), Length(1, 32), Matches(VERSION_PATTERN));
}

/** Text of 1 to `longest` characters. */
export function IsText(longest: number, options?: ValidationOptions): PropertyDecorator {
  return all(IsString(options), Length(1, longest, options));
}

/** Bars until the position would be closed again. */
export function IsHorizonBars(): PropertyDecorator {
  return all(IsInt(), Min(1), Max(1_000_000));
}

/** A number of things. */
export function IsCount(): PropertyDecorator {
  return all(IsInt(), Min(0));
}

/** Place of a record in the journal. */
export function IsRecordSeq(): PropertyDecorator {
  return all(IsInt(), Min(1), Max(Number.MAX_SAFE_INTEGER));
}

/** SHA-256, hexadecimal. */
export function IsStateHash(): PropertyDecorator {
  return all(IsString(), Length(64, 64));
}
