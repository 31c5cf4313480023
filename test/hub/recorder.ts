import type { Receiver } from '../../types/receiver.ts'
import type { Delivery } from '../../types/wire.ts'
import { readFrames } from '../order/events.ts'

/** A receiver that keeps what it is given. */
export class Recorder implements Receiver {
  origin: string | undefined
  behind = false
  due: Delivery | undefined
  readonly deliveries: Delivery[] = []
  #delivered: (() => void) | undefined

  constructor (origin?: string) {
    this.origin = origin
  }

  deliver (delivery: Delivery): void {
    this.deliveries.push(delivery)
    this.#delivered?.()
  }

  /** Calls `action` at each delivery, while the fan-out goes on. */
  onDelivery (action: () => void): this {
    this.#delivered = action
    return this
  }

  /** The data of the messages of each delivery. */
  get turns (): unknown[][] {
    return this.deliveries.map((delivery) => readFrames(delivery.bytes('websocket')).map((text) => (JSON.parse(text) as { data: unknown }).data))
  }
}
