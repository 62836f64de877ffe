// What every answer says to the browser, refusals included: nothing from elsewhere is loaded, nothing here is framed,
// types are not guessed, and the page is isolated (which also gives it precise timers for the player).

const policy: Record<string, string> = {
  'default-src': "'none'",
  'script-src': "'self'",
  // Components place popovers through style attributes; a style element needs the page's nonce.
  'style-src-attr': "'unsafe-inline'",
  'img-src': "'self' blob: data:",
  'media-src': "'self' blob:",
  'connect-src': "'self'",
  'worker-src': "'self' blob:",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** The Content-Security-Policy; `styleNonce` lets the page that was sent with it add style elements. */
export function contentSecurityPolicy(styleNonce: string | null = null): string {
  const style = styleNonce === null ? "'self'" : `'self' 'nonce-${styleNonce}'`;
  const directives = Object.entries(policy).map(([name, value]) => `${name} ${value}`);
  return [...directives, `style-src ${style}`].join('; ');
}

/** Headers beside the policy, the same on every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'X-DNS-Prefetch-Control': 'off',
  'Permissions-Policy': [
    'accelerometer',
    'autoplay',
    'camera',
    'clipboard-read',
    'display-capture',
    'geolocation',
    'gyroscope',
    'hid',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'publickey-credentials-get',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ]
    .map((feature) => (feature === 'autoplay' ? 'autoplay=(self)' : `${feature}=()`))
    .join(', '),
};

/** Puts the headers on an answer; a policy that the answer brings along (its own nonce) stays. */
export function secureHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', contentSecurityPolicy());
}
