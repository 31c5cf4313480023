import fc from 'fast-check'
import t from 'tap'
import type { Membership } from '../../types/receiver.ts'
import { Group } from '../../lib/hub/group.ts'
import { Recorder } from './recorder.ts'

t.test('whoever comes and goes, the members are those who stayed', async (t) => {
  fc.assert(fc.property(fc.array(fc.option(fc.nat(99), { nil: 'add' as const })), (steps) => {
    const group = new Group()
    const stayed: Membership[] = []
    for (const step of steps) {
      if (step === 'add') stayed.push(group.add(new Recorder(), 'a'))
      else if (stayed.length > 0) group.remove(stayed.splice(step % stayed.length, 1)[0]!)
    }
    return group.members.length === stayed.length && stayed.every((membership) => group.members[membership.index] === membership)
  }))
  t.pass()
})

t.test('who is out has no place', async (t) => {
  const group = new Group()
  const membership = group.add(new Recorder(), 'a')
  group.add(new Recorder(), 'a')
  group.remove(membership)
  t.equal(membership.index, -1)
})
