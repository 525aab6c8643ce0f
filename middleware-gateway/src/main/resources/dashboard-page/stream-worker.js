// One connection for all tabs, by the key that was entered last in any of them.
import {complete, follow} from './stream.js'

const ports = []
const whole = complete()
let last = null
let refused = null
let key = null
let take = null

const tell = message => ports.forEach(port => port.postMessage(message))

function begin(url) {
  take = follow(url, key, {
    onPicture: picture => {
      last = {picture: whole(picture)}
      refused = null
      tell(last)
    },
    onLost: () => tell({lost: true}),
    onRefused: (status, used) => {
      last = null
      refused = {refused: status, used}
      tell(refused)
    }
  })
}

self.onconnect = ({ports: [port]}) => {
  ports.push(port)
  port.onmessage = ({data}) => {
    if (!take) {
      key = data.key
      begin(data.url)
    } else if (data.key && data.key !== key) {
      key = data.key
      take(key)
      tell({key})
    } else if (refused && data.key) {
      take(key)
    } else {
      [key && {key}, last, refused].filter(Boolean).forEach(message => port.postMessage(message))
    }
  }
}
