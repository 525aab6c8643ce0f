// One connection for all tabs.
import {complete, follow} from './stream.js'

const ports = []
const whole = complete()
let last = null
let following = false

const tell = message => ports.forEach(port => port.postMessage(message))

self.onconnect = ({ports: [port]}) => {
  ports.push(port)
  if (last) {
    port.postMessage({picture: last})
  }
  port.onmessage = ({data: url}) => {
    if (!following) {
      following = true
      follow(url, picture => {
        last = whole(picture)
        tell({picture: last})
      }, () => tell({lost: true}))
    }
  }
}
