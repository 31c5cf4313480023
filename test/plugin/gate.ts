/** A promise that the test settles, and a note that it is being waited for. */
export interface Gate<T> {
  /** What a hook returns to be held up. */
  hold (): Promise<T>
  /** Resolves when a hook is held up. */
  readonly held: Promise<void>
  open (value: T): void
}

export function createGate<T> (): Gate<T> {
  let open!: (value: T) => void
  let note!: () => void
  const opened = new Promise<T>((resolve) => { open = resolve })
  const held = new Promise<void>((resolve) => { note = resolve })
  return {
    hold: () => {
      note()
      return opened
    },
    held,
    open
  }
}

/** What a hook returns that never answers. */
export function hang (): Promise<never> {
  return new Promise(() => {})
}
