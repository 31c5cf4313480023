import { createHmac, timingSafeEqual } from 'node:crypto'

/** The value of `x-hub-signature-256` for a body, as GitHub computes it. */
export function sign (secret, body) {
  return 'sha256=' + createHmac('sha256', secret).update(body).digest('hex')
}

/** Whether a signature is that of the body, compared in constant time. */
export function verify (secret, body, signature) {
  const expected = Buffer.from(sign(secret, body))
  const given = Buffer.from(signature ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
