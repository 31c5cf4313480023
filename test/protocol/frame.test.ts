import type { Writable } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import * as ws from 'ws'
import { textFrame } from '../../lib/protocol/frame.ts'

/** The reader of `ws` itself, which its types leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable }

/** What a client makes of the bytes. */
function receive (bytes: Buffer): Array<{ text: string, isBinary: boolean }> {
  const messages: Array<{ text: string, isBinary: boolean }> = []
  const receiver = new Receiver({ isServer: false })
  receiver.on('message', (data: Buffer, isBinary: boolean) => messages.push({ text: data.toString(), isBinary }))
  receiver.on('error', (error) => { throw error })
  receiver.write(bytes)
  return messages
}

for (const { length, header } of [{ length: 0, header: 2 }, { length: 125, header: 2 }, { length: 126, header: 4 }, { length: 65_535, header: 4 }, { length: 65_536, header: 10 }]) {
  t.test(`${length} bytes have a header of ${header}`, async (t) => {
    const text = 'x'.repeat(length)
    const frame = textFrame(text)
    t.equal(frame.length, header + length)
    t.strictSame(receive(frame), [{ text, isBinary: false }])
  })
}

t.test('the length is in bytes', async (t) => {
  const text = 'é'.repeat(63)
  t.equal(textFrame(text).length, 4 + 126)
  t.strictSame(receive(textFrame(text)), [{ text, isBinary: false }])
})

t.test('frames one after the other are read one by one', async (t) => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }), fc.string({ unit: 'grapheme' }), (a, b) => {
    const [first] = receive(Buffer.concat([textFrame(a), textFrame(b)]))
    return first?.text === a && !first.isBinary
  }))
  t.pass()
})
