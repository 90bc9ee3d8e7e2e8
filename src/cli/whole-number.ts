import { InvalidArgumentError } from 'commander';

/** A reader of an option's text: an integer of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`must be an integer of at least ${least}`);
  };
}
