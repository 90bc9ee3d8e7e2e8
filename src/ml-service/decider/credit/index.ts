export { CreditWalk } from './credit-walk.js';
