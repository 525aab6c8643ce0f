// Calls as dots that run along the edges: in, to an instance, and back; they turn when an attempt failed, and split when hedged.
// A call of two milliseconds could not be seen, so all run at one pace; how long they stay at an instance shows how long it took.
import {svg} from './dom.js'
import {dotLayer, pathsTo} from './chain.js'

const LEG = 260
const MOST = 60
const STAYS = 500
const SEEN = 2000
// ms from one picture to the next
const PERIOD = 1000

const seen = new Set()
const dots = []
const calm = matchMedia('(prefers-reduced-motion: reduce)')
let running = false
let first = true

/** Lets the calls run that are new in this picture. */
export function runDots(picture) {
  const fresh = picture.calls.filter(call => !seen.has(call.gateway + call.id + call.at))
  fresh.forEach(call => seen.add(call.gateway + call.id + call.at))
  if (seen.size > SEEN) {
    [...seen].slice(0, SEEN / 2).forEach(key => seen.delete(key))
  }
  if (first || calm.matches || document.hidden) {
    first = false
    return
  }
  const earliest = Math.min(...fresh.map(call => call.at))
  for (const call of fresh) {
    if (dots.length < MOST) {
      launch(call, performance.now() + Math.min(PERIOD, call.at - earliest))
    }
  }
  if (!running && dots.length) {
    running = true
    requestAnimationFrame(step)
  }
}

const stay = ms => Math.min(STAYS, 40 * Math.log2(1 + ms))

/** Plans the legs of a call. A leg is a path, the times between which it is run, its direction and its look. */
function launch(call, begun) {
  let turn = begun + 2 * LEG
  call.attempts.forEach((attempt, i) => {
    const paths = pathsTo(call.gateway, call.service + '/' + attempt.instance)
    if (!paths) {
      return
    }
    const legs = []
    if (i === 0) {
      legs.push(leg(paths[0], begun, ''), leg(paths[1], begun + LEG, ''))
    }
    const out = attempt.kind === 'hedge' ? Math.max(begun + 2 * LEG, turn - LEG / 2) : turn
    legs.push(leg(paths[2], out, attempt.kind === 'hedge' ? 'hedge' : ''))
    const back = out + LEG + stay((attempt.end ?? call.ms) - attempt.start)
    if (attempt.won) {
      legs.push(leg(paths[2], back, 'back', true), leg(paths[1], back + LEG, 'back', true), leg(paths[0], back + 2 * LEG, 'back', true))
    } else if (attempt.failed) {
      legs.push(leg(paths[2], back, 'failed', true))
    }
    turn = back + (attempt.failed ? LEG : 0)
    dots.push({legs, circle: null})
  })
}

const leg = (path, from, look, backwards = false) => ({path, from, look, backwards})

function step(now) {
  const layer = dotLayer()
  for (let i = dots.length - 1; i >= 0; i--) {
    if (!move(dots[i], now, layer)) {
      dots[i].circle?.remove()
      dots.splice(i, 1)
    }
  }
  running = dots.length > 0
  if (running) {
    requestAnimationFrame(step)
  }
}

/** Returns whether the dot is still on its way. */
function move(dot, now, layer) {
  if (now < dot.legs[0].from) {
    return true
  }
  const current = dot.legs.findLast(each => each.from <= now)
  const part = Math.min(1, (now - current.from) / LEG)
  if (part === 1 && current === dot.legs.at(-1) || !current.path.isConnected) {
    return false
  }
  const at = current.path.getPointAtLength(current.path.getTotalLength() * (current.backwards ? 1 - part : part))
  if (!dot.circle) {
    dot.circle = svg('circle', {r: 5.5})
  }
  if (dot.circle.parentNode !== layer) {
    layer.append(dot.circle)
  }
  dot.circle.setAttribute('cx', at.x)
  dot.circle.setAttribute('cy', at.y)
  dot.circle.setAttribute('class', 'dot ' + current.look)
  return true
}
