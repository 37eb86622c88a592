// A provider for tests: oidc-provider on the loopback interface, with a clock that can be set ahead.
//
// It reads one line of JSON from stdin, {"clients": [...]} (RFC 7591), answers with a line
// {"issuer": URL} on stdout, and ends when stdin does. POST /clock with a number of seconds moves
// its time on, so that tests need not wait until something expires.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";

let ahead = 0;
const realNow = Date.now;
Date.now = () => realNow() + ahead * 1000;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const signingKey = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" };

const lines = createInterface({ input: process.stdin });
const first = (await lines[Symbol.asyncIterator]().next()).value;
process.stdin.on("close", () => process.exit(0));

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: JSON.parse(first).clients,
    jwks: { keys: [signingKey] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    features: {
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      devInteractions: { enabled: true },
    },
    scopes: ["openid", "offline_access", "users:read", "users:write"],
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: true,
    ttl: { AccessToken: 600, AuthorizationCode: 60, ClientCredentials: 600, RefreshToken: 3600 },
    pkce: { required: () => true },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url !== "/clock") {
      answer(request, response);
      return;
    }

    request.on("data", (seconds) => { ahead += Number(seconds); });
    request.on("end", () => response.end());
  });
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
