import { type CommandSpec, commandSchemasOf } from '../handler/index.js';
import type { CommandDescription } from './host-info.js';

/** What `service.describe` says about the commands, sorted by name. */
export function describeCommands(specs: readonly CommandSpec[]): CommandDescription[] {
  return [...specs].sort((a, b) => (a.name < b.name ? -1 : 1)).map(describeCommand);
}

function describeCommand(spec: CommandSpec): CommandDescription {
  return {
    command: spec.name,
    summary: spec.summary,
    ...commandSchemasOf(spec),
    ...(spec.key === undefined ? {} : { key: spec.key }),
    ...(spec.roles === undefined ? {} : { roles: spec.roles }),
    ...(spec.reserved === true ? { reserved: true } : {}),
  };
}
