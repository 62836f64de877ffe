/**
 * Reads one of the author's JSON documents. What is wrong is said by file, line and field, with the fix; nothing here
 * throws for bad content, so that a slip in an editor never takes the app down.
 */
import { readFile, stat } from 'node:fs/promises';
import { findNodeAtLocation, getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { z } from 'zod';

/** One thing that is wrong in a document. */
export interface DocumentFault {
  /** relative to the project */
  file: string;
  /** "line 12, shots[3].routing_data.duration"; null when it concerns the whole file */
  where: string | null;
  message: string;
  hint: string;
}

export type ReadDocument<T> = { kind: 'good'; document: T } | { kind: 'bad'; faults: DocumentFault[] };

const largestBytes = 32 * 1024 * 1024;
const mostFaults = 5;

/** Reads, parses and checks a document against its schema. */
export async function readDocument<T>(path: string, file: string, schema: z.ZodType<T>): Promise<ReadDocument<T>> {
  const text = await readText(path);
  if (typeof text !== 'string') return bad({ file, where: null, ...text });
  return parseDocument(text, file, schema);
}

/** The same from text, for tests and previews. */
export function parseDocument<T>(text: string, file: string, schema: z.ZodType<T>): ReadDocument<T> {
  const content = text.replace(/^\uFEFF/, '');
  const json = jsonOf(content);
  const quick = json && schema.safeParse(json.value);
  return quick?.success ? { kind: 'good', document: quick.data } : findFaults(content, file, schema);
}

function jsonOf(content: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(content) };
  } catch {
    return null;
  }
}

/** Reads it again with the place of everything in it, which takes ten times as long: a plan of 10,000 shots is megabytes. */
function findFaults<T>(content: string, file: string, schema: z.ZodType<T>): ReadDocument<T> {
  const errors: ParseError[] = [];
  const tree = parseTree(content, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (error || !tree) {
    const said = error ? syntaxWords(printParseErrorCode(error.error)) : 'the file is empty';
    return bad({
      file,
      where: `line ${lineOf(content, error?.offset ?? 0)}`,
      message: `${file} is not valid JSON: ${said}.`,
      hint: 'Mend the line named; the last good version stays in force until then.',
    });
  }
  const parsed = schema.safeParse(getNodeValue(tree));
  if (parsed.success) return { kind: 'good', document: parsed.data };
  const faults = parsed.error.issues.slice(0, mostFaults).map((issue): DocumentFault => {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    const line = lineOf(content, nearestNodeOffset(tree, path));
    const field = z.core.toDotPath(path) || 'the whole document';
    return {
      file,
      where: `line ${line}, ${field}`,
      message: `${file}: ${field}: ${issue.message}.`,
      hint: 'Mend the field named; the last good version stays in force until then.',
    };
  });
  return { kind: 'bad', faults };
}

async function readText(path: string): Promise<string | { message: string; hint: string }> {
  try {
    if ((await stat(path)).size > largestBytes) {
      return { message: 'The file is far too large for a document.', hint: 'Put the right file in its place.' };
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT') return { message: 'The file is missing.', hint: 'Put it back, or correct project.json.' };
    return { message: `The file cannot be read (${code}).`, hint: 'Check its permissions and the disk.' };
  }
}

function bad(fault: DocumentFault): { kind: 'bad'; faults: DocumentFault[] } {
  return { kind: 'bad', faults: [{ ...fault, message: fault.message.replace(/^The file/, fault.file) }] };
}

/** Where the deepest existing part of a path stands: a missing field is shown at the object that lacks it. */
function nearestNodeOffset(tree: ReturnType<typeof parseTree>, path: (string | number)[]): number {
  for (let length = path.length; tree && length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return tree?.offset ?? 0;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** "CommaExpected" → "comma expected" */
function syntaxWords(code: string): string {
  return code.replace(/(?<=[a-z])([A-Z])/g, ' $1').toLowerCase();
}
