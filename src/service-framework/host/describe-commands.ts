import { type CommandSpec, jsonSchemaOf } from '../handler/index.js';
import type { CommandDescription } from './host-info.js';

/** What `service.describe` says about the commands, sorted by name. */
export function describeCommands(specs: readonly CommandSpec[]): CommandDescription[] {
  return [...specs].sort((a, b) => (a.name < b.name ? -1 : 1)).map(describeCommand);
}

function describeCommand(spec: CommandSpec): CommandDescription {
  return {
    command: spec.name,
    summary: spec.summary,
    request: spec.request ? jsonSchemaOf(spec.request) : null,
    response: responseSchema(spec),
    ...(spec.key === undefined ? {} : { key: spec.key }),
    ...(spec.roles === undefined ? {} : { roles: spec.roles }),
    ...(spec.reserved === true ? { reserved: true } : {}),
  };
}

function responseSchema({ response, responseArray }: CommandSpec): unknown {
  if (!response) return null;
  const schema = jsonSchemaOf(response);
  if (responseArray !== true) return schema;
  // References are from the root, so the definitions stay there.
  const { $defs, ...items } = schema;
  return { type: 'array', items, ...($defs === undefined ? {} : { $defs }) };
}
