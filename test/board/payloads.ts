import { createRequire } from 'node:module'

export interface Delivery {
  event: string
  payload: Record<string, any>
}

const families: Array<{ name: string, examples: Array<Record<string, any>> }> = createRequire(import.meta.url)('@octokit/webhooks-examples')

/** Every recorded webhook, in the order of the package. */
export const deliveries: Delivery[] = families.flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })))

/** The first recorded payload of an event with an action. */
export function recorded (event: string, action: string): Record<string, any> {
  return deliveries.find((delivery) => delivery.event === event && delivery.payload['action'] === action)!.payload
}
