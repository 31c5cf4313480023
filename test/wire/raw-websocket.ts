import type { Test } from 'tap'
import { rawClient, requestText, type RawClient } from './raw-client.ts'

/** The headers of an upgrade, and with them `more`. */
export function upgradeText (target: string, more: string[] = []): string {
  return requestText(target, [
    'host: localhost', 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', ...more
  ])
}

/** Upgrades a socket; resolves once the server has said that the connection is open. */
export async function rawWebSocket (t: Test, port: number, target: string): Promise<RawClient> {
  const client = await rawClient(t, port, upgradeText(target))
  await client.until('realtime:open')
  return client
}

/** A client's frame, well-formed but for what is asked for. */
export function frame (payload: string | Buffer, { opcode = 0x1, fin = true, rsv = 0, masked = true } = {}): Buffer {
  const bytes = Buffer.from(payload)
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78])
  const head = bytes.length < 126
    ? Buffer.from([0, bytes.length])
    : bytes.length < 65_536 ? Buffer.from([0, 126, bytes.length >> 8, bytes.length & 255]) : Buffer.alloc(10)
  if (head.length === 10) {
    head[1] = 127
    head.writeUInt32BE(bytes.length, 6)
  }
  head[0] = (fin ? 0x80 : 0) | rsv | opcode
  if (!masked) return Buffer.concat([head, bytes])
  head[1]! |= 0x80
  return Buffer.concat([head, mask, bytes.map((byte, i) => byte ^ mask[i % 4]!)])
}

/** The frames that the server sent. */
export function readFrames (body: Buffer): Array<{ opcode: number, payload: Buffer }> {
  const frames: Array<{ opcode: number, payload: Buffer }> = []
  for (let at = 0; at < body.length;) {
    const short = body[at + 1]!
    const from = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
    const length = short < 126 ? short : short === 126 ? body.readUInt16BE(at + 2) : body.readUInt32BE(at + 6)
    frames.push({ opcode: body[at]! & 15, payload: body.subarray(from, from + length) })
    at = from + length
  }
  return frames
}

/** The code that the server closed with. */
export async function closeCode (client: RawClient): Promise<number | undefined> {
  await client.closed
  return readFrames(client.body).find(({ opcode }) => opcode === 0x8)?.payload.readUInt16BE(0)
}
