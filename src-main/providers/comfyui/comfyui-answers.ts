import { z } from 'zod';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';

export const comfyuiSubmitSchema = z.object({ prompt_id: z.string().min(1) });
export const comfyuiUploadSchema = z.object({ name: z.string().min(1), subfolder: z.string().default('') });

const fileSchema = z.object({ filename: z.string(), subfolder: z.string().default(''), type: z.string() });
export type ComfyuiFile = z.infer<typeof fileSchema>;
/** number, id, graph, extra data, nodes to run */
const queuedSchema = z.tuple([z.unknown(), z.string(), z.unknown(), z.unknown()]).rest(z.unknown());

const entrySchema = z.object({
  prompt: queuedSchema.optional().catch(undefined),
  outputs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  status: z.object({ status_str: z.string().default(''), messages: z.array(z.unknown()).default([]) }).nullish(),
});
export type ComfyuiEntry = z.infer<typeof entrySchema>;
export const historySchema = z.record(z.string(), entrySchema);
export const queueSchema = z.object({
  queue_running: z.array(queuedSchema).default([]),
  queue_pending: z.array(queuedSchema).default([]),
});

const nodeErrorsSchema = z.object({
  error: z.object({ message: z.string().default(''), details: z.string().default('') }).optional(),
  node_errors: z
    .record(
      z.string(),
      z.object({
        class_type: z.string().nullish(),
        errors: z.array(z.object({ message: z.string().default(''), details: z.string().default('') })).default([]),
      }),
    )
    .or(z.array(z.unknown()).transform(() => ({})))
    .default({}),
});

/** A refused graph, in words: which node, what it misses. A picture that is gone there is put there again next time. */
export function refineComfyui(error: ProviderHttpError): AttemptFailure | null {
  const read = nodeErrorsSchema.safeParse(error.json());
  if (error.status !== 400 || !read.success) return null;
  const { error: reason, node_errors } = read.data;
  const nodes = Object.entries(node_errors).map(([id, { class_type, errors }]) => {
    const words = errors.map(({ message, details }) => [message, details].filter(Boolean).join(': ')).join('; ');
    return `node ${id}${class_type ? ` (${class_type})` : ''}: ${words}`;
  });
  const said = [reason?.message, ...nodes].filter(Boolean).join('. ') || error.message;
  const message = `ComfyUI refused the graph. ${said}`;
  return isPictureGone(error)
    ? failureOf('transient', 'unknown', message)
    : failureOf('permanent', 'rejected_request', message);
}

/** Whether a submit was refused because an uploaded picture is not there any more. */
export function isPictureGone(error: ProviderHttpError): boolean {
  return error.status === 400 && /invalid image file/i.test(JSON.stringify(error.json()));
}

const messageSchema = z.tuple([z.string(), z.record(z.string(), z.unknown())]);

/** Why a graph ended with an error; null when it did not. A graph that fails once fails again, but for want of memory. */
export function entryFailure({ status }: ComfyuiEntry): AttemptFailure | null {
  if (status?.status_str !== 'error') return null;
  const messages = status.messages.flatMap((message) => {
    const { data } = messageSchema.safeParse(message);
    return data ? [data] : [];
  });
  if (messages.some(([kind]) => kind === 'execution_interrupted')) {
    return failureOf('transient', 'cancelled', 'The run was interrupted in ComfyUI.');
  }
  const [, told = {}] = messages.find(([kind]) => kind === 'execution_error') ?? [];
  const what = String(told.exception_message ?? '').trim() || 'no reason was given';
  const where = told.node_type ? ` in ${String(told.node_type)}` : '';
  const message = `ComfyUI stopped${where}: ${what}`;
  return /out of memory|OutOfMemory/i.test(`${told.exception_type ?? ''} ${what}`)
    ? failureOf('transient', 'server', message)
    : failureOf('permanent', 'rejected_request', message);
}

const endings = { still: /\.(png|jpe?g|webp)$/i, clip: /\.(mp4|webm|mov|mkv)$/i };

/** The saved file of a finished graph: of the node that is titled `result`, else the first of the wanted kind. */
export function resultFileOf(
  { outputs }: ComfyuiEntry,
  kind: 'still' | 'clip',
  resultNode: string | null,
): ComfyuiFile | null {
  const named = resultNode === null ? undefined : outputs[resultNode];
  const nodes = named ? [named] : Object.values(outputs);
  const files = nodes.flatMap((node) => Object.values(node).flatMap((list) => filesIn(list)));
  return files.find(({ type, filename }) => type === 'output' && endings[kind].test(filename)) ?? null;
}

function filesIn(list: unknown): ComfyuiFile[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((file) => fileSchema.safeParse(file).data ?? []);
}

/** The client id that a queued or finished prompt was sent with; null when it says none. */
export function clientIdOf(prompt: z.infer<typeof queuedSchema> | undefined): string | null {
  const extra = z.object({ client_id: z.string() }).safeParse(prompt?.[3]);
  return extra.success ? extra.data.client_id : null;
}
