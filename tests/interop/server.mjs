// Authorization servers and MCP servers that nobody here wrote: oidc-provider, and the reference SDK's server behind it.
// Usage: node server.mjs EVENTS   Prints one line of JSON with the URLs when they listen; ends with its standard input.
// EVENTS gets one line of JSON for each thing that happened.
//
// `plain`: bearer tokens. `bound`: tokens bound to a key, with a nonce required everywhere, and authorization requests
// that must be pushed. `legacy`: bearer tokens, and the older wire, HTTP with SSE. `socket`: bearer tokens, in the handshake of a
// WebSocket, which is closed when its token ends. Refresh tokens rotate, and the use of a replaced one revokes the whole grant.
// The page approves at once.
// `certified`, where INTEROP_TLS names a folder with certificates: over TLS, and tokens are bound to the certificate that the client
// showed (RFC 8705); clients post to another port than the issuer's.
// `ISSUER/control/lifetime?seconds=N` (of tokens), `/control/latency?ms=N` (of the token endpoint), `/control/deny?next=N`
// (people say no N times), `/control/forget?client=ID`, `/control/enter?code=USER_CODE&ms=N` (somebody enters a code after that time).
import { appendFileSync, readFileSync } from "node:fs";
import { X509Certificate, createHash, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:https";
import express from "express";
import * as jose from "jose";
import Provider from "oidc-provider";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { WebSocketServer } from "ws";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema, isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from "@modelcontextprotocol/sdk/server/auth/router.js";

const scopes = ["notes:read", "notes:write"];
// All that Basic has to encode (RFC 6749 §2.3.1).
const robot = { id: "robot:1+1", secret: "s%41:e+c r/e?t=&#@\"'\\~" };

const started = Date.now();
const note = (at, event, more = {}) =>
    appendFileSync(process.argv[2], JSON.stringify({ ms: Date.now() - started, at, event, ...more }) + "\n");
const tls_folder = process.env.INTEROP_TLS;
const pem = (file) => readFileSync(`${tls_folder}/${file}`);
// Whoever shows a certificate may come in: what it is good for is looked at by those who need one.
const with_tls = (app) => createServer({ key: pem("here.key"), cert: pem("here.pem"), ca: pem("ours.pem"), requestCert: true, rejectUnauthorized: false }, app);
const listen = (app) => new Promise((done) => { const server = app.listen(0, "127.0.0.1", () => done(server)); });
const origin_of = (server) => `${server.setSecureContext ? "https" : "http"}://127.0.0.1:${server.address().port}`;
const certificate_of = (socket) => socket.getPeerX509Certificate?.();
const name_of = (socket) => certificate_of(socket)?.subject ?? null;
const thumbprint_of = (socket) => {
    const certificate = certificate_of(socket);
    return certificate && createHash("sha256").update(certificate.raw).digest("base64url");
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Known by the certificate's name, and by the certificate itself.
function clients_with_certificates() {
    const one = { grant_types: ["client_credentials"], response_types: [], redirect_uris: [], tls_client_certificate_bound_access_tokens: true };
    const lone = new X509Certificate(pem("lone.pem"));
    return [
        { ...one, client_id: "by-name", token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=me" },
        { ...one, client_id: "by-key", token_endpoint_auth_method: "self_signed_tls_client_auth",
          jwks: { keys: [{ ...lone.publicKey.export({ format: "jwk" }), x5c: [lone.raw.toString("base64")] }] } },
    ];
}

function authorization_server(name, issuer, resource, bound, posts_to) {
    const control = { lifetime: 60, latency: 0, deny: 0 };
    const certified = posts_to !== undefined;
    const provider = new Provider(issuer, {
        clients: [{
            client_id: robot.id, client_secret: robot.secret, token_endpoint_auth_method: "client_secret_basic",
            grant_types: ["client_credentials"], response_types: [], redirect_uris: [],
        }, ...certified ? clients_with_certificates() : []],
        clientAuthMethods: ["client_secret_basic", "none", ...certified ? ["tls_client_auth", "self_signed_tls_client_auth"] : []],
        discovery: certified ? { mtls_endpoint_aliases: { token_endpoint: `${posts_to}/token`, revocation_endpoint: `${posts_to}/token/revocation` } } : {},
        scopes: ["offline_access", ...scopes],
        cookies: { keys: [randomBytes(16).toString("hex")] },
        conformIdTokenClaims: false,
        findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
        interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
        rotateRefreshToken: true,
        ttl: { AccessToken: () => control.lifetime, ClientCredentials: () => control.lifetime },
        features: {
            devInteractions: { enabled: false },
            registration: { enabled: true },
            revocation: { enabled: true },
            clientCredentials: { enabled: true },
            deviceFlow: { enabled: true },
            pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: bound },
            dPoP: bound ? { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true } : { enabled: false },
            mTLS: certified ? {
                enabled: true, certificateBoundAccessTokens: true, selfSignedTlsClientAuth: true, tlsClientAuth: true,
                getCertificate: (ctx) => certificate_of(ctx.socket)?.toString(),
                certificateAuthorized: (ctx) => ctx.socket.authorized,
                certificateSubjectMatches: (ctx, property, expected) => property === "tls_client_auth_subject_dn" && name_of(ctx.socket) === expected,
            } : { enabled: false },
            resourceIndicators: {
                enabled: true,
                getResourceServerInfo: (ctx, indicator) => {
                    if (indicator !== resource) throw new Error(`no token is given for ${indicator}`);
                    return { scope: scopes.join(" "), accessTokenTTL: control.lifetime, accessTokenFormat: "opaque" };
                },
            },
        },
    });
    provider.use(async (ctx, next) => {
        const is_token = ctx.path === "/token" && ctx.method === "POST";
        if (is_token) await sleep(control.latency);
        if (certified) note(name, "reached", { path: ctx.path, by: ctx.socket.localPort === Number(new URL(posts_to).port) ? "alias" : "issuer", certificate: name_of(ctx.socket) });
        await next();
        if (ctx.path === "/request" || ctx.path === "/device/auth")
            note(name, ctx.path === "/request" ? "pushed" : "codes", { status: ctx.status, error: ctx.body?.error, proof: ctx.headers.dpop !== undefined });
        if (is_token || ctx.path === "/token/revocation") {
            const { grant_type, token_type_hint } = ctx.oidc?.params ?? {};
            note(name, is_token ? "token" : "revocation", {
                status: ctx.status, grant_type, token_type_hint, error: ctx.body?.error, client: ctx.oidc?.client?.clientId,
                basic: ctx.headers.authorization !== undefined, proof: ctx.headers.dpop !== undefined,
            });
        }
    });
    provider.on("registration_create.success", (ctx, client) => note(name, "registered", { client: client.clientId, application_type: client.applicationType }));
    provider.on("authorization.success", (ctx) => note(name, "authorized", { scope: ctx.oidc.params.scope, resource: ctx.oidc.params.resource }));
    provider.on("grant.revoked", (ctx, id) => note(name, "grant_revoked", { path: ctx.path }));
    for (const kind of ["registration_create", "authorization", "grant", "revocation"])
        provider.on(`${kind}.error`, (ctx, error) => note(name, `${kind}_error`, { error: error.error, words: error.error_description, detail: error.error_detail }));
    provider.on("server_error", (ctx, error) => note(name, "server_error", { words: String(error.stack) }));

    const app = express();
    app.get("/interaction/:uid", async (request, answer, next) => {
        try {
            const { prompt, params, session, grantId } = await provider.interactionDetails(request, answer);
            if (control.deny > 0) {
                --control.deny;
                return await provider.interactionFinished(request, answer, { error: "access_denied", error_description: "the user said no" });
            }
            if (prompt.name === "login")
                return await provider.interactionFinished(request, answer, { login: { accountId: "alice" } });
            const grant = (grantId && await provider.Grant.find(grantId)) ||
                new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
            grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
            for (const [indicator, missing] of Object.entries(prompt.details.missingResourceScopes ?? {}))
                grant.addResourceScope(indicator, missing.join(" "));
            await provider.interactionFinished(request, answer, { consent: { grantId: await grant.save() } });
        } catch (error) { next(error); }
    });
    async function enter(user_code) {
        const code = await provider.DeviceCode.findByUserCode(user_code.replaceAll("-", ""));
        if (control.deny > 0) {
            --control.deny;
            code.error = "access_denied";
        } else {
            const grant = new provider.Grant({ accountId: "alice", clientId: code.clientId });
            grant.addResourceScope(resource, code.params.scope);
            const at = Math.floor(Date.now() / 1000);
            Object.assign(code, { accountId: "alice", authTime: at, scope: code.params.scope, resource, grantId: await grant.save() });
        }
        await code.save();
    }
    app.get("/control/:what", async (request, answer) => {
        const { seconds, ms, next, client, code } = request.query;
        if (request.params.what === "enter") setTimeout(() => enter(code), Number(ms));
        if (request.params.what === "lifetime") control.lifetime = Number(seconds);
        if (request.params.what === "latency") control.latency = Number(ms);
        if (request.params.what === "deny") control.deny = Number(next);
        if (request.params.what === "forget") await provider.Client.adapter.destroy(client);
        answer.end("done\n");
    });
    app.use(provider.callback());
    return { app, provider };
}

function mcp_server(name, resource, issuer, provider, bound, certified) {
    const app = express();
    const resource_metadata = getOAuthProtectedResourceMetadataUrl(new URL(resource));
    app.use(mcpAuthMetadataRouter({
        oauthMetadata: { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, response_types_supported: ["code"] },
        resourceServerUrl: new URL(resource), scopesSupported: ["notes:read"],
    }));
    app.use(express.json());
    app.use((request, answer, next) => {
        answer.on("finish", () => note(name, "mcp", {
            status: answer.statusCode, method: request.method === "POST" ? request.body?.method : request.method,
            tool: request.body?.params?.name, scheme: request.headers.authorization?.split(" ")[0],
            ...certified ? { certificate: name_of(request.socket) } : {},
        }));
        next();
    });

    const find = async (token) =>
        await provider.AccessToken.find(token) ?? await provider.ClientCredentials.find(token);
    const verifier = {
        async verifyAccessToken(token) {
            const found = await find(token);
            if (!found) throw new InvalidTokenError("the token is not known here, or has expired");
            return { token, clientId: found.clientId, scopes: (found.scope ?? "").split(" "), expiresAt: found.exp, resource: new URL(found.aud) };
        },
    };
    const bearer = (needed) =>
        requireBearerAuth({ verifier, requiredScopes: [needed], resourceMetadataUrl: resource_metadata, expectedResource: new URL(resource) });

    // RFC 9449 §7 to §9.
    const nonce = randomUUID(), seen = new Set();
    const proof_of_possession = (needed) => async (request, answer, next) => {
        const refuse = (status, words) => answer.status(status)
            .set("WWW-Authenticate", `DPoP ${words}, algs="ES256", resource_metadata="${resource_metadata}"`).json({ words });
        const [scheme, token] = (request.headers.authorization ?? "").split(" ");
        if (scheme !== "DPoP") return refuse(401, `scope="${needed}"`);
        const found = await find(token);
        if (!found?.jkt || found.aud !== resource) return refuse(401, `error="invalid_token"`);
        try {
            const { payload, protectedHeader } = await jose.jwtVerify(request.headers.dpop, jose.EmbeddedJWK, { typ: "dpop+jwt", algorithms: ["ES256"] });
            const good = payload.htm === request.method && payload.htu === resource && !seen.has(payload.jti) &&
                payload.ath === createHash("sha256").update(token).digest("base64url") &&
                found.jkt === await jose.calculateJwkThumbprint(protectedHeader.jwk);
            seen.add(payload.jti);
            if (!good) return refuse(401, `error="invalid_dpop_proof"`);
            if (payload.nonce !== nonce) return answer.set("DPoP-Nonce", nonce), refuse(401, `error="use_dpop_nonce"`);
        } catch { return refuse(401, `error="invalid_dpop_proof"`); }
        if (!(found.scope ?? "").split(" ").includes(needed)) return refuse(403, `error="insufficient_scope", scope="${needed}"`);
        request.auth = await verifier.verifyAccessToken(token);
        next();
    };
    // RFC 8705 §3.
    const proof_of_certificate = (needed) => async (request, answer, next) => {
        const found = await find((request.headers.authorization ?? "").split(" ")[1]);
        if (found && (!found["x5t#S256"] || found["x5t#S256"] !== thumbprint_of(request.socket)))
            return answer.status(401).set("WWW-Authenticate", `Bearer error="invalid_token", resource_metadata="${resource_metadata}"`).end();
        return bearer(needed)(request, answer, next);
    };
    const guard = certified ? proof_of_certificate : bound ? proof_of_possession : bearer;
    const reads = guard("notes:read"), writes = guard("notes:write");
    const is_write = (body) => body?.method === "tools/call" && body.params?.name === "write";

    const sessions = new Map();
    const answer_with = (server) => {
        server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: ["whoami", "write"].map((tool) => ({ name: tool, inputSchema: { type: "object" } })) }));
        server.setRequestHandler(CallToolRequestSchema, (asked, { authInfo }) => ({ content: [{ type: "text", text: `${asked.params.name}: ${authInfo.scopes.join(" ")}` }] }));
        return server;
    };
    const read_or_write = (request, answer, next) => (is_write(request.body) ? writes : reads)(request, answer, next);
    app.get("/sse", reads, async (request, answer) => {
        const transport = new SSEServerTransport("/messages", answer);
        sessions.set(transport.sessionId, transport);
        answer.on("close", () => sessions.delete(transport.sessionId));
        note(name, "stream");
        await answer_with(new Server({ name, version: "1" }, { capabilities: { tools: {} } })).connect(transport);
    });
    app.post("/messages", read_or_write, async (request, answer) => {
        const transport = sessions.get(request.query.sessionId);
        if (!transport) return answer.status(404).end();
        await transport.handlePostMessage(request, answer, request.body);
    });
    app.all("/mcp", read_or_write, async (request, answer) => {
        let transport = sessions.get(request.headers["mcp-session-id"]);
        if (!transport && isInitializeRequest(request.body)) {
            transport = new StreamableHTTPServerTransport({
                sessionIdGenerator: () => randomUUID(),
                onsessioninitialized: (id) => sessions.set(id, transport),
                onsessionclosed: (id) => sessions.delete(id),
            });
            await answer_with(new Server({ name, version: "1" }, { capabilities: { tools: {} } })).connect(transport);
        }
        if (!transport) return answer.status(404).end();
        await transport.handleRequest(request, answer, request.body);
    });

    const sockets = new WebSocketServer({ noServer: true, maxPayload: 32 << 20 });
    const upgrade = async (request, socket, head) => {
        let auth;
        try {
            auth = await verifier.verifyAccessToken((request.headers.authorization ?? "").replace(/^Bearer /, ""));
        } catch { /* it is no token */ }
        note(name, "handshake", { status: auth ? 101 : 401 });
        if (!auth)
            return socket.end(`HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n` +
                `WWW-Authenticate: Bearer ${request.headers.authorization ? 'error="invalid_token", ' : ""}scope="notes:read", resource_metadata="${resource_metadata}"\r\n\r\n`);
        sockets.handleUpgrade(request, socket, head, (open) => {
            const transport = { start: async () => {}, close: async () => open.close(), send: async (message) => open.send(JSON.stringify(message)) };
            const end = setTimeout(() => open.close(1008, "the token has ended"), auth.expiresAt * 1000 - Date.now());
            open.on("message", (text) => transport.onmessage?.(JSON.parse(text), { authInfo: auth }));
            open.on("close", () => { clearTimeout(end); transport.onclose?.(); });
            answer_with(new Server({ name, version: "1" }, { capabilities: { tools: {} } })).connect(transport);
        });
    };
    return { app, upgrade };
}

