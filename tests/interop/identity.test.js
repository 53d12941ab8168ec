// Tokens of an identity provider: which are taken, and what is said about those that are not.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Raw } from "./support/raw.js"
import { Server, run } from "./support/server.js"

const ISSUER = "https://login.example.dk"
const AUDIENCE = "dagsorden"
const keys = mkdtempSync(join(tmpdir(), "dagsorden-keys-"))
after(() => rmSync(keys, { recursive: true, force: true }))

const ed = generateKeyPairSync("ed25519")
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
const other = generateKeyPairSync("ed25519")
const pem = pair => pair.publicKey.export({ type: "spki", format: "pem" })

function file(name, content) {
  writeFileSync(join(keys, name), content)
  return join(keys, name)
}

const encoded = value => Buffer.from(JSON.stringify(value)).toString("base64url")
const seconds = () => Math.floor(Date.now() / 1_000)
const claims = more => ({
  sub: "sofie", name: "Sofie Krog", iss: ISSUER, aud: AUDIENCE, exp: seconds() + 600, jti: randomUUID(), ...more,
})

function token(header, body, signer) {
  const text = `${encoded({ typ: "JWT", ...header })}.${encoded(body)}`
  return `${text}.${signer(text).toString("base64url")}`
}

const byEd = (pair = ed) => text => sign(null, Buffer.from(text), pair.privateKey)
const byRsa = text => sign("sha256", Buffer.from(text), rsa.privateKey)
const eddsa = (more, header) => token({ alg: "EdDSA", ...header }, claims(more), byEd())
const bearer = value => ({ headers: { authorization: `Bearer ${value}`, "accept-language": "en" } })

const configured = (...key) => ["--jwt-issuer", ISSUER, "--jwt-audience", AUDIENCE, ...key]

async function started(t, ...key) {
  const server = await Server.start(configured(...key))
  t.after(() => server.dispose())
  return server
}

async function refuses(server, value, reason) {
  const answer = await server.fetch("/api/me", bearer(value))
  assert.equal(answer.status, 401, reason.source)
  assert.match(answer.headers.get("content-type"), /^application\/problem\+json/)
  const problem = await answer.json()
  assert.equal(problem.status, 401)
  assert.match(problem.detail, /Sign in/)
  assert.equal(problem.request_id, answer.headers.get("x-request-id"))
  assert.match(`${problem.type} ${problem.detail}`, reason)
}

test("EdDSA by PEM: good tokens are taken, all others are 401 with what to do", async t => {
  const server = await started(t, "--jwt-key", file("ed.pem", pem(ed)))
  const answer = await server.fetch("/api/me", bearer(eddsa()))
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), { user: "sofie", name: "Sofie Krog", demo: false, forums: [] })
  assert.equal((await server.fetch("/api/me", bearer(eddsa({ aud: ["x", AUDIENCE] })))).status, 200)
  const confused = text => createHmac("sha256", pem(ed)).update(text).digest()
  for (const [value, reason] of [
    [token({ alg: "HS256" }, claims(), confused), /bad-token/],
    [token({ alg: "none" }, claims(), () => Buffer.alloc(0)), /bad-token/],
    [token({ alg: "RS256" }, claims(), byRsa), /bad-token/],
    [token({ alg: "EdDSA" }, claims(), byEd(other)), /InvalidSignature/],
    [eddsa({ iss: "https://evil.example" }), /InvalidIssuer/],
    [eddsa({ aud: "another" }), /InvalidAudience/],
    [eddsa({ exp: seconds() - 120 }), /problems\/expired/],
    [eddsa({ exp: undefined }), /exp/],
    [eddsa({ nbf: seconds() + 600 }), /ImmatureSignature/],
    [eddsa({ sub: undefined }), /sub/],
    [eddsa({ sub: "" }), /bad-token/],
    [eddsa({ note: "x".repeat(9_000) }), /too long/],
    [`${eddsa().slice(0, -6)}AAAAAA`, /bad-token/],
    ["not.a.token", /bad-token/],
    ["", /signed-in|bad-token/],
  ]) await refuses(server, value, reason)
  assert.equal((await server.fetch("/api/me")).status, 401)
  assert.equal((await server.fetch("/api/demo/people")).status, 404, "no demonstration here")
})

test("RS256 by PEM", async t => {
  const server = await started(t, "--jwt-algorithm", "rs256", "--jwt-key", file("rsa.pem", pem(rsa)))
  assert.equal((await server.fetch("/api/me", bearer(token({ alg: "RS256" }, claims(), byRsa)))).status, 200)
  await refuses(server, eddsa(), /bad-token/)
  const confused = text => createHmac("sha256", pem(rsa)).update(text).digest()
  await refuses(server, token({ alg: "HS256" }, claims(), confused), /bad-token/)
})

