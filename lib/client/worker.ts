import { connect } from './index.ts'

/**
 * The client for classic worker scripts of any kind: after
 * `importScripts('/realtime/worker.js')` it is `self.realtime.connect(options)`.
 */
Object.assign(globalThis, { realtime: { connect } })