const urls = { robot };
for (const [name, path, bound] of [["plain", "/mcp", false], ["bound", "/mcp", true], ["legacy", "/sse", false], ["socket", "/mcp", false]]) {
    // The ports have to be known before the servers can be told of each other.
    const late = [express(), express()], [issuing, serving] = await Promise.all(late.map(listen));
    const issuer = origin_of(issuing), resource = `${origin_of(serving)}${path}`;
    const { app, provider } = authorization_server(name, issuer, resource, bound);
    const served = mcp_server(name, resource, issuer, provider, bound);
    late[0].use(app);
    late[1].use(served.app);
    if (name === "socket") serving.on("upgrade", served.upgrade);
    urls[name] = { issuer, server: name === "socket" ? resource.replace("http", "ws") : resource };
}
if (tls_folder) {
    const late = [express(), express()], [issuing, posting, serving] = await Promise.all([late[0], late[0], late[1]].map((app) => listen(with_tls(app))));
    const issuer = origin_of(issuing), resource = `${origin_of(serving)}/mcp`;
    const { app, provider } = authorization_server("certified", issuer, resource, false, origin_of(posting));
    late[0].use(app);
    late[1].use(mcp_server("certified", resource, issuer, provider, false, true).app);
    urls.certified = { issuer, server: resource };
}
console.log(JSON.stringify(urls));
process.stdin.on("close", () => process.exit(0)).resume();
