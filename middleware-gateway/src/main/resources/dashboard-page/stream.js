// Follows the pictures that a gateway sends. Silence is noticed, and another connection tried: Nginx leads it to a gateway that
// responds. All tabs of a browser share one connection where it can: it has no more than six for one address.
const SILENT = 2500
const AGAIN = 400

/** Follows by a connection of its own. Calls onPicture with each, and onLost when the connection is. Usable in a worker. */
export function follow(url, onPicture, onLost) {
  let source = null
  let timer = null
  const connect = () => {
    source = new EventSource(url)
    source.onmessage = message => {
      watch(SILENT)
      onPicture(JSON.parse(message.data))
    }
    source.onerror = () => lost(AGAIN)
    watch(SILENT)
  }
  const watch = delay => {
    clearTimeout(timer)
    timer = setTimeout(() => lost(0), delay)
  }
  const lost = delay => {
    source.close()
    clearTimeout(timer)
    onLost()
    timer = setTimeout(connect, delay)
  }
  connect()
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

/** Follows by the worker of all tabs or, where there is none, alone. */
export function followShared(onPicture, onLost) {
  const url = new URL('events', location.href).href
  const alone = () => {
    const whole = complete()
    follow(url, picture => onPicture(whole(picture)), onLost)
  }
  if (!globalThis.SharedWorker) {
    alone()
    return
  }
  try {
    const worker = new SharedWorker('stream-worker.js', {type: 'module'})
    worker.onerror = alone
    worker.port.onmessage = ({data}) => data.picture ? onPicture(data.picture) : onLost()
    worker.port.postMessage(url)
  } catch {
    alone()
  }
}
