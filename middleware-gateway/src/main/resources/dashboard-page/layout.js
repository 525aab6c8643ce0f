// Where the parts of the picture are: columns from left to right where there is room, else rows from top to bottom.
import {t} from './texts.js'

const NARROW = 560
/** Node widths of instances, gateways, and the others, by the least width of the picture. */
const SIZES = [[901, 230, 178, 112], [700, 190, 132, 84], [0, 180, 124, 84]]
const GAP = 12

/** Returns the places of nodes, groups and edges, in pixels. */
export function layout(picture, width) {
  return width < NARROW ? rows(picture, width) : columns(picture, width)
}

const keyOf = instance => instance.service + '/' + instance.id

/** Returns the instances by service and pool, in the order of the picture. */
function pools(picture) {
  const services = new Set(picture.instances.map(each => each.service))
  const groups = new Map()
  for (const each of picture.instances) {
    const key = each.service + '/' + each.pool
    if (!groups.has(key)) {
      const pool = t(each.pool)
      groups.set(key, {name: services.size > 1 ? t('poolOf', {service: each.service, pool}) : pool, instances: []})
    }
    groups.get(key).instances.push(each)
  }
  return [...groups.values()]
}

function columns(picture, width) {
  const [, instanceWidth, gatewayWidth, smallWidth] = SIZES.find(([least]) => width >= least)
  const height = Math.max(46, 17 * picture.gateways.length + 12)
  const nodes = []
  const groups = []
  let y = 8
  for (const pool of pools(picture)) {
    const top = y
    y += 26
    for (const instance of pool.instances) {
      nodes.push(node('instance', keyOf(instance), instance.id, width - instanceWidth - 14, y, instanceWidth, height, true))
      y += height + GAP
    }
    groups.push({name: pool.name, x: width - instanceWidth - 26, y: top, width: instanceWidth + 24, height: y - top - GAP + 12})
    y += 16
  }
  const gatewayGap = 26
  const gatewaysHeight = picture.gateways.length * (54 + gatewayGap) - gatewayGap
  const total = Math.max(y, gatewaysHeight + 40, 170)
  const middle = total / 2
  const left = 4 + smallWidth
  const between = (width - instanceWidth - 26 - gatewayWidth - 2 * smallWidth - 4) / 3
  const nginxX = left + between * 0.75
  const gatewayX = nginxX + smallWidth + between * 0.95
  nodes.push(node('callers', 'callers', t('callers'), 4, middle - 27, smallWidth, 54))
  nodes.push(node('nginx', 'nginx', t('nginx'), nginxX, middle - 27, smallWidth, 54))
  picture.gateways.forEach((gateway, i) => nodes.push(node('gateway', gateway.id, gateway.id,
    gatewayX, middle - gatewaysHeight / 2 + i * (54 + gatewayGap), gatewayWidth, 54, true)))
  return {width, height: Math.ceil(total + 8), nodes, groups, edges: edges(picture, nodes, across)}
}

function rows(picture, width) {
  const nodes = [node('callers', 'callers', t('callers'), width / 2 - 55, 6, 110, 46), node('nginx', 'nginx', t('nginx'), width / 2 - 55, 92, 110, 46)]
  const groups = []
  const many = Math.max(1, picture.gateways.length)
  const perRow = Math.min(many, Math.max(1, Math.floor(width / 128)))
  const gatewayWidth = (width - 8 - (perRow - 1) * 10) / perRow
  picture.gateways.forEach((gateway, i) => nodes.push(node('gateway', gateway.id, gateway.id,
    4 + i % perRow * (gatewayWidth + 10), 190 + Math.floor(i / perRow) * 64, gatewayWidth, 50, true)))
  let y = 190 + Math.ceil(many / perRow) * 64 + 44
  for (const pool of pools(picture)) {
    const top = y
    y += 26
    const instanceWidth = (width - 34) / 2
    pool.instances.forEach((instance, i) => nodes.push(node('instance', keyOf(instance), instance.id,
      12 + i % 2 * (instanceWidth + 10), y + Math.floor(i / 2) * 60, instanceWidth, 50, true)))
    y += Math.ceil(pool.instances.length / 2) * 60
    groups.push({name: pool.name, x: 2, y: top, width: width - 4, height: y - top})
    y += 14
  }
  return {width, height: y, nodes, groups, edges: edges(picture, nodes, down)}
}

const node = (kind, key, name, x, y, width, height, marked = false) => ({kind, key, name, x, y, width, height, marked})

function edges(picture, nodes, connect) {
  const at = key => nodes.find(each => each.key === key)
  const result = [connect('nginx', at('callers'), at('nginx'), 0, 1, true)]
  picture.gateways.forEach((gateway, g) => {
    result.push(connect('nginx>' + gateway.id, at('nginx'), at(gateway.id), 0, 1, true))
    picture.instances.forEach(instance => result.push(connect(gateway.id + '>' + keyOf(instance),
      at(gateway.id), at(keyOf(instance)), g, picture.gateways.length, false)))
  })
  return result
}

/** From left to right. Edges of several gateways end below each other, so that their rates can be read. */
function across(key, from, to, index, count, early) {
  const x1 = from.x + from.width
  const y1 = from.y + from.height / 2
  const x2 = to.x
  const y2 = to.y + to.height / 2 + (index - (count - 1) / 2) * 17
  const bend = (x2 - x1) / 2
  return {key, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, anchor: early ? 'middle' : 'end',
    labelX: early ? (x1 + x2) / 2 : x2 - 16, labelY: early ? (y1 + y2) / 2 - 10 : y2 - 4}
}

/** From top to bottom. Rates of instances are on the instances there: below each other is no room. */
function down(key, from, to, index, count, early) {
  const x1 = from.x + from.width / 2
  const y1 = from.y + from.height
  const x2 = to.x + to.width / 2 + (index - (count - 1) / 2) * 14
  const y2 = to.y
  const bend = (y2 - y1) / 2
  return {key, d: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, anchor: 'start',
    labelX: early ? (x1 + x2) / 2 + 6 : -1000, labelY: (y1 + y2) / 2 + 4}
}
