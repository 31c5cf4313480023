import t from 'tap'
import { closings } from '../../lib/protocol/close.ts'

t.test('clients come back after the codes that say so', async (t) => {
  const codes = (retry: boolean): number[] => [...new Set(Object.values(closings).filter((closing) => closing.retry === retry).map(({ code }) => code))].sort()
  t.same(codes(true), [1012, 4401, 4408, 4429, 4503])
  t.same(codes(false), [1000, 1009, 4400, 4403])
})