test("JWKS: the key is found by its kid", async t => {
  const jwk = (pair, kid) => ({ ...pair.publicKey.export({ format: "jwk" }), kid, use: "sig" })
  const set = { keys: [jwk(ed, "first"), jwk(other, "second")] }
  const server = await started(t, "--jwks", file("keys.json", JSON.stringify(set)))
  assert.equal((await server.fetch("/api/me", bearer(eddsa({}, { kid: "first" })))).status, 200)
  const second = token({ alg: "EdDSA", kid: "second" }, claims(), byEd(other))
  assert.equal((await server.fetch("/api/me", bearer(second))).status, 200)
  await refuses(server, eddsa({}, { kid: "second" }), /InvalidSignature/)
  await refuses(server, eddsa({}, { kid: "third" }), /not known/)
  await refuses(server, eddsa(), /not known/)
})

test("a token becomes a cookie, and a cookie needs the site's own Origin", async t => {
  const server = await started(t, "--jwt-key", file("ed.pem", pem(ed)))
  const origin = server.origin
  const signedIn = await server.fetch("/api/session", { method: "POST", headers: { ...bearer(eddsa()).headers, origin } })
  assert.equal(signedIn.status, 204)
  const set = signedIn.headers.get("set-cookie")
  assert.match(set, /HttpOnly/)
  assert.match(set, /SameSite=Strict/)
  const cookie = set.split(";")[0]
  assert.equal((await (await server.fetch("/api/me", { headers: { cookie } })).json()).user, "sofie")
  for (const headers of [{ cookie }, { cookie, origin: "https://evil.example" }, { cookie, origin: "null" }]) {
    const answer = await server.fetch("/api/session", { method: "DELETE", headers })
    assert.equal(answer.status, 403)
    assert.equal((await answer.json()).type, "/problems/foreign-origin")
  }
  const out = await server.fetch("/api/session", { method: "DELETE", headers: { cookie, origin } })
  assert.equal(out.status, 204)
  assert.match(out.headers.get("set-cookie"), /Max-Age=0/)
})

test("sockets and streams last as long as the session behind them", async t => {
  const data = mkdtempSync(join(tmpdir(), "dagsorden-"))
  assert.equal(run("found", "--data", data, "--name", "Chefforum", "--user", "sofie", "--user-name", "Sofie").code, 0)
  const server = await Server.start(configured("--jwt-key", file("ed.pem", pem(ed))), data)
  t.after(() => server.dispose())
  const as = async (value, method, path, body) => {
    const headers = { ...bearer(value).headers, "content-type": "application/json" }
    const answer = await server.fetch(path, { method, headers, body: body && JSON.stringify(body) })
    assert.ok(answer.ok, `${path}: ${answer.status}`)
    return await answer.json()
  }
  const long = eddsa()
  const { forums: [forum] } = await as(long, "GET", "/api/me")
  const details = { id: randomUUID(), date: "2027-03-03", time: "09:00", place: "" }
  const { meeting } = await as(long, "POST", `/api/forums/${forum.id}/meetings`, details)
  const command = { type: "add_item", title: "Sag", journal_number: null, minutes: null }
  await as(long, "POST", `/api/meetings/${meeting}/commands`, { id: randomUUID(), command })
  const { items: [item] } = await as(long, "GET", `/api/meetings/${meeting}`)
  const short = eddsa({ exp: seconds() + 2 })
  const open = async value => {
    const { url } = await as(value, "POST", `/api/documents/${item.documents.case}/ticket`)
    return await Raw.open(`ws://${server.host}${url}`, randomUUID())
  }
  const [ends, stays] = [await open(short), await open(long)]
  const stream = await server.fetch(`/api/meetings/${meeting}/events`, bearer(short))
  const close = await ends.closed
  await stream.text()
  assert.deepEqual(close, { code: 4401, reason: "the session has expired" })
  assert.equal(stays.socket.readyState, 1)
  stays.close()
})

test("what would let anyone in does not start, and says why", () => {
  const data = join(keys, "data")
  const demo = run("serve", "--demo", "--data", data, "--listen", "0.0.0.0:0")
  assert.equal(demo.code, 1)
  assert.match(demo.err, /lets anyone be anyone, so it only runs on loopback.*leave out --demo/)
  const nobody = run("serve", "--data", data, "--listen", "127.0.0.1:0")
  assert.equal(nobody.code, 1)
  assert.match(nobody.err, /nobody could sign in: give --jwt-key/)
  const half = run("serve", "--data", data, "--listen", "127.0.0.1:0", "--jwt-key", file("ed.pem", pem(ed)))
  assert.match(half.err, /needs --jwt-issuer and --jwt-audience/)
  const broken = run("serve", "--data", data, "--listen", "127.0.0.1:0", ...configured("--jwt-key", file("x.pem", "x")))
  assert.match(broken.err, /holds no usable key/)
})
