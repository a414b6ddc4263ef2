import { readFileSync } from 'node:fs';
import { errorCode } from './StartError.ts';

/** The text of a file, or undefined when there is none. Any other failure is thrown. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
