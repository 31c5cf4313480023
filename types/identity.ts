/** What `identify` may return for a signed-in user. */
export interface IdentityDetails {
  /** The user's primary key; rendered as a string of 1 to 200 characters. */
  id: string | number | bigint
  /** When it stops being valid: a Date or milliseconds since the epoch. The connection is closed 25 s after. */
  expiresAt?: Date | number
  /** At most 4 KiB as JSON; stays with the connection and is given to every later hook. */
  data?: unknown
}

/** Who a request belongs to; `null` and `undefined` mean anonymous. */
export type IdentityResult = string | number | bigint | null | undefined | IdentityDetails

/** An identity as the plugin keeps it. */
export interface Identity {
  /** The user id, `null` when anonymous. */
  readonly user: string | null
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined
  readonly data: unknown
}
