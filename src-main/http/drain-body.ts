const enoughBytes = 256 * 1024 * 1024;

/**
 * Reads the rest of a refused body and drops it. A connection that is closed while the client still sends takes the
 * answer with it; a client that sends on and on is cut off all the same.
 */
export async function drainBody(request: Request): Promise<void> {
  if (request.body === null || request.body.locked) return;
  let bytes = 0;
  const reader = request.body.getReader();
  try {
    while (bytes < enoughBytes) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
  } catch {
    // the client has left: nobody waits for the answer
  }
}
