// The door. A request passes when its Host is exactly this server, nothing in it says that another site made it, and its
// method is one that is served here. That stops DNS rebinding, cross-site requests and other programs' pages on this
// machine, before a session is even looked at. There is no CORS: no other origin is ever answered.

export interface RequestFacts {
  method: string;
  /** the Host header as it came */
  host: string | undefined;
  origin: string | undefined;
  /** Sec-Fetch-Site: browsers send it, scripts do not */
  fetchSite: string | undefined;
}

export interface Refusal {
  status: 403 | 405;
  message: string;
  hint: string;
}

const servedMethods = ['GET', 'HEAD', 'POST'];

/** Why a request is refused before anything of it is read, or null. */
export function refusalOf(request: RequestFacts, port: number): Refusal | null {
  const { host, origin, fetchSite } = request;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return refuse(403, 'This address is not served here.', `Use http://127.0.0.1:${port}.`);
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return refuse(403, 'Another site may not use the Studio.', 'Open Circletake in its own window.');
  }
  if (!servedMethods.includes(request.method)) {
    return refuse(405, `The method ${request.method.slice(0, 20)} is not served here.`, 'Use GET or POST.');
  }
  const reads = request.method !== 'POST';
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && !(reads && fetchSite === 'none')) {
    return refuse(403, 'Another site may not use the Studio.', 'Open Circletake in its own window.');
  }
  if (!reads && origin === undefined && fetchSite === undefined) {
    return refuse(
      403,
      'A request that changes something must say where it comes from.',
      `Send the header Origin: http://${host}.`,
    );
  }
  return null;
}

function refuse(status: Refusal['status'], message: string, hint: string): Refusal {
  return { status, message, hint };
}
