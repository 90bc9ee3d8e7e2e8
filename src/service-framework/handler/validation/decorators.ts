import './declared-type.js';

export { Check, type CheckProblem } from './check.js';
export { type ColumnOptions, IsColumn, MAX_COLUMN_LENGTH } from './is-column.js';
export { Nested, type NestedOptions } from './nested.js';
export { IsFiniteNumber, IsNumberMap, IsUnixMs, type NumberMapOptions, type NumberRange } from './numbers.js';
export { SameLengthAs } from './same-length-as.js';
