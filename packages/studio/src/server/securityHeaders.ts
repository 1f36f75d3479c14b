/**
 * Headers of every answer: the page runs our own scripts only, talks to this server only, and sits in nobody's frame.
 *
 * Styles may be inline (the editor and Plotly write them), images may be data and blob URLs (outputs of cells), workers may be blobs.
 * @param host - the request's Host header, checked before; names the WebSocket's address for browsers whose 'self' leaves it out
 */
export function securityHeaders(host: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' data: blob:",
    `connect-src 'self' ws://${host}`,
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };
}
