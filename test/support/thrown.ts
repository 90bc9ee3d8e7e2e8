import { expect } from 'chai';
import { ServiceError } from '#conclave/runtime/index.js';

/** The ServiceError that `action` throws; fails when it throws nothing or something else. */
export function thrownBy(action: () => unknown): ServiceError {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown, 'what was thrown').to.be.instanceOf(ServiceError);
  return thrown as ServiceError;
}

/** The INVALID_ARGUMENT that `action` throws. */
export function refusalOf(action: () => unknown): ServiceError {
  const error = thrownBy(action);
  expect(error.code).to.equal('INVALID_ARGUMENT');
  return error;
}
