import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors, type Refusal } from '../errors.ts'

/** Its line is ended with the answer: nobody closes it later, and the server waits for it. */
const CLOSING = new errors.Closing().code

/**
 * Answers a failed request of the plugin's own routes as JSON with a `code`. What
 * went wrong inside is logged, and the client hears nothing of it.
 */
export function answerFailure (error: unknown, request: FastifyRequest, reply: FastifyReply, maxMessageBytes: number): void {
  const shown = present(error, maxMessageBytes)
  const { statusCode = 500, code, message, refused, retryAfter } = shown
  if (shown === hidden) request.log.error({ err: error }, 'a realtime request failed')
  if (statusCode === 426 && request.raw.httpVersionMajor === 1) reply.header('upgrade', 'websocket')
  if (code === CLOSING && request.raw.httpVersionMajor === 1) reply.header('connection', 'close')
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  reply.code(statusCode).type('application/json; charset=utf-8').send(JSON.stringify({
    statusCode,
    code,
    error: STATUS_CODES[statusCode],
    message,
    ...(refused === undefined ? {} : { refused })
  }))
}

interface Shown extends Refusal {
  readonly statusCode?: number
  readonly code?: string
  readonly message: string
}

function present (error: unknown, maxMessageBytes: number): Shown {
  if (typeof error !== 'object' || error === null) return hidden
  const { statusCode, code, message } = error as { statusCode?: unknown, code?: unknown, message?: unknown }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new errors.TooLarge('the body\'s', 'limits.maxMessageBytes', maxMessageBytes)
  if (typeof code === 'string' && code.startsWith('FST_REALTIME_')) return error as Shown
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return hidden
  return {
    statusCode,
    code: typeof code === 'string' ? code : statusCode === 401 ? 'FST_REALTIME_UNAUTHENTICATED' : 'FST_REALTIME_FORBIDDEN',
    message: String(message)
  }
}

const hidden: Shown = { statusCode: 500, code: 'FST_REALTIME_HOOK_FAILED', message: 'the server failed to answer' }
