import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ServiceError } from '../../runtime/index.js';
import { ExpertHandler } from './expert-handler.js';
import { type ExpertSeat, seatOf } from './seat.js';

/** The folder this file lies in: every expert beside it is found without being listed anywhere. */
const BUILTIN_FOLDER = fileURLToPath(new URL('.', import.meta.url));

type ExpertClass = new () => ExpertHandler;

function isExpertClass(exported: unknown): exported is ExpertClass {
  return typeof exported === 'function' && exported.prototype instanceof ExpertHandler;
}

async function expertsOf(file: string): Promise<ExpertSeat[]> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new ServiceError('INVALID_ARGUMENT', `cannot load expert file ${file}: ${String(cause)}`, {
      field: 'experts.files',
      cause,
    });
  }
  return Object.entries(module).flatMap(([exportName, Expert]) =>
    isExpertClass(Expert) ? [seatOf(new Expert(), { file, exportName })] : [],
  );
}

/** The expert files of a folder: `<name>.js` or `<name>/index.js`, in order of name. */
async function expertFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (entry.isDirectory()) {
      const index = join(folder, entry.name, 'index.js');
      if ((await stat(index).catch(() => undefined))?.isFile()) files.push(index);
    } else if (entry.name.endsWith('.js') && entry.name !== 'index.js') {
      files.push(join(folder, entry.name));
    }
  }
  return files;
}

/**
 * Every expert of the built-in folder and of the given files, constructed, and those given as they are.
 * @param given further experts, already constructed
 * @param extraFiles compiled JavaScript modules that export classes extending ExpertHandler
 * @throws ServiceError INVALID_ARGUMENT for a file that cannot be loaded or holds no expert; ALREADY_EXISTS when
 *   two experts have one id
 */
export async function discoverExperts(
  extraFiles: readonly string[] = [],
  given: readonly ExpertHandler[] = [],
): Promise<ExpertSeat[]> {
  const experts: ExpertSeat[] = [];
  for (const file of await expertFiles(BUILTIN_FOLDER)) experts.push(...(await expertsOf(file)));
  for (const file of extraFiles) {
    const found = await expertsOf(resolve(file));
    if (found.length === 0) {
      throw new ServiceError('INVALID_ARGUMENT', `${file}: exports no class that extends ExpertHandler`, {
        field: 'experts.files',
      });
    }
    experts.push(...found);
  }
  experts.push(...given.map((handler) => seatOf(handler)));
  checkDistinct(experts);
  return experts;
}

/** @throws ServiceError ALREADY_EXISTS when two experts have one id */
export function checkDistinct(experts: readonly { readonly expert: string }[]): void {
  const seen = new Set<string>();
  for (const { expert } of experts) {
    if (seen.has(expert))
      throw new ServiceError('ALREADY_EXISTS', `two experts are called ${expert}`, { field: 'expert' });
    seen.add(expert);
  }
}
