/** A message as clients parse it. */
export interface Message {
  id?: string
  group: string
  event: string
  data: unknown
}

/** What came so far, and what is waited for. */
export class Inbox<T> {
  readonly all: T[] = []
  readonly #waiting = new Set<{ look: () => void, fail: (error: Error) => void }>()
  #end: Error | undefined

  add (item: T): void {
    this.all.push(item)
    for (const { look } of this.#waiting) look()
  }

  /** Nothing more will come. */
  end (why: string): void {
    this.#end ??= new Error(why)
    for (const { fail } of this.#waiting) fail(this.#end)
    this.#waiting.clear()
  }

  /** The first that fits, come or still to come; rejects when that cannot be any more. */
  until (fits: (item: T) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const found = this.all.find(fits)
      if (found !== undefined) {
        resolve(found)
      } else if (this.#end !== undefined) {
        reject(this.#end)
      } else {
        const waiter = {
          look: () => {
            const item = this.all.at(-1)!
            if (!fits(item)) return
            this.#waiting.delete(waiter)
            resolve(item)
          },
          fail: reject
        }
        this.#waiting.add(waiter)
      }
    })
  }
}
