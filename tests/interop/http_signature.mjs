// Verifies the messages of http_signature.cpp, from its standard output, by http-message-signatures; prints each again, signed by
// that as "theirs" over the same components.
import { constants, createPublicKey, createPrivateKey, sign } from 'node:crypto'
import { createInterface } from 'node:readline'
import { createSigner, createVerifier, httpbis } from 'http-message-signatures'

let messages = 0, wrong = 0
for await (const line of createInterface({ input: process.stdin })) {
  const said = JSON.parse(line)
  const target = said.response ?? said.request, bound = said.response ? [said.request] : []
  const key = said.key ?? createPublicKey({ key: said.jwk, format: 'jwk' })
  const verify = createVerifier(key, said.alg)
  ++messages
  try {
    const good = await httpbis.verifyMessage({ keyLookup: async () => ({ algs: [said.alg], verify }), all: true, tolerance: 5 }, target, ...bound)
    if (good !== true) throw new Error('not verified')
  } catch (why) {
    if (++wrong <= 5) console.error(String(why), line)
  }
  const own = said.key ?? createPrivateKey({ key: said.private, format: 'jwk' })
  const signer = createSigner(own, said.alg, 'theirs')
  // The package takes the longest salt that there is room for; RFC 9421 section 3.3.1 says 64 bytes.
  if (said.alg === 'rsa-pss-sha512')
    signer.sign = async text => sign('sha512', text, { key: own, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 })
  const fields = said.components.split(/ (?=(?:[^"]*"[^"]*")*[^"]*$)/).filter(one => one !== '')
    .map(one => one.includes(';') ? `"${one.slice(0, one.indexOf(';'))}"${one.slice(one.indexOf(';'))}` : one)
  const signed = await httpbis.signMessage({ key: signer, name: 'theirs', fields }, target, ...bound)
  if (said.response) said.response = signed
  else said.request = signed
  delete said.private
  console.log(JSON.stringify(said))
}
console.error(`${messages} messages, ${wrong} not verified`)
process.exit(messages > 0 && wrong === 0 ? 0 : 1)
