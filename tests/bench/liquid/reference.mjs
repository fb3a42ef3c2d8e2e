// SPDX-License-Identifier: GPL-3.0-or-later
// reference.mjs TEMPLATE DATA COUNT [OUT]: as liquid_bench, by liquidjs.
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'
process.env.TZ = 'UTC'
const { Liquid } = createRequire(process.env.LIQUIDJS + '/')('liquidjs')
const [source, json, count, target] = process.argv.slice(2)
const data = JSON.parse(readFileSync(json, 'utf8'))
const engine = new Liquid()
const template = engine.parse(readFileSync(source, 'utf8'))
let out = ''
for (let i = 0; i < count / 2; i++) out = engine.renderSync(template, data)
const start = process.hrtime.bigint()
for (let i = 0; i < count; i++) out = engine.renderSync(template, data)
console.log(Number(process.hrtime.bigint() - start) / count)
if (target) writeFileSync(target, out)
