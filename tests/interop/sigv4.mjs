// Signs the requests of sigv4.cpp, from its standard output, by @smithy/signature-v4, and compares.
import { createHash, createHmac } from 'node:crypto'
import { createInterface } from 'node:readline'
import { SignatureV4 } from '@smithy/signature-v4'

class Sha256 {
  constructor(key) { this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key) }
  update(data) { this.hash.update(data) }
  async digest() { return new Uint8Array(this.hash.digest()) }
}
const signature = text => /Signature=([0-9a-f]{64})/.exec(text)[1]

let requests = 0, different = 0
for await (const line of createInterface({ input: process.stdin })) {
  const r = JSON.parse(line)
  const query = {}
  for (const [name, value] of r.query) query[name] = name in query ? [query[name], value].flat() : value
  const request = () => ({
    method: r.method, protocol: 'https:', hostname: r.host, path: r.path, query: { ...query },
    headers: { host: r.host, ...Object.fromEntries(r.headers) }, body: r.body === '' ? undefined : r.body,
  })
  const s3 = r.service === 's3'
  const signer = new SignatureV4({
    service: r.service, region: r.region, sha256: Sha256, uriEscapePath: !s3, applyChecksum: s3,
    credentials: { accessKeyId: r.id, secretAccessKey: r.key, sessionToken: r.token || undefined },
  })
  const signingDate = new Date(r.time)
  const signed = await signer.sign(request(), { signingDate })
  // What S3 does not sign of the body of a presigned request is said by this header.
  const before = request()
  if (s3) before.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
  const presigned = await signer.presign(before, {
    signingDate, expiresIn: r.lifetime, unsignableHeaders: new Set(['x-amz-content-sha256']),
    unhoistableHeaders: new Set(['x-amz-content-sha256', ...r.headers.map(([name]) => name.toLowerCase())]),
  })
  ++requests
  const headers = signature(signed.headers.authorization) === signature(r.authorization)
  const url = presigned.query['X-Amz-Signature'] === signature(r.url)
  if (headers && url) continue
  if (++different <= 5) console.error(headers ? 'presigned' : 'headers', line, signed.headers.authorization, presigned.query)
}
console.log(`${requests} requests, ${different} signed differently`)
process.exit(requests > 0 && different === 0 ? 0 : 1)
