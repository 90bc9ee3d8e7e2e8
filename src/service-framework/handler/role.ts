/** Who a caller is. A role is an endpoint with its own list of keys, never a field of a message. */
export const ROLES = ['trader', 'expert', 'observer', 'admin'] as const;

export type Role = (typeof ROLES)[number];
