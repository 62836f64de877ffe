import type { SimulatorRequest } from './reply.ts';

/** A multipart body, its files as bytes; null when it is none. */
export async function multipartBody(request: SimulatorRequest) {
  const type = request.headers['content-type'];
  if (!type?.startsWith('multipart/form-data')) return null;
  try {
    const form = await new Response(new Uint8Array(request.body), { headers: { 'content-type': type } }).formData();
    const fields: Record<string, string> = {};
    const files: { field: string; name: string; bytes: Buffer }[] = [];
    for (const [field, value] of form) {
      if (typeof value === 'string') fields[field] = value;
      else files.push({ field, name: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
    }
    return { fields, files };
  } catch {
    return null;
  }
}
