// Follows the pictures that a gateway sends. Silence is noticed, and another connection tried: Nginx leads it to a gateway that
// responds. All tabs of a browser share one connection where it can: it has no more than six for one address. Read by fetch, as an
// EventSource cannot say who looks.
import {credentials} from './key.js'

const SILENT = 2500
const AGAIN = 400
const REFUSED = [401, 403]

/**
 * Follows by a connection of its own. Calls onPicture with each, onLost when the connection is, and onRefused with the status and the
 * key when the gateway does not let it in: then it waits. Returns what takes another key. Usable in a worker.
 */
export function follow(url, key, {onPicture, onLost, onRefused}) {
  let request = null
  let timer = null
  const connect = async () => {
    const own = request = new AbortController()
    watch(SILENT)
    try {
      const headers = {Accept: 'text/event-stream', ...credentials(key)}
      const response = await fetch(url, {headers, cache: 'no-store', signal: own.signal})
      if (own === request && REFUSED.includes(response.status)) {
        stop()
        onRefused(response.status, key)
      } else if (response.ok) {
        await messages(response.body, message => {
          if (own === request) {
            watch(SILENT)
            onPicture(JSON.parse(message))
          }
        })
      }
    } catch {
      // it is lost, whatever the reason
    }
    if (own === request) {
      lost(AGAIN)
    }
  }
  const watch = delay => {
    clearTimeout(timer)
    timer = setTimeout(() => lost(0), delay)
  }
  const stop = () => {
    clearTimeout(timer)
    request?.abort()
    request = null
  }
  const lost = delay => {
    stop()
    onLost()
    timer = setTimeout(connect, delay)
  }
  connect()
  return newer => {
    key = newer
    stop()
    connect()
  }
}

/** Calls onMessage with the data of each event of a stream, until it ends. */
async function messages(body, onMessage) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const events = (rest + read.value).split('\n\n')
    rest = events.pop()
    events.filter(event => event.startsWith('data: ')).forEach(event => onMessage(event.slice(6)))
  }
}

/** Gives each picture its events, as most messages leave out what has not changed. */
export function complete() {
  let events = []
  return picture => {
    events = picture.events ?? events
    picture.events = events
    return picture
  }
}

/** Follows by the worker of all tabs or, where there is none, alone. Calls onKey with that of another tab. */
export function followShared(key, {onPicture, onLost, onRefused, onKey}) {
  const url = new URL('events', location.href).href
  let take = null
  const alone = () => {
    const whole = complete()
    take = follow(url, key, {onPicture: picture => onPicture(whole(picture)), onLost, onRefused})
  }
  const shared = () => {
    const worker = new SharedWorker('stream-worker.js', {type: 'module'})
    worker.onerror = alone
    worker.port.onmessage = ({data}) => {
      if (data.picture) {
        onPicture(data.picture)
      } else if (data.refused) {
        onRefused(data.refused, data.used)
      } else if (data.key) {
        onKey(data.key)
      } else {
        onLost()
      }
    }
    worker.port.postMessage({url, key})
    take = newer => worker.port.postMessage({url, key: newer})
  }
  try {
    globalThis.SharedWorker ? shared() : alone()
  } catch {
    alone()
  }
  return newer => {
    key = newer
    take(newer)
  }
}
